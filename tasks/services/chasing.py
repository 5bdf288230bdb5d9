"""Urging departments that owe a report (催办): a click, a telephone call, and taking a click back.

What is written here are events alone: whoever sends messages reads them later, once they can no longer be undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from departments.models import Department
from tasks.choices import UNDO_WINDOW, EventVerb
from tasks.errors import AlreadyMoved, Refused
from tasks.models import ProgressReport, ReportEvent, ReportingPeriod
from tasks.services.locks import lock_moving_period

INBOX, EMAIL, PHONE = "inbox", "email", "phone"
REPEAT_WITHIN = timedelta(hours=24)  # a second chase within it wants to be asked about first


@transaction.atomic
def chase(
    period: ReportingPeriod,
    departments: Collection[Department | int],
    *,
    by: User,
    channels: Collection[str],
    unless_since: datetime | None = None,
    batch: UUID | None = None,
) -> UUID:
    """Urge each department about all it still owes in the period; one event a report, one batch for the click.

    `departments` are those that answer today (`duty_of`). `channels` are "inbox", which always belongs to it, and
    "email". With `unless_since` nobody may have been chased from that moment on: two clicks at once make one.
    `batch` is the key of the form that asks: posted twice it finds the first click and writes nothing.
    Raises Refused (补录 period, unknown channel, nothing owed, `recently_chased`; `still_leaving` while an earlier
    chase of one of them can be undone; `undone` or `form_used` for a key), PeriodClosed.
    """
    require(by, "reminder.send")
    period = lock_moving_period(period.pk)
    if period.is_backfill:
        raise Refused("补录月份不发提醒。可以电话联系后记为已电话。", code="backfill")
    if INBOX not in channels or set(channels) - {INBOX, EMAIL}:
        raise Refused("催办方式须含站内，另可选邮件。", code="unknown_channel")
    if batch and _made_before(batch, period, departments, by=by):
        return batch
    owed = _owed(period, departments)
    if unless_since and chases_since(period, departments, since=unless_since).exists():
        raise Refused("有单位刚刚催过，请确认后再催。", code="recently_chased")
    leaving = chases_since(period, departments, since=clock.now() - UNDO_WINDOW).exclude(channel=PHONE)
    if names := list(leaving.order_by().values_list("report__duty_of__name", flat=True).distinct()[:3]):
        which = "、".join(names[:2]) + ("等单位" if len(names) > 2 else "")
        raise Refused(f"{which}的提醒一分钟内就要发出，不用再催。", code="still_leaving")
    channel = ",".join(name for name in (INBOX, EMAIL) if name in channels)
    batch = _note(owed, by=by, channel=channel, batch=batch)
    audit.record(
        "report.chased", period, by=by,
        after={"channel": channel, "batch": str(batch), "departments": sorted({one.duty_of_id for one in owed})},
        rows=[report.pk for report in owed],
    )  # fmt: skip
    return batch


@transaction.atomic
def note_call(
    period: ReportingPeriod, department: Department | int, *, by: User, words: str = "", batch: UUID | None = None
) -> UUID:
    """Record that the office has telephoned (已电话); nobody is sent anything. `words` say what was agreed.

    `batch` as in `chase`. Raises Refused when the department owes nothing any more, PeriodClosed.
    """
    require(by, "reminder.send")
    period = lock_moving_period(period.pk)
    if batch and _made_before(batch, period, [department], by=by):
        return batch
    owed = _owed(period, [department])
    batch = _note(owed, by=by, channel=PHONE, reason=words.strip(), batch=batch)
    audit.record(
        "report.call_noted", period, by=by,
        after={"batch": str(batch), "departments": [owed[0].duty_of_id], "words": words.strip()},
        rows=[report.pk for report in owed],
    )  # fmt: skip
    return batch


@transaction.atomic
def undo_chase(batch: UUID, *, by: User) -> ReportingPeriod:
    """Take back one click (or a call just noted) before its messages go out.

    Raises AlreadyMoved when it is undone or absent, Refused (`already_sent`) after 60 seconds, PeriodClosed.
    """
    require(by, "reminder.send")
    standing = ReportEvent.objects.standing().filter(batch=batch, verb=EventVerb.CHASED)
    first = standing.select_related("report").first()
    if first is None:
        raise AlreadyMoved("这次催办已经撤销。")
    period = lock_moving_period(first.report.period_id)
    events = list(standing.select_related("report"))
    if not events:
        raise AlreadyMoved("这次催办已经撤销。")
    now = clock.now()
    if now - first.at >= UNDO_WINDOW and first.channel != PHONE:
        raise Refused("提醒已发出，不能撤销。", code="already_sent")
    if now - first.at >= UNDO_WINDOW:
        raise Refused("记录已超过一分钟，不能撤销。", code="too_late")
    _undo(events, by=by, now=now)
    audit.record(
        "report.chase_undone", period, by=by, after={"batch": str(batch)}, rows=[event.report_id for event in events]
    )
    return period


def chases_since(period: ReportingPeriod, departments: Collection[Department | int], *, since: datetime):
    """Standing chases of any of the departments in the period from that moment on, telephone calls included."""
    chased = ReportEvent.objects.standing().filter(report__period=period, verb=EventVerb.CHASED, at__gt=since)
    return chased.filter(report__duty_of__in=_keys(departments))


def _made_before(batch: UUID, period: ReportingPeriod, departments: Collection[Department | int], *, by: User) -> bool:
    """Whether this form was posted before. The period is locked, so that of two at once the second sees the first."""
    earlier = list(ReportEvent.objects.filter(batch=batch).select_related("report"))
    if not earlier:
        return False
    own = all(one.verb == EventVerb.CHASED and one.by_id == by.pk for one in earlier)
    if not own or any(one.report.period_id != period.pk for one in earlier):
        raise Refused("这个页面已经用过，请重新选择后再操作。", code="form_used")
    if any(one.undone_by_id for one in earlier):
        raise Refused("这次操作已经撤销，没有重做。仍要催办的，请再点一次。", code="undone")
    still_owing = period.reports.owing().filter(required=True, duty_of__in=_keys(departments))
    if still_owing.exclude(duty_of__in={one.report.duty_of_id for one in earlier}).exists():
        raise Refused("这个页面已经用过，请重新选择后再操作。", code="form_used")
    return True


def _keys(departments: Iterable[Department | int]) -> list[int]:
    return [one.pk if isinstance(one, Department) else one for one in departments]


def _owed(period: ReportingPeriod, departments: Collection[Department | int]) -> list[ProgressReport]:
    owed = list(period.reports.owing().filter(required=True, duty_of__in=_keys(departments)).order_by("pk"))
    if not owed:
        raise Refused("所选单位已没有欠报的事项，不用再催。", code="nothing_owed")
    return owed


def _note(owed: list[ProgressReport], *, by: User, channel: str, reason: str = "", batch: UUID | None = None) -> UUID:
    batch, now = batch or uuid4(), clock.now()
    values = {"verb": EventVerb.CHASED, "by": by, "at": now, "channel": channel, "batch": batch, "reason": reason}
    ReportEvent.objects.bulk_create(
        [ReportEvent(report=report, version=report.version, **values) for report in owed], batch_size=500
    )
    return batch


def _undo(events: list[ReportEvent], *, by: User, now: datetime) -> None:
    undoing = ReportEvent.objects.bulk_create(
        [
            ReportEvent(report=event.report, verb=EventVerb.UNDONE, by=by, at=now, version=event.report.version)
            for event in events
        ],
        batch_size=500,
    )
    for event, undone in zip(events, undoing, strict=True):
        event.undone_by = undone
    ReportEvent.objects.bulk_update(events, ["undone_by"], batch_size=500)
