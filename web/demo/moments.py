"""When things happen in the example: office hours where there is room for them, and never after now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from calendars import clock
from calendars.months import Month
from calendars.workdays import Workdays, load

OPENING, CLOSING = time(8, 40), time(17, 40)
MINUTE = timedelta(minutes=1)


def office_time(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.OFFICE_ZONE)


@dataclass(frozen=True)
class Window:
    """A span in which a month is filed and reviewed."""

    start: datetime
    end: datetime

    def at(self, part: float) -> datetime:
        """The instant at `part` (0 to 1) of the span, moved into office hours of its day, never out of the span."""
        moment = clock.local(self.start + (self.end - self.start) * part)
        inside = min(max(moment.time(), OPENING), CLOSING)
        moved = datetime.combine(moment.date(), inside.replace(second=0, microsecond=0), clock.OFFICE_ZONE)
        return min(max(moved, self.start), self.end)


@dataclass(frozen=True)
class PastMonth:
    """An issued month: opened on its 5th, due about its 25th, finalised before its end whatever the holidays."""

    month: Month
    due_at: datetime

    @property
    def opened_at(self) -> datetime:
        return office_time(self.month.day(5), 9)

    @property
    def filing(self) -> Window:
        return Window(office_time(self.month.day(9), 9), self.due_at - 30 * MINUTE)

    @property
    def reviewing(self) -> Window:
        """After the last late report and before the month is issued."""
        return Window(self.after_due(2, 15), self.after_due(3, 11))

    @property
    def finalised_at(self) -> datetime:
        return self.after_due(3, 15)

    def after_due(self, days: int, hour: int) -> datetime:
        return office_time(clock.local_date(self.due_at) + timedelta(days=days), hour)


@dataclass(frozen=True)
class Timeline:
    """Six issued months and the present one, due in three working days."""

    now: datetime
    past: tuple[PastMonth, ...]
    due_at: datetime
    window: Window

    @property
    def present(self) -> Month:
        return Month.of(clock.local_date(self.now))

    @property
    def first(self) -> Month:
        return self.past[0].month


def timeline(now: datetime) -> Timeline:
    """The example's moments when it is built at `now`."""
    workdays, today = load(), clock.local_date(now)
    past = tuple(PastMonth(month, _past_due(month, workdays)) for month in (Month.of(today) + n for n in range(-6, 0)))
    week_ago = office_time(today - timedelta(days=6), 9)
    # On the first days of a month there is little room since the last one was issued.
    opened_at = min(max(week_ago, past[-1].finalised_at + 60 * MINUTE), now - 10 * MINUTE)
    due_at = office_time(workdays.add(today, 3), 18)
    return Timeline(now, past, due_at, Window(opened_at, now - 5 * MINUTE))


def _past_due(month: Month, workdays: Workdays) -> datetime:
    """The 25th or the next working day; the one before it when holidays would push it to the end of the month."""
    day = workdays.next_on_or_after(month.day(25))
    if day > month.last_day - timedelta(days=3):
        day = workdays.add(month.day(25), -1)
    return office_time(day, 18)
