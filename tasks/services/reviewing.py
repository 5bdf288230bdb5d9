"""What the office does with a report: accept, return, undo either, extend, excuse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import User
from tasks.choices import OWING, EventVerb, ReportField, ReportState
from tasks.deadlines import check_not_too_far, due_of
from tasks.errors import AlreadyMoved, Refused
from tasks.models import ProgressReport, ReportEvent
from tasks.services.assessing import refresh_self_light
from tasks.services.filing import note_event
from tasks.services.locks import lock_for, move, touch_plan
from tasks.wording import moment_words

# Acts of the office that raise a report's version without touching its text.
OFFICE_ACTS = (EventVerb.EXTENDED, EventVerb.UNEXTENDED, EventVerb.WAIVED, EventVerb.UNWAIVED)
CHANGED = "内容已被他人处理，请查看最新情况。"


@transaction.atomic
def accept(report: ProgressReport, *, by: User, version: int, batch: UUID | None = None) -> ReportEvent:
    """Take a report as filed and return the event. Nobody accepts what he handed in himself.

    Raises Refused (own report), AlreadyMoved (decided or withdrawn meanwhile), PeriodClosed.
    """
    require(by, "report.review")
    lock_for(report)
    report.refresh_from_db()
    if report.filed_by_id == by.pk:
        raise Refused("这份报送由您提交（代填），请由其他人员审核。", code="own_report")
    move(report, states=(ReportState.SUBMITTED,), version=version, state=ReportState.ACCEPTED, returned_at=None,
         return_reason="", return_field="", return_due_at=None)  # fmt: skip
    event = note_event(report, EventVerb.ACCEPTED, by=by, batch=batch)
    _after_decision(report, "report.accepted", by=by)
    return event


def accept_many(chosen: Iterable[tuple[ProgressReport, int]], *, by: User, batch: UUID) -> tuple[list, list]:
    """Accept each (report, version) on its own; returns the events, and (report, refusal) pairs that did not pass."""
    events, refused = [], []
    for report, version in chosen:
        try:
            events.append(accept(report, by=by, version=version, batch=batch))
        except Refused as refusal:
            refused.append((report, refusal))
    return events, refused


@transaction.atomic
def return_report(
    report: ProgressReport, *, by: User, version: int, reason: str, field: str = "", due_at: datetime | None = None
) -> ReportEvent:
    """Send a report back with a reason that may point at a field; `due_at` is when it is wanted again.

    A submitted or an accepted report can be returned until the month is issued. Raises Refused without a reason,
    AlreadyMoved, PeriodClosed.
    """
    require(by, "report.review")
    if not reason.strip():
        raise Refused("请选择或写明退回理由。", code="reason_required")
    if field and field not in ReportField.values:
        raise Refused("退回所指的栏目不存在，请重新选择。", code="unknown_field")
    period = lock_for(report)
    report.refresh_from_db()
    if due_at and report.submitted_at and due_at <= report.submitted_at:
        raise Refused("重报限时须晚于提交时间。", code="due_before_submission")
    if due_at:
        check_not_too_far(due_at, month_due=due_of(period))
    event = note_event(
        report, EventVerb.RETURNED, by=by, reason=reason.strip(), field=field, due_at=due_at, version=version + 1
    )
    move(report, states=(ReportState.SUBMITTED, ReportState.ACCEPTED), version=version, state=ReportState.RETURNED,
         returned_at=event.at, return_reason=reason.strip(), return_field=field, return_due_at=due_at,
         return_count=report.return_count + 1)  # fmt: skip
    _after_decision(report, "report.returned", by=by)
    return event


def _after_decision(report: ProgressReport, action: str, *, by: User) -> None:
    refresh_self_light(report.period_id, report.item_id)
    touch_plan(report.plan_id)
    audit.record(action, report, by=by, after={"state": report.state, "reason": report.return_reason})


@transaction.atomic
def undo(event: ReportEvent, *, by: User) -> ProgressReport:
    """Take back an acceptance or a return: the report waits for a decision again.

    Raises AlreadyMoved when something happened since: another decision, a withdrawal, or — after a return — an edit
    by the department (单位已开始修改).
    """
    require(by, "report.review")
    report = event.report
    lock_for(report)
    event.refresh_from_db()
    if not event.is_decision or event.undone_by_id:
        raise AlreadyMoved(CHANGED)
    report.refresh_from_db()
    decided = {EventVerb.ACCEPTED: ReportState.ACCEPTED, EventVerb.RETURNED: ReportState.RETURNED}[
        EventVerb(event.verb)
    ]
    if report.state == decided and _edited_since(event, report):
        raise AlreadyMoved("单位已开始修改，不能撤销退回。")
    move(report, states=(decided,), version=report.version, state=ReportState.SUBMITTED, **_before(event))
    undoing = note_event(report, EventVerb.UNDONE, by=by)
    ReportEvent.objects.filter(pk=event.pk).update(undone_by=undoing)
    refresh_self_light(report.period_id, report.item_id)
    touch_plan(report.plan_id)
    audit.record("report.decision_undone", report, by=by, after={"event": event.pk, "verb": event.verb})
    return report


def _edited_since(event: ReportEvent, report: ProgressReport) -> bool:
    """Whether the department has saved since the decision: the version has risen by more than the office's own acts."""
    office = report.events.filter(pk__gt=event.pk, verb__in=OFFICE_ACTS)
    return report.version != event.version + office.count()


