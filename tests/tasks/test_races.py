# ruff: noqa: B023 — race() has run its acts to the end before a loop goes on
"""Two people act on one row at the same moment, again and again: the outcome is always one that some order explains."""

from __future__ import annotations

import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from audit.models import AuditEvent
from calendars import clock
from tasks import services
from tasks.errors import Refused
from tasks.models import ProgressReport, ReportEvent, ReportingPeriod
from tests.tasks.world import OCTOBER, PROGRESS, World, local, make_october

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

TRIALS = 100
AFTER_DUE = local(2024, 10, 28, 9)


def race(*acts) -> list[Refused | None]:
    """Run the acts at once, each in a thread with a connection of its own; None for success, the refusal otherwise."""
    barrier, outcomes, crashes = threading.Barrier(len(acts)), [None] * len(acts), []

    def run(index: int) -> None:
        try:
            with clock.at(AFTER_DUE):
                connection.ensure_connection()
                barrier.wait(timeout=20)
                acts[index]()
        except Refused as refusal:
            outcomes[index] = refusal
        except BaseException as crash:
            crashes.append(crash)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if crashes:
        raise crashes[0]
    return outcomes


def winners(outcomes) -> tuple[int, ...]:
    return tuple(index for index, refusal in enumerate(outcomes) if refusal is None)


@pytest.fixture
def world() -> World:
    return make_october()


def state_of(report: ProgressReport) -> str:
    return ProgressReport.objects.values_list("state", flat=True).get(pk=report.pk)


def rewind(report: ProgressReport, filed: ProgressReport) -> ProgressReport:
    """Put a report and its period back to how they stood when `filed` was read."""
    columns = {
        field.attname: getattr(filed, field.attname) for field in filed._meta.concrete_fields if not field.primary_key
    }
    ProgressReport.objects.filter(pk=report.pk).update(**columns)
    ReportEvent.objects.filter(report=report).update(undone_by=None)
    ReportEvent.objects.filter(report=report).exclude(pk=filed.submission_id).delete()
    ReportingPeriod.objects.filter(pk=report.period_id).update(state="open", first_finalised_at=None, revision=0)
    others = ProgressReport.objects.filter(period=report.period_id).exclude(pk=report.pk)
    others.update(state="waived")  # they would lapse, and are not what is raced for
    return ProgressReport.objects.get(pk=report.pk)


def finalise(period: ReportingPeriod, by):
    with transaction.atomic():
        services.close_period(period, by=by)


def filed_report(world: World) -> ProgressReport:
    world.file(world.report("1", "省水利厅"))
    return world.report("1", "省水利厅")


def accept_against_return(world: World, trials: int) -> Counter:
    """Outcome of each trial as (winners, final state)."""
    filed, seen = filed_report(world), Counter()
    for _ in range(trials):
        one, other = rewind(filed, filed), rewind(filed, filed)
        outcomes = race(
            lambda: services.accept(one, by=world.staff, version=filed.version),
            lambda: services.return_report(other, by=world.colleague, version=filed.version, reason="口径不一致"),
        )
        seen[winners(outcomes), state_of(filed)] += 1
    return seen


def test_accept_against_return(world):
    seen = accept_against_return(world, TRIALS)

    assert seen.total() == TRIALS
    assert set(seen) <= {((0,), "accepted"), ((1,), "returned")}


def finalise_against(world: World, before: ProgressReport, act, trials: int) -> Counter:
    """Race `act` against finalising; (winners, report state, period state) of each trial."""
    seen = Counter()
    for _ in range(trials):
        report = rewind(before, before)
        period = report.period
        outcomes = race(lambda: finalise(period, world.staff), lambda: act(report))
        seen[winners(outcomes), state_of(report), ReportingPeriod.objects.get(pk=period.pk).state] += 1
    return seen


def submit_act(world: World):
    return lambda report: services.submit(report, by=world.liaisons["省水利厅"], version=report.version)


def drafted_report(world: World) -> ProgressReport:
    world.draft(world.report("1", "省水利厅"))
    return world.report("1", "省水利厅")


def test_finalise_against_submit(world):
    seen = finalise_against(world, drafted_report(world), submit_act(world), TRIALS)

    assert set(seen) <= {((0,), "lapsed", "finalised"), ((1,), "submitted", "open")}


def test_finalise_against_undo_of_an_acceptance(world):
    filed = filed_report(world)
    seen = Counter()
    for _ in range(TRIALS):
        report = rewind(filed, filed)
        event = world.accept(report)
        period = report.period
        outcomes = race(lambda: finalise(period, world.staff), lambda: services.undo(event, by=world.colleague))
        seen[winners(outcomes), state_of(report), ReportingPeriod.objects.get(pk=period.pk).state] += 1

    assert set(seen) <= {((0,), "accepted", "finalised"), ((1,), "submitted", "open")}


