"""Chinese working days: Monday to Friday, corrected by the announced holidays and make-up days.

The functions read the calendar anew, in one or two queries whatever the span; whoever asks often takes one `load()`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

from calendars.models import CalendarDay, CalendarYear

DAY = timedelta(days=1)
LONGEST_BREAK = 366  # days; beyond it the table is wrong and no answer is better than an endless search
UNPUBLISHED = "节假日安排未公布"


class Workdays:
    """The whole calendar, read once: some forty rows a year."""

    @cached_property
    def exceptions(self) -> Mapping[date, bool]:
        return dict(CalendarDay.objects.values_list("date", "is_working"))

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(CalendarYear.objects.values_list("year", flat=True))

    def year_known(self, year: int) -> bool:
        """Whether that year's holidays are announced; otherwise plain weeks are assumed."""
        return year in self.years

    def notice(self, *days: date) -> str:
        """What to tell about these days: "" when their years are known."""
        unknown = sorted({day.year for day in days} - self.years)
        return f"{'、'.join(f'{year}年' for year in unknown)}{UNPUBLISHED}，暂按周一至周五推算。" if unknown else ""

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def next_on_or_after(self, day: date) -> date:
        """The first working day from `day` on. Raises ValueError when there is none within a year."""
        return self._search(day, DAY)

    def add(self, day: date, days: int) -> date:
        """The working day `days` working days after `day` (before it when negative); `day` itself is not counted.

        0 gives `day` unchanged, even on a holiday. The first and the last day a date can be have nothing beyond them.
        """
        step = DAY if days >= 0 else -DAY
        for _ in range(abs(days)):
            day = self._search(_stepped(day, step), step)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + DAY * n) for n in range(1, (end - start).days + 1))

    def _search(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_BREAK):
            following = _stepped(day, step)
            if self.is_working(day) or following == day:
                return day
            day = following
        raise ValueError(f"no working day within {LONGEST_BREAK} days of {day}")


def _stepped(day: date, step: timedelta) -> date:
    """The next day that way; the ends of what a date can be stay where they are."""
    try:
        return day + step
    except OverflowError:
        return day


def load() -> Workdays:
    return Workdays()


def is_working_day(day: date) -> bool:
    return load().is_working(day)


def next_working_day_on_or_after(day: date) -> date:
    return load().next_on_or_after(day)


def add_working_days(day: date, days: int) -> date:
    return load().add(day, days)


def working_days_between(start: date, end: date) -> int:
    return load().between(start, end)


def year_known(year: int) -> bool:
    return load().year_known(year)


def december_warning(today: date) -> str:
    """In December, while next year's holidays are missing: what the office should do. "" otherwise."""
    following = today.year + 1
    if today.month < 12 or year_known(following):
        return ""
    return f"{following}年{UNPUBLISHED}，截止日暂按周一至周五推算。公布后请在“设置·调度日历”中录入。"
