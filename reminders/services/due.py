from __future__ import annotations

from reminders.services.digests import write_digests
from reminders.services.events import write_event_notices
from reminders.services.writing import each


def write_due() -> int:
    """Everything that ought to be told now: events first, each kind whatever becomes of the other."""
    return each(write_event_notices, write_digests)