def _before(event: ReportEvent) -> dict:
    """Columns about a return as they stood before the decision: those of the last return that still holds, if any."""
    report = event.report
    count = report.return_count - (event.verb == EventVerb.RETURNED)
    earlier = report.events.standing().filter(pk__lt=event.pk).decisions().order_by("-pk").first()
    if earlier is None or earlier.verb != EventVerb.RETURNED:
        blank = {"returned_at": None, "return_reason": "", "return_field": "", "return_due_at": None}
        return {"return_count": count} | blank
    return {
        "return_count": count,
        "returned_at": earlier.at,
        "return_reason": earlier.reason,
        "return_field": earlier.field,
        "return_due_at": earlier.due_at,
    }


@transaction.atomic
def extend(report: ProgressReport, *, due_at: datetime, reason: str, by: User) -> ProgressReport:
    """Give one report more time (延期), with a reason; an extension given by mistake is corrected in the same way.

    Raises Refused when the new time is not later than the month's own (an extension is taken back by `unextend`), is
    what stands already, lies too far away, or without a reason.
    """
    require(by, "period.manage")
    if not reason.strip():
        raise Refused("请写明延期原因。", code="reason_required")
    period = lock_for(report)
    report.refresh_from_db()
    if due_at <= due_of(period):
        raise Refused(f"延期后的截止时间须晚于本月截止 {moment_words(due_of(period))}。", code="due_not_later")
    if due_at == report.due_at:
        raise Refused("截止时间已经是这个时间，没有变化。", code="due_unchanged")
    check_not_too_far(due_at, month_due=due_of(period))
    move(report, states=OWING, version=report.version, due_at=due_at)
    note_event(report, EventVerb.EXTENDED, by=by, reason=reason.strip(), due_at=due_at)
    touch_plan(report.plan_id)
    audit.record("report.extended", report, by=by, after={"due_at": due_at.isoformat(), "reason": reason.strip()})
    return report


@transaction.atomic
def unextend(report: ProgressReport, *, reason: str, by: User) -> ProgressReport:
    """Take an extension back (恢复原截止): the month's own due time holds again, even when it has passed.

    Raises Refused when nothing was extended, or without a reason.
    """
    require(by, "period.manage")
    if not reason.strip():
        raise Refused("请写明恢复原截止的原因。", code="reason_required")
    period = lock_for(report)
    report.refresh_from_db()
    own = due_of(period)
    if report.due_at == own:
        raise Refused("所选事项没有延期，不用恢复。", code="not_extended")
    move(report, states=OWING, version=report.version, due_at=own)
    note_event(report, EventVerb.UNEXTENDED, by=by, reason=reason.strip(), due_at=own)
    touch_plan(report.plan_id)
    audit.record("report.unextended", report, by=by, after={"due_at": own.isoformat(), "reason": reason.strip()})
    return report


@transaction.atomic
def waive(report: ProgressReport, *, reason: str, by: User) -> ProgressReport:
    """Excuse a department from this report (免报), with a reason: it no longer counts in 应报."""
    require(by, "period.manage")
    if not reason.strip():
        raise Refused("请写明免报原因。", code="reason_required")
    lock_for(report)
    report.refresh_from_db()
    move(report, states=OWING, version=report.version, state=ReportState.WAIVED)
    note_event(report, EventVerb.WAIVED, by=by, reason=reason.strip())
    touch_plan(report.plan_id)
    audit.record("report.waived", report, by=by, after={"reason": reason.strip()})
    return report


@transaction.atomic
def unwaive(report: ProgressReport, *, by: User) -> ProgressReport:
    """Ask for an excused report again: back to what the department had done until then."""
    require(by, "period.manage")
    lock_for(report)
    report.refresh_from_db()
    move(report, states=(ReportState.WAIVED,), version=report.version, state=_unwaived_state(report))
    note_event(report, EventVerb.UNWAIVED, by=by)
    touch_plan(report.plan_id)
    audit.record("report.unwaived", report, by=by)
    return report


def _unwaived_state(report: ProgressReport) -> ReportState:
    if report.returned_at:
        return ReportState.RETURNED
    return ReportState.DRAFT if report.edited_at else ReportState.AWAITING
