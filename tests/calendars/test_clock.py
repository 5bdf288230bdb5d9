import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from calendars import clock

NEW_YEAR_IN_THE_OFFICE = datetime(2024, 12, 31, 16, 0, tzinfo=UTC)


def test_without_orders_it_is_now():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo == UTC


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (NEW_YEAR_IN_THE_OFFICE - timedelta(seconds=1), date(2024, 12, 31)),
        (NEW_YEAR_IN_THE_OFFICE, date(2025, 1, 1)),
        (datetime(2024, 2, 28, 16, 30, tzinfo=UTC), date(2024, 2, 29)),
    ],
)
def test_the_date_is_the_office_s(instant, day):
    with clock.at(instant):
        assert clock.today() == day


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        clock.local_date(datetime(2024, 10, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"), clock.at(datetime(2024, 10, 1)):  # noqa: DTZ001
        pass


def test_at_stands_still_nests_and_ends():
    outer, inner = datetime(2024, 10, 1, tzinfo=UTC), datetime(2024, 11, 1, tzinfo=UTC)

    with clock.at(outer):
        with clock.at(inner):
            assert clock.now() == inner
        assert clock.now() == outer

    assert clock.now().year >= 2026


def test_at_is_this_thread_s_alone():
    seen = []
    with clock.at(datetime(2024, 10, 1, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0].year >= 2026


def test_clock_at_runs_on_from_its_instant(settings):
    settings.CLOCK_AT = "2024-10-25T17:59:59+08:00"

    first, second = clock.now(), clock.now()

    assert datetime(2024, 10, 25, 9, 59, 59, tzinfo=UTC) <= first < second
    assert second - first < timedelta(seconds=5)


def test_clock_at_a_file_is_read_at_every_call(settings, tmp_path):
    file = tmp_path / "clock"
    settings.CLOCK_AT = f"@{file}"
    file.write_text("2024-10-25T18:00:00+08:00\n")
    assert clock.now() == datetime(2024, 10, 25, 10, 0, tzinfo=UTC)

    file.write_text("2024-11-01 00:00")  # without an offset: the office's wall clock
    assert clock.now() == datetime(2024, 10, 31, 16, 0, tzinfo=UTC)


def test_clock_at_is_refused_outside_tests(settings):
    settings.CLOCK_AT, settings.TESTING = "2024-10-25T18:00:00+08:00", False

    with pytest.raises(ImproperlyConfigured, match="tests only"):
        clock.now()


@pytest.mark.parametrize("told", ["tomorrow", "@/nowhere/clock"])
def test_clock_at_that_cannot_be_read_stops(settings, told):
    settings.CLOCK_AT = told

    with pytest.raises(ImproperlyConfigured):
        clock.now()
