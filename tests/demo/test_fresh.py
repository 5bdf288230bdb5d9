"""`demo --fresh` in a process and a data folder of its own: it deletes a database file."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def manage(folder, *arguments, **surroundings):
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    names = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "TESTING": "1", **surroundings}
    return subprocess.run(command, env=names, capture_output=True, text=True, check=False)


@pytest.mark.nightly
def test_fresh_replaces_the_example_and_its_passwords(tmp_path):
    manage(tmp_path, "migrate", "-v0")
    first = manage(tmp_path, "demo")

    second = manage(tmp_path, "demo", "--fresh")

    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.splitlines()[1].startswith("全部演示账号的密码")
    assert first.stdout.splitlines()[1] != second.stdout.splitlines()[1]
    assert second.stdout == manage(tmp_path, "demo").stdout


def test_fresh_keeps_a_database_that_lies_elsewhere(tmp_path):
    elsewhere, folder = tmp_path / "elsewhere.sqlite3", tmp_path / "data"
    where = {"DATABASE_URL": f"sqlite:///{elsewhere}"}
    assert manage(folder, "migrate", "-v0", **where).returncode == 0
    size = elsewhere.stat().st_size

    refused = manage(folder, "demo", "--fresh", **where)

    assert refused.returncode == 1
    assert "只能重建演示目录中的内置数据库" in refused.stderr
    assert elsewhere.stat().st_size == size
