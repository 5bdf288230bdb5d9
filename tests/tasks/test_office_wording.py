from datetime import date

import pytest

from calendars import clock
from tasks import wording
from tests.tasks.world import local

DUE = local(2024, 10, 25, 18)


@pytest.fixture(autouse=True)
def october():
    with clock.at(local(2024, 10, 23, 12)):
        yield


def test_a_day_of_another_year_names_it():
    assert wording.moment_words(local(2025, 1, 10, 18)) == "2025年1月10日（周五）18:00"
    assert wording.short_moment(local(2025, 1, 10, 18)) == "2025-01-10 18:00"


def test_days_and_moments_are_written_as_the_office_writes_them():
    assert wording.day_words(date(2024, 10, 27)) == "10月27日（周日）"
    assert wording.moment_words(DUE) == "10月25日（周五）18:00"
    assert wording.short_moment(DUE) == "10-25 18:00"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (local(2024, 10, 23, 10), "还剩 2 天"),
        (local(2024, 10, 25, 17, 59), "今天截止"),
        (local(2024, 10, 25, 18, 1), "已过截止时间，今天24:00前提交仍算按时"),
        (local(2024, 10, 26, 0, 0), "已截止 1 天，可补报"),
    ],
)
def test_time_left_goes_by_the_day(now, words):
    assert wording.time_left(DUE, now=now) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (local(2024, 10, 23, 8, 50), "今天 08:50"),
        (local(2024, 10, 22, 17, 40), "昨天 17:40"),
        (local(2024, 10, 21, 9, 0), "10-21 09:00"),
    ],
)
def test_recent_moments_are_named(instant, words):
    assert wording.near_moment(instant, today=date(2024, 10, 23)) == words
