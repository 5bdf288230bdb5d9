import re
import shutil
import subprocess
import sys

import pytest

from config import env
from config.env import BASE_DIR

UNITS = sorted((BASE_DIR / "deploy").glob("*.service"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_is_well_formed(unit, tmp_path):
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/srv/workplan/.venv/bin/python", sys.executable))

    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)

    assert [line for line in verified.stderr.splitlines() if unit.name in line] == []


def test_there_is_a_unit_for_every_role():
    assert [unit.stem for unit in UNITS] == ["workplan-beat", "workplan-prepare", "workplan-web", "workplan-worker"]


def test_environment_file_is_accepted_once_filled_in(tmp_path):
    lines = re.findall(r"^(\w+)=(.*)$", (BASE_DIR / "deploy" / "workplan.env").read_text(), re.MULTILINE)
    filled = dict(lines) | {"DATA_DIR": str(tmp_path), "SECRET_KEY": "0f" * 32, "AUDIT_KEY": "f0" * 32}

    settings = env.read(filled)

    assert (settings.https, settings.trusted_proxies) == (True, 1)
    assert {name.lower() for name, _ in lines} <= set(env.Environment.__dataclass_fields__)
