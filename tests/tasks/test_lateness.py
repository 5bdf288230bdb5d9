"""Lateness: the hand-written table, and the queryset twin held to the Python rule."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from calendars import clock
from tasks import services
from tasks.lateness import days_late, days_overdue, with_lateness
from tasks.models import ProgressReport, ReportingPeriod
from tests.tasks.world import OCTOBER, SEPTEMBER, local, make_october, make_world

DUE = local(2024, 10, 25, 18)


@pytest.mark.parametrize(
    ("filed_at", "late"),
    [
        (local(2024, 10, 25, 17, 59), 0),
        (local(2024, 10, 25, 18, 1), 0),
        (local(2024, 10, 25, 23, 59), 0),
        (local(2024, 10, 26, 0, 0), 1),
        (local(2024, 10, 28, 9, 0), 3),
        (datetime(2024, 10, 25, 9, 59, tzinfo=UTC), 0),  # 17:59 in Hefei
        (datetime(2024, 10, 25, 10, 1, tzinfo=UTC), 0),  # 18:01
        (datetime(2024, 10, 25, 15, 59, tzinfo=UTC), 0),  # 23:59
        (datetime(2024, 10, 25, 16, 0, tzinfo=UTC), 1),  # the next day 00:00
        (local(2024, 10, 1, 9), 0),
        (None, 0),
    ],
)
def test_days_late_by_hand(filed_at, late):
    assert days_late(DUE, filed_at) == late


def test_an_owed_report_is_overdue_from_the_day_after():
    days = [days_overdue(DUE, on=DUE.date() + timedelta(days=step)) for step in (-1, 0, 1, 4)]
    assert days == [0, 0, 1, 4]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("story", "late"),
    [
        ("filed on the 27th, extended to the 28th", 0),
        ("filed on the 30th, extended to the 28th", 2),
        ("filed on the 24th, taken back, filed again on the 27th", 2),
        ("filed on the 24th, returned, filed again on the 28th", 0),
        ("filed on the 24th, returned, filed again and taken back, filed on the 29th", 0),
        ("backfill", 0),
    ],
)
def test_which_submission_counts(story, late):
    report = STORIES[story]()

    report.refresh_from_db()
    period = ReportingPeriod.objects.get(pk=report.period_id)
    assert days_late(report.due_at, report.first_submitted_at, is_backfill=period.is_backfill) == late
    assert with_lateness(ProgressReport.objects.filter(pk=report.pk)).get().late_by == timedelta(days=late)


def october():
    world = make_october()
    return world, world.report("1", "省水利厅")


def extended(filed_on):
    world, report = october()
    services.extend(report, due_at=local(2024, 10, 28, 18), reason="汛期", by=world.staff)
    return world.file(report, at=local(2024, 10, filed_on, 10))


def taken_back():
    world, report = october()
    world.file(report, at=local(2024, 10, 24, 10))
    services.withdraw(report, by=world.liaisons["省水利厅"], version=report.version)
    return world.file(report, at=local(2024, 10, 27, 10))


def returned(*, taken_back_too=False):
    world, report = october()
    world.file(report, at=local(2024, 10, 24, 10))
    world.returned(report, at=local(2024, 10, 24, 15))
    world.file(report, at=local(2024, 10, 28, 10))
    if taken_back_too:
        services.withdraw(report, by=world.liaisons["省水利厅"], version=report.version)
        world.file(report, at=local(2024, 10, 29, 10))
    return report


def backfill():
    world = make_world()
    with clock.at(local(2024, 10, 8, 9)):
        services.open_period(world.plan, SEPTEMBER, by=world.admin)
    return world.file(world.report("1", "省水利厅", SEPTEMBER), at=local(2024, 10, 22, 9))


STORIES = {
    "filed on the 27th, extended to the 28th": lambda: extended(27),
    "filed on the 30th, extended to the 28th": lambda: extended(30),
    "filed on the 24th, taken back, filed again on the 27th": taken_back,
    "filed on the 24th, returned, filed again on the 28th": returned,
    "filed on the 24th, returned, filed again and taken back, filed on the 29th": lambda: returned(taken_back_too=True),
    "backfill": backfill,
}


@pytest.mark.django_db
@pytest.mark.both_databases
def test_the_queryset_twin_agrees_on_random_cases():
    chance = random.Random(20241025)
    world = make_october()
    reports = list(world.periods["2024-10"].reports.all())
    for _ in range(200):
        report = chance.choice(reports)
        due = DUE + timedelta(minutes=chance.randrange(-3000, 3000))
        filed = due + timedelta(minutes=chance.randrange(-6000, 6000)) if chance.random() > 0.1 else None
        backfill = chance.random() < 0.1
        ProgressReport.objects.filter(pk=report.pk).update(due_at=due, first_submitted_at=filed)
        ReportingPeriod.objects.filter(start=OCTOBER.first_day).update(is_backfill=backfill)

        twin = with_lateness(ProgressReport.objects.filter(pk=report.pk)).get().late_by

        assert twin.days == days_late(due, filed, is_backfill=backfill), (due, filed, backfill)
