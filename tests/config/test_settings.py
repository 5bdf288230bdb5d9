import os
import subprocess
import sys

import pytest
from django.db import connection

from config.env import BASE_DIR


def manage(tmp_path, *arguments, **variables):
    """A command as an administrator would give it: none of the test settings apply."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=clean | {"DATA_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
    )


def test_bad_setting_prints_one_line_and_no_trace(tmp_path):
    ended = manage(tmp_path, "check", PORT="many")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "配置错误：PORT 应为 1 至 65535 的整数，现在是“many”。\n"


def test_deploy_check_passes_with_https_and_fails_without(tmp_path):
    on = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", HTTPS="on")
    off = manage(tmp_path, "check", "--deploy", HTTPS="off")

    assert on.returncode == 0, on.stderr
    assert off.returncode == 1
    assert "config.E001" in off.stderr


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="settings of the built-in database")
def test_built_in_database_writes_ahead_and_survives_a_power_cut():
    with connection.cursor() as cursor:
        answers = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert answers == ["wal", 2]  # 2 is FULL
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="settings of PostgreSQL")
@pytest.mark.both_databases
def test_postgresql_gives_up_waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        assert cursor.fetchone() == ("15s", "3s")
