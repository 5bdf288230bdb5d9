import os
import time

import pytest

from background import services as background
from files.models import files_root

pytestmark = pytest.mark.django_db


def test_an_abandoned_file_is_swept_after_a_day_and_a_fresh_one_stays():
    folder = files_root() / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    old, fresh = folder / ("ab" * 16), folder / ("ac" * 16)
    for path in (old, fresh):
        path.write_bytes(b"left by a killed process")
    yesterday = time.time() - 2 * 86_400
    os.utime(old, (yesterday, yesterday))

    background.run_tick("tasks.sweep_files")
    background.run_tick("tasks.sweep_files")

    assert (old.exists(), fresh.exists()) == (False, True)
    fresh.unlink()
