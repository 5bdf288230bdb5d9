"""Two schedulers, none for two hours, and a broker that is stopped, frozen or emptied while there is work.

The ordinary run has the schedulers; `make kills` has the broker too and prints the table of docs/reliability.md.
"""

import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from tests.e2e.processes import write_clock
from tests.reliability.machines import wait_for
from tests.reliability.morning import morning, prepare
from tests.reliability.table import note
from tests.reliability.worlds import MORNING

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BEFORE = MORNING - timedelta(minutes=6)  # 08:59: the report can be laid out, nobody is to be told anything yet
TWO_HOURS_LATER = MORNING + timedelta(hours=2)
OUTAGE = 20  # seconds
IN_HAND = 10  # seconds in which a worker has finished what it took before
SETTLED_WITHIN = 60
TWO_TICKS = 2 * 20 + 5  # reminders.write asks every 20 s; then the relay of mails, every 5 s
needs_a_broker = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="the embedded default has no broker to lose: its queue is a folder"
)


@pytest.fixture
def at_work(tmp_path, sink, mail_ready):
    """The prepared morning a minute before nine, with a sink that takes its mails."""
    expected = prepare()
    with morning(tmp_path, sink, expected, at=BEFORE) as world:
        yield world
    connections.close_all()


def is_quiet(world):
    """All that was asked for before nine is done, and nobody was told anything."""
    return not world.copy.rows("SELECT 1 FROM background_job WHERE state <> 'done'") and not world.inbox()


def let_nine_come_without(world):
    """The hour of the reminders comes while there is no broker, and they wait for it."""
    time.sleep(IN_HAND)
    write_clock(world.clock, MORNING)
    time.sleep(OUTAGE)
    assert not world.inbox()


def settle(world, what, *, within=SETTLED_WITHIN):
    try:
        seconds = wait_for(world.is_settled, f"settled after: {what}", within=within)
        world.check(kills=0)
    except AssertionError as failure:
        raise AssertionError(f"{what}: {failure}\n{world.machines.log()}") from failure
    note(connection.vendor, what, 1, 0, f"{seconds:.1f}", f"{seconds:.1f}", world.repeats())


def test_two_schedulers_and_two_workers_tell_everybody_once(at_work):
    write_clock(at_work.clock, MORNING)
    at_work.machines.start(beats=2, workers=2)

    settle(at_work, "two schedulers and two workers at once")


def test_two_hours_without_a_scheduler_are_made_up_for_within_two_ticks(at_work):
    at_work.machines.start()
    wait_for(lambda: is_quiet(at_work), "the report is laid out before nine")
    at_work.machines.kill()
    write_clock(at_work.clock, TWO_HOURS_LATER)
    at_work.machines.start()

    settle(at_work, "no scheduler from 8:59 to 11:05", within=TWO_TICKS)


@pytest.mark.nightly
@needs_a_broker
def test_a_broker_that_stops_and_comes_back(at_work):
    at_work.machines.start()
    wait_for(lambda: is_quiet(at_work), "the report is laid out before nine")
    at_work.machines.redis.stop()
    let_nine_come_without(at_work)
    at_work.machines.redis.start()

    settle(at_work, f"broker stopped for {IN_HAND + OUTAGE} s")


@pytest.mark.nightly
@needs_a_broker
def test_a_broker_that_hangs_and_goes_on(at_work):
    at_work.machines.start()
    wait_for(lambda: is_quiet(at_work), "the report is laid out before nine")
    at_work.machines.redis.freeze()
    let_nine_come_without(at_work)
    at_work.machines.redis.thaw()

    settle(at_work, f"broker frozen for {IN_HAND + OUTAGE} s")


@pytest.mark.nightly
@needs_a_broker
def test_a_broker_that_forgets_everything_again_and_again(at_work):
    write_clock(at_work.clock, MORNING)
    at_work.machines.start()
    until = time.monotonic() + OUTAGE
    while time.monotonic() < until:
        assert at_work.machines.redis.ask("FLUSHALL") == b"+OK"
        time.sleep(0.2)

    settle(at_work, f"broker emptied five times a second for {OUTAGE} s")
