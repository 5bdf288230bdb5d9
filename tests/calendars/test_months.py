from datetime import date

import pytest

from calendars.months import Month


def test_reads_and_writes_itself():
    month = Month.parse(" 2024-02 ")

    assert (str(month), month.label) == ("2024-02", "2024年2月")
    assert (month.first_day, month.last_day) == (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    "text", ["", "2024-13", "2024-00", "2024-1", "24-01", "2024/01", "2024-10-01", "二月", "２０２４-01"]
)
def test_a_month_it_cannot_read_is_told(text):
    with pytest.raises(ValueError, match="请写成年-月，例如 2024-10。"):
        Month.parse(text)


@pytest.mark.parametrize(
    ("months", "expected"), [(1, "2025-01"), (-12, "2023-12"), (0, "2024-12"), (13, "2026-01"), (-24, "2022-12")]
)
def test_counts_across_years(months, expected):
    month = Month(2024, 12)

    assert str(month + months) == expected
    assert (month + months) - month == months


def test_neighbours_order_and_membership():
    month = Month(2024, 1)

    assert (month.previous, month.next) == (Month(2023, 12), Month(2024, 2))
    assert month.previous < month < month.next
    assert date(2024, 1, 31) in month
    assert date(2024, 2, 1) not in month
    assert Month.of(date(2024, 1, 15)) == month


def test_a_day_past_the_end_is_the_last():
    assert (Month(2025, 2).day(25), Month(2025, 2).day(31)) == (date(2025, 2, 25), date(2025, 2, 28))
