"""What time it is for the business: due dates, months, lateness.

Sessions, lock-outs, leases, message expiry and audit rows use real time instead. Only this module asks the machine.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")

_fixed: ContextVar[datetime | None] = ContextVar("clock_fixed", default=None)
_started: dict[str, float] = {}  # CLOCK_AT → monotonic seconds when this process first asked


def now() -> datetime:
    """The present instant, aware, in UTC.

    Raises ImproperlyConfigured when `CLOCK_AT` is set outside a test, or cannot be read.
    """
    fixed = _fixed.get()
    if fixed is not None:
        return fixed
    told = getattr(settings, "CLOCK_AT", "")
    return _told(told) if told else datetime.now(UTC)


def today() -> date:
    """The date in Asia/Shanghai."""
    return local_date(now())


def local_date(instant: datetime) -> date:
    """The office's date at `instant`. Raises ValueError for a naive one."""
    return local(instant).date()


def local(instant: datetime) -> datetime:
    """`instant` on the office's wall clock. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(OFFICE_ZONE)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Inside, time stands still at `moment` for this thread: for the demo, generated load and tests. May be nested."""
    token = _fixed.set(local(moment).astimezone(UTC))
    try:
        yield moment
    finally:
        _fixed.reset(token)


def _told(told: str) -> datetime:
    if not getattr(settings, "TESTING", False):
        raise ImproperlyConfigured("CLOCK_AT is for tests only (TESTING is off)")
    if told.startswith("@"):
        return _instant(_text_of(told[1:]))
    started = _started.setdefault(told, time.monotonic())
    return _instant(told) + timedelta(seconds=time.monotonic() - started)


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ImproperlyConfigured(f"CLOCK_AT=@{path} cannot be read") from error


def _instant(text: str) -> datetime:
    """ISO 8601; without an offset it is the office's wall clock."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"CLOCK_AT: {text.strip()!r} is no ISO 8601 instant") from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=OFFICE_ZONE)
    return instant.astimezone(UTC)
