"""The example's calendar on every day of several years, with and without announced holidays."""

from datetime import date, datetime, timedelta

import pytest

from calendars import clock
from calendars.services import load_fixture
from web.demo.moments import timeline

pytestmark = pytest.mark.django_db


def every_day(first: date, last: date):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("wall_clock", ["00:00", "12:30", "23:59"])
@pytest.mark.parametrize("calendar", [True, False], ids=["holidays known", "holidays unknown"])
def test_everything_lies_in_order_and_before_now(wall_clock, calendar):
    if calendar:
        load_fixture()
    for day in every_day(date(2024, 1, 1), date(2026, 12, 31))[:: 1 if calendar else 3]:
        now = datetime.fromisoformat(f"{day}T{wall_clock}").replace(tzinfo=clock.OFFICE_ZONE)
        when = timeline(now)

        for month in when.past:
            moments = [month.opened_at, month.filing.start, month.filing.end, month.due_at, month.reviewing.start,
                       month.reviewing.end, month.finalised_at]  # fmt: skip
            assert moments == sorted(moments)
            assert clock.local_date(month.finalised_at) in month.month
        assert len({month.month for month in when.past}) == 6
        assert when.past[-1].finalised_at < when.window.start < when.window.end < now
        assert when.past[-1].month.next == when.present
        assert clock.local_date(when.due_at) > day


def test_the_present_month_is_due_in_three_working_days():
    load_fixture()

    # 2024-09-30 is a Monday before the holiday week of 1 to 7 October.
    when = timeline(datetime(2024, 9, 30, 10, tzinfo=clock.OFFICE_ZONE))

    assert clock.local(when.due_at).isoformat() == "2024-10-10T18:00:00+08:00"


def test_window_keeps_office_hours_where_there_is_room():
    when = timeline(datetime(2024, 10, 21, 3, 0, tzinfo=clock.OFFICE_ZONE))

    moments = [clock.local(when.window.at(part / 20)) for part in range(20)]

    assert moments == sorted(moments)
    assert {moment.hour for moment in moments[:-1]} <= set(range(8, 18))
