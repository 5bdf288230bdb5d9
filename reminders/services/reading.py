"""Reading a message: 已读 is what the office relies on, so it is kept like any other act."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

import audit
from accounts.models import User
from calendars import clock
from reminders.models import Notice


@transaction.atomic
def mark_read(notices: Iterable[Notice], *, by: User) -> int:
    """Mark the own unread ones among `notices` as read; how many there were. Reading again changes nothing."""
    return _mark(Notice.objects.visible_to(by).unread().filter(pk__in=[notice.pk for notice in notices]), by=by)


@transaction.atomic
def mark_all_read(*, by: User) -> int:
    """Mark everything in the own inbox as read; how many were not."""
    return _mark(Notice.objects.visible_to(by).unread(), by=by)


def _mark(unread, *, by: User) -> int:
    keys = list(unread.order_by("pk").values_list("pk", flat=True))
    # Compare and set: of two clicks at once the second finds nothing, and no later reading moves the first time.
    marked = Notice.objects.filter(pk__in=keys, read_at=None).update(read_at=clock.now())
    if marked:
        audit.record("notice.read", by=by, rows=keys)
    return marked
