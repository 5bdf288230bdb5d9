"""What makes and sends messages. Each is safe to run any number of times, at once, late or never."""

from reminders.mailing import relay_mail
from reminders.mailing import retry as retry_mail
from reminders.services.digests import write_digests
from reminders.services.due import write_due
from reminders.services.events import write_event_notices
from reminders.services.reading import mark_all_read, mark_read

__all__ = [
    "mark_all_read",
    "mark_read",
    "relay_mail",
    "retry_mail",
    "write_digests",
    "write_due",
    "write_event_notices",
]