def test_finalise_against_withdraw(world):
    """Withdrawn first, the report is owed again and lapses; otherwise the month cannot be issued."""
    withdraw = lambda report: services.withdraw(report, by=world.liaisons["省水利厅"], version=report.version)  # noqa: E731
    seen = finalise_against(world, filed_report(world), withdraw, TRIALS)

    assert set(seen) <= {((1,), "draft", "open"), ((0, 1), "lapsed", "finalised")}


def test_unopening_against_a_first_draft(world):
    seen = Counter()
    period = world.periods["2024-10"]
    for _ in range(TRIALS):
        report = world.report("1", "省水利厅")
        liaison = world.liaisons["省水利厅"]
        outcomes = race(
            lambda: services.unopen_period(ReportingPeriod.objects.get(pk=period.pk), by=world.admin),
            lambda: services.save_draft(report, by=liaison, version=0, **PROGRESS),
        )
        rows = ProgressReport.objects.filter(period=period).count()
        seen[winners(outcomes), ReportingPeriod.objects.get(pk=period.pk).state, rows] += 1
        ReportEvent.objects.all().delete()
        if ReportingPeriod.objects.get(pk=period.pk).state == "open":
            services.unopen_period(period, by=world.admin)
        world.open(OCTOBER)

    assert set(seen) <= {((0,), "planned", 0), ((1,), "open", 3)}


def test_undoing_a_return_against_an_edit(world):
    filed = filed_report(world)
    liaison = world.liaisons["省水利厅"]
    seen = Counter()
    for _ in range(TRIALS):
        report = rewind(filed, filed)
        event = world.returned(report)
        edited = ProgressReport.objects.get(pk=report.pk)
        outcomes = race(
            lambda: services.undo(event, by=world.staff),
            lambda: services.save_draft(edited, by=liaison, version=edited.version, progress_text="改动"),
        )
        report.refresh_from_db()
        seen[winners(outcomes), report.state, report.progress_text == "改动"] += 1

    assert set(seen) <= {((0,), "submitted", False), ((1,), "returned", True)}


def optional_drafts_after_finalising(world: World, trials: int) -> int:
    """How often a first optional draft was created after the month had been issued, by the order of the trail."""
    item = world.plan.items.get(number="3")
    duty = services.assign(item, world.departments["省林业局"], role="cooperate", by=world.admin)
    period = world.periods["2024-10"]
    late = 0
    for _ in range(trials):
        ProgressReport.objects.filter(assignment=duty).delete()
        ProgressReport.objects.filter(period=period).update(state="waived")
        ReportingPeriod.objects.filter(pk=period.pk).update(state="open", first_finalised_at=None, revision=0)
        race(
            lambda: finalise(period, world.staff),
            lambda: services.start_optional(duty, period, by=world.liaisons["省林业局"]),
        )
        started = AuditEvent.objects.filter(action="report.started").order_by("sequence").last()
        closed = AuditEvent.objects.filter(action="period.finalised").order_by("sequence").last()
        exists = ProgressReport.objects.filter(assignment=duty).exists()
        late += exists and started.sequence > closed.sequence
    return late


def test_no_optional_draft_begins_after_finalising(world):
    assert optional_drafts_after_finalising(world, TRIALS) == 0


def test_without_their_defences_the_races_go_wrong(world, settings):
    """The negative control: were these trials unable to fail, the ones above would prove nothing."""
    if connection.vendor == "postgresql":
        settings.DEFENCES_OFF = frozenset({"period_lock", "version_check"})
        seen = accept_against_return(world, TRIALS)
        assert set(seen) - {((0,), "accepted"), ((1,), "returned")}
    else:
        settings.DEFENCES_OFF = frozenset({"state_check"})
        assert optional_drafts_after_finalising(world, TRIALS) > 0


def test_one_form_posted_twice_at_once_is_one_click(world):
    october, keys = world.periods[str(OCTOBER)], [uuid4() for _ in range(10)]
    for key in keys:

        def chase():
            services.chase(october, world.departments.values(), by=world.staff, channels=["inbox"], batch=key)

        def call():
            services.note_call(october, world.departments["省水利厅"], by=world.staff, batch=key)

        act = (chase, call)[key == keys[0]]
        assert race(act, act) == [None, None]
        assert ReportEvent.objects.filter(batch=key).count() == (1 if act is call else 3)
        with clock.at(AFTER_DUE):
            services.undo_chase(key, by=world.staff)
