"""Which reminder of a due date is open: T−3, T and T+1 working days at 09:00 unless the plan's settings say else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from calendars import clock
from calendars.workdays import Workdays

DIGEST_AT = time(9)


@dataclass(frozen=True)
class Rung:
    """`offset` in working days from the due date; `day` is the office's date it opens at 09:00."""

    offset: int
    day: date

    @property
    def words(self) -> str:
        if self.offset == 0:
            return "截止当天"
        return f"截止前{-self.offset}个工作日" if self.offset < 0 else f"截止后{self.offset}个工作日"


def opened_rung(due_at: datetime, offsets: Sequence[int], *, now: datetime, workdays: Workdays) -> Rung | None:
    """The latest rung open at `now`, or None before the first. 0 is the due date itself, even on a rest day."""
    due_day, local_now = clock.local_date(due_at), clock.local(now)
    opened = None
    for offset in sorted(offsets):
        day = workdays.add(due_day, offset)
        if (day, DIGEST_AT) <= (local_now.date(), local_now.time()):
            opened = Rung(offset, day)
    return opened


def digest_time(now: datetime, workdays: Workdays) -> bool:
    """Whether digests may be written: a working day, 09:00 or later."""
    local_now = clock.local(now)
    return local_now.time() >= DIGEST_AT and workdays.is_working(local_now.date())
