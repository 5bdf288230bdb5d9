from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from calendars import services, workdays
from calendars.models import CalendarDay, CalendarYear
from tests.audit.actors import Person

pytestmark = pytest.mark.django_db

OFFICE = Person(allowed=frozenset({"plan.settings"}))


@pytest.fixture
def calendar():
    services.load_fixture()
    return workdays.load()


# Written by hand from the State Council's notices.
MAKE_UP_DAYS = [
    "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
]  # fmt: skip
HOLIDAYS = [
    ("2024-01-01", 1), ("2024-02-10", 8), ("2024-04-04", 3), ("2024-05-01", 5), ("2024-06-10", 1),
    ("2024-09-15", 3), ("2024-10-01", 7),
    ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8),
    ("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3),
    ("2026-09-25", 3), ("2026-10-01", 7),
]  # fmt: skip


@pytest.mark.parametrize("day", MAKE_UP_DAYS)
def test_a_make_up_day_is_worked(calendar, day):
    day = date.fromisoformat(day)

    assert day.weekday() >= 5
    assert calendar.is_working(day)


def test_no_other_weekend_day_is_worked(calendar):
    assert {day.isoformat() for day, working in calendar.exceptions.items() if working} == set(MAKE_UP_DAYS)


@pytest.mark.parametrize(("first", "days"), HOLIDAYS)
def test_a_holiday_is_off_and_ends(calendar, first, days):
    first = date.fromisoformat(first)

    assert [calendar.is_working(first + timedelta(n)) for n in range(days)] == [False] * days


def test_days_off_are_the_announced_ones_and_no_more(calendar):
    announced = {date.fromisoformat(first) + timedelta(n) for first, days in HOLIDAYS for n in range(days)}

    assert {day for day, working in calendar.exceptions.items() if not working} == {
        day for day in announced if day.weekday() < 5
    }


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2024-10-25", "2024-10-25"),
        ("2024-08-25", "2024-08-26"),  # a Sunday
        ("2024-02-10", "2024-02-18"),  # to the make-up Sunday after the Spring Festival
        ("2025-01-25", "2025-01-26"),
        ("2024-10-01", "2024-10-08"),
        ("2026-02-15", "2026-02-24"),
        ("2027-10-01", "2027-10-01"),  # nothing announced: a plain Friday
    ],
)
def test_a_due_day_moves_to_the_next_working_day(calendar, asked, answer):
    assert workdays.next_working_day_on_or_after(date.fromisoformat(asked)) == date.fromisoformat(answer)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-09-30", 1, "2024-10-08"),
        ("2024-09-30", 5, "2024-10-12"),
        ("2024-10-08", -1, "2024-09-30"),
        ("2024-10-08", -2, "2024-09-29"),
        ("2024-10-05", 0, "2024-10-05"),
        ("2024-10-05", 1, "2024-10-08"),
    ],
)
def test_counting_working_days_on_and_back(calendar, start, days, end):
    start, end = date.fromisoformat(start), date.fromisoformat(end)

    assert workdays.add_working_days(start, days) == end
    assert workdays.working_days_between(date(2024, 9, 27), date(2024, 10, 12)) == 7


def test_between_is_the_reverse_of_add(calendar):
    start = date(2024, 9, 26)
    for days in range(-30, 31):
        assert calendar.between(start, calendar.add(start, days)) == days


def test_an_unannounced_year_is_told(calendar):
    assert [workdays.year_known(year) for year in (2023, 2024, 2026, 2027)] == [False, True, True, False]
    assert calendar.notice(date(2026, 12, 31)) == ""
    assert calendar.notice(date(2026, 12, 25), date(2027, 1, 25)) == "2027年节假日安排未公布，暂按周一至周五推算。"
    assert "2027年节假日安排未公布" in workdays.december_warning(date(2026, 12, 1))
    assert workdays.december_warning(date(2026, 11, 30)) == ""
    assert workdays.december_warning(date(2025, 12, 1)) == ""


def test_queries_do_not_grow(calendar, django_assert_num_queries):
    with django_assert_num_queries(1):
        workdays.add_working_days(date(2024, 1, 1), 700)
    one = workdays.load()
    with django_assert_num_queries(2):
        for n in range(1000):
            one.is_working(date(2024, 1, 1) + timedelta(n))
            one.year_known(2024 + n)


def test_a_table_without_any_working_day_is_an_error_not_an_endless_search():
    first = date(2030, 1, 1)
    CalendarDay.objects.bulk_create(
        CalendarDay(date=first + timedelta(n), is_working=False)
        for n in range(400)
        if (first + timedelta(n)).weekday() < 5
    )
    with pytest.raises(ValueError, match="no working day"):
        workdays.next_working_day_on_or_after(first)


def test_loading_twice_changes_nothing_and_keeps_corrections():
    assert services.load_fixture() == [2024, 2025, 2026]
    services.set_day(date(2024, 10, 12), False, by=OFFICE)
    before = list(CalendarDay.objects.order_by("date").values()), AuditEvent.objects.count()

    assert services.load_fixture() == []
    assert (list(CalendarDay.objects.order_by("date").values()), AuditEvent.objects.count()) == before
    assert not workdays.is_working_day(date(2024, 10, 12))


def test_setting_a_day_is_recorded_with_before_and_after():
    services.set_day(date(2027, 2, 8), False, "春节放假", by=OFFICE)
    services.set_day(date(2027, 2, 8), False, "春节放假", by=OFFICE)
    services.set_day(date(2027, 2, 8), True, by=OFFICE)

    assert not CalendarDay.objects.filter(date=date(2027, 2, 8)).exists()
    events = AuditEvent.objects.filter(action="calendar.day_set").order_by("sequence")
    off = {"is_working": False, "note": "春节放假"}
    assert [(event.before, event.after) for event in events] == [(None, off), (off, None)]
    assert [event.object_label for event in events] == ["2027-02-08 放假", "2027-02-08 上班"]


def test_publishing_a_year_makes_it_known():
    services.publish_year(2027, "国务院办公厅通知", by=OFFICE)
    services.publish_year(2027, "国务院办公厅通知", by=OFFICE)

    assert workdays.year_known(2027)
    assert AuditEvent.objects.filter(action="calendar.year_published").count() == 1


def test_only_who_may_change_settings_may_change_the_calendar():
    with pytest.raises(PermissionDenied):
        services.set_day(date(2027, 2, 8), False, by=Person())
    with pytest.raises(PermissionDenied):
        services.publish_year(2027, "通知", by=Person())

    assert not CalendarDay.objects.filter(date__year=2027).exists()
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_the_ends_of_the_calendar_have_nothing_beyond_them():
    calendar = workdays.load()

    assert (calendar.add(date.max, 1), calendar.add(date.min, -3)) == (date.max, date.min)
    assert calendar.add(date.max - timedelta(days=1), 5) == date.max
    assert calendar.add(date.max, -1) == date(9999, 12, 30)
