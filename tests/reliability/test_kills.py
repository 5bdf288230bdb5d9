"""Worker and scheduler killed at every named place, on the embedded default and on PostgreSQL with Redis.

The ordinary run kills once at a place of each kind and lets the leases run out by hand; the nightly one kills twenty
times at every place and waits for them. `make kills` prints the table of docs/reliability.md.
"""

from __future__ import annotations

import signal
import statistics
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.reliability.machines import wait_for
from tests.reliability.morning import Morning, morning, prepare
from tests.reliability.table import note

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PLACES = (
    "job.claimed", "job.step:制表", "job.effect", "notice.before_write", "notice.written", "mail.claimed", "mail.sent",
    "beat.tick", "beat.published",
)  # fmt: skip
ONE_OF_EACH_KIND = ("notice.written", "mail.sent", "beat.published")  # jobs: tests/background/test_workers.py
TRIALS = 20
AT_ONCE = 10 if connection.vendor == "sqlite" else 5  # a world of PostgreSQL and Redis has five processes
SETTLED_WITHIN = 60  # seconds after the restart


@dataclass(frozen=True)
class Trial:
    kills: int
    seconds: float
    repeats: int


@pytest.fixture
def expected(mail_ready):
    return prepare()


@pytest.fixture
def killed(tmp_path, sink, expected):
    """Kills at a place and starts anew: gives what was measured, or raises AssertionError."""

    def kill(place: str, *, patient: bool) -> Trial:
        try:
            with morning(tmp_path, sink, expected) as at_work:
                return _kill(at_work, place, patient=patient)
        finally:
            connections.close_all()

    return kill


def _kill(at_work: Morning, place: str, *, patient: bool) -> Trial:
    machines, copy = at_work.machines, at_work.copy
    machines.start(FAILPOINTS=place)
    try:
        wait_for(copy.reached, f"{place} reached")
        wait_for(lambda: not _lives(_who_came(copy.failpoint_log)), "whoever came there is dead", within=10)
        codes = {process.poll() for process in machines.processes}
        machines.kill()
        assert codes <= {None, -signal.SIGKILL}  # None: it was a child of the worker, or the scheduler's worker
        assert set(copy.reached()) == {place}
        if not patient:
            at_work.let_leases_run_out()
        machines.start()
        seconds = wait_for(at_work.is_settled, f"settled after a kill at {place}")
        at_work.check(kills=len(copy.reached()))
    except AssertionError as failure:
        raise AssertionError(f"{place}: {failure}\n{machines.log()}") from failure
    return Trial(len(copy.reached()), seconds, at_work.repeats())


def _who_came(log: Path) -> int:
    return int(log.read_text().splitlines()[0].split()[1])


def _lives(pid: int) -> bool:
    """Not gone, and not a dead child its parent has not asked after."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("place", ONE_OF_EACH_KIND)
def test_what_a_kill_leaves_is_settled_by_the_next(killed, place):
    assert killed(place, patient=False).seconds <= SETTLED_WITHIN


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES)
def test_twenty_kills_at_every_place(killed, place):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        trials = list(pool.map(lambda _: killed(place, patient=True), range(TRIALS)))
    seconds = [trial.seconds for trial in trials]
    note(
        connection.vendor, place, len(trials), sum(trial.kills for trial in trials),
        f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}", sum(trial.repeats for trial in trials),
    )  # fmt: skip

    assert max(seconds) <= SETTLED_WITHIN
