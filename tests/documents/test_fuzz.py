"""A few seconds of damaged documents in every run, an hour of each kind before a release."""

import os
import subprocess
import sys

import pytest

from documents.child import ROOT
from tests.documents.fuzz import SEEDS, at_random

HOUR = 3600


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_documents_bring_out_nothing_but_refusals(kind):
    outcomes = at_random(kind, seconds=2.5, seed=29)

    assert outcomes["read"] > 0
    assert sum(outcomes.values()) > outcomes["read"]


@pytest.mark.release
@pytest.mark.parametrize("kind", SEEDS)
def test_an_hour_of_damaged_documents_brings_out_nothing_but_refusals(kind, tmp_path):
    """In a process of its own: a library that breaks may take it along."""
    command = [sys.executable, "-m", "tests.documents.fuzz", str(HOUR), kind]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr[-2000:]
