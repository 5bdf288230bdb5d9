"""The one road into the outbox: what has no row yet gets one, inbox and mail in the same transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

import audit
from accounts.models import User
from background import failpoints
from background.locks import exclusive
from calendars import clock
from reminders.choices import Channel, NoticeKind, NoticeState
from reminders.models import Notice

logger = logging.getLogger(__name__)
T = TypeVar("T")
BATCH = 25  # messages of one transaction: its locks last well below 200 ms


@dataclass(frozen=True)
class Message:
    """A message that ought to exist; `mail` is whether it should go out by mail too, if that can be."""

    key: str
    kind: NoticeKind
    user: User
    subject: str
    content: dict
    day: date
    report_ids: Sequence[int] = ()
    department_id: int | None = None
    event_id: int | None = None
    batch: UUID | None = None
    mail: bool = True
    withdraws: Sequence[str] = field(default=())  # keys of messages this one takes back


def batched(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """As `itertools.batched`, which Python 3.11 does not have."""
    rows = iter(rows)
    while batch := tuple(islice(rows, size)):
        yield batch


@contextmanager
def passing_over(what: str) -> Iterator[None]:
    """One bad row must not keep the others from their messages: it is logged and passed over.

    A database that is gone or busy is no bad row and stops the tick; the next one goes on.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("passed over: %s", what)


def each(*writers: Callable[[], int]) -> int:
    """What all of them wrote. One that fails does not stop the next; its failure is raised when all had their turn."""
    written = 0
    failures: list[Exception] = []
    for writer in writers:
        try:
            written += writer()
        except Exception as failure:
            failures.append(failure)
    for further in failures[1:]:
        logger.error("a second kind of message failed too", exc_info=further)
    if failures:
        raise failures[0]
    return written


def write(messages: Iterable[Message]) -> int:
    """Write the messages that have no row yet, a batch at a time. Returns how many were new."""
    written = 0
    for batch in batched(messages, BATCH):
        failpoints.reach("notice.before_write")
        written += _write_or_part(batch)
        failpoints.reach("notice.written")
    return written


def _write_or_part(batch: Sequence[Message]) -> int:
    """The batch at once; when one of its messages cannot be written, each on its own."""
    written = 0
    try:
        return _write_batch(batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("a batch of %d messages was not written; trying each", len(batch))
    for message in batch:
        with passing_over(f"message {message.key}"):
            written += _write_batch([message])
    return written


@transaction.atomic
def _write_batch(batch: Sequence[Message]) -> int:
    # Writers follow one another, so that what is read as missing is still missing when it is written.
    exclusive("reminders.write")
    known = set(
        Notice.objects.filter(key__in=[message.key for message in batch], channel=Channel.INBOX).values_list(
            "key", flat=True
        )
    )
    fresh = [message for message in batch if message.key not in known]
    if not fresh:
        return 0
    unsent = _withdraw([key for message in fresh for key in message.withdraws])
    rows = [_row(message, Channel.INBOX, state=NoticeState.SENT, sent_at=clock.now()) for message in fresh]
    rows += [_row(message, Channel.EMAIL) for message in fresh if _goes_by_mail(message, unsent)]
    Notice.objects.bulk_create(rows)
    audit.record("notice.written", None, by=None, rows=[f"{row.key} {row.channel}" for row in rows])
    return len(fresh)


def _row(message: Message, channel: Channel, **columns: Any) -> Notice:
    return Notice(
        key=message.key, channel=channel, kind=message.kind, user=message.user, subject=message.subject,
        content=message.content, report_ids=list(message.report_ids), department_id=message.department_id,
        event_id=message.event_id, batch=message.batch, day=message.day, **columns,
    )  # fmt: skip


def _withdraw(keys: list[str]) -> set[str]:
    """Keep mails that have not left from leaving; returns the keys that have no mail on its way or sent."""
    mails = Notice.objects.mails().filter(key__in=keys)
    mails.filter(state__in=(NoticeState.QUEUED, NoticeState.PARKED)).update(state=NoticeState.WITHDRAWN)
    gone = mails.filter(state__in=(NoticeState.SENDING, NoticeState.SENT)).values_list("key", flat=True)
    return set(keys) - set(gone)


def _goes_by_mail(message: Message, unsent: set[str]) -> bool:
    if message.withdraws and set(message.withdraws) <= unsent:
        return False  # nobody was told by mail
    return bool(message.mail and settings.MAIL_READY and message.user.email)
