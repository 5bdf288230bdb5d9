"""What a department does with its month: write, hand in, take back."""

from __future__ import annotations

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from tasks import validators
from tasks.choices import CoordinationState, EventVerb, MonthKind, ReportState
from tasks.errors import NotReady, Refused
from tasks.models import Assignment, CoordinationRequest, ProgressReport, ReportEvent, ReportingPeriod
from tasks.models.cycle import text_of
from tasks.services.locks import lock_for, lock_moving_period, move, touch_plan

WRITABLE = (ReportState.AWAITING, ReportState.DRAFT, ReportState.RETURNED)


def require_filing(report: ProgressReport, by: User) -> bool:
    """Raise NotAllowed unless `by` may write this report; True when staff do it for the department (代填)."""
    if {report.department_id, report.duty_of_id} & by.departments:
        return False
    require(by, "report.file_for")
    return True


@transaction.atomic
def start_optional(assignment: Assignment, period: ReportingPeriod, *, by: User) -> ProgressReport:
    """Begin the report of an optional duty: its row exists from now on. A second call finds the first one's row."""
    if assignment.department_id not in by.departments:
        require(by, "report.file_for")
    period = lock_moving_period(period.pk)
    existing = ProgressReport.objects.filter(assignment=assignment, period=period).first()
    if existing:
        return existing
    in_force = Assignment.objects.in_force(period.covers_from, period.covers_to)
    if not in_force.filter(pk=assignment.pk, item__plan=period.plan_id).exists():
        raise Refused("这项分工不在本期范围内。", code="not_in_period")
    report = ProgressReport.objects.create(**row_values(assignment, period, required=False))
    audit.record("report.started", report, by=by)
    return report


def row_values(assignment: Assignment, period: ReportingPeriod, *, required: bool) -> dict:
    """Column values of a new report: its own copy of what the assignment says today."""
    return {
        "assignment": assignment,
        "period": period,
        "plan_id": period.plan_id,
        "item": assignment.item,
        "item_revision": assignment.item.revision,
        "department_id": assignment.department_id,
        "duty_of_id": assignment.department_id,
        "role": assignment.role,
        "required": required,
        "due_at": period.due_at,
    }


@transaction.atomic
def save_draft(report: ProgressReport, *, by: User, version: int, **values) -> ProgressReport:
    """Keep what was typed so far; texts may be incomplete, never too long.

    Raises NotReady for an over-long text, AlreadyMoved when the row was edited or moved meanwhile, PeriodClosed.
    """
    on_behalf = require_filing(report, by)
    lock_for(report)
    values = {name: values[name] for name in validators.DRAFT_FIELDS if name in values}
    if errors := validators.too_long(values):
        raise NotReady(errors)
    first = report.state == ReportState.AWAITING
    state = ReportState.RETURNED if report.state == ReportState.RETURNED else ReportState.DRAFT
    move(report, states=(report.state,) if report.state in WRITABLE else (), version=version, state=state,
         edited_by=by, edited_at=clock.now(), **values)  # fmt: skip
    if first:
        note_event(report, EventVerb.SAVED, by=by, on_behalf=on_behalf)
        touch_plan(report.plan_id)
        audit.record("report.draft_started", report, by=by)
    return report


@transaction.atomic
def submit(report: ProgressReport, *, by: User, version: int) -> ProgressReport:
    """Hand in one department's month and record who did it.

    Raises NotReady when something required is missing, AlreadyMoved when the row is not as `by` saw it, PeriodClosed.
    """
    on_behalf = require_filing(report, by)
    lock_for(report)
    report.refresh_from_db()
    if errors := validators.filing_errors(text_of(report) | {"approved_on": report.approved_on}, today=clock.today()):
        raise NotReady(errors)
    now = clock.now()
    event = note_event(
        report, EventVerb.SUBMITTED, by=by, on_behalf=on_behalf, text=_counted_text(report), version=version + 1
    )
    move(report, states=WRITABLE, version=version, state=ReportState.SUBMITTED, submission=event, filed_by=by,
         on_behalf=on_behalf, submitted_at=now, first_submitted_at=report.first_submitted_at or now)  # fmt: skip
    report.attachments.filter(removed_at=None, submission=None).update(submission=event)
    _keep_request(report)
    touch_plan(report.plan_id)
    audit.record("report.submitted", report, by=by, after={"submission": event.pk, "on_behalf": on_behalf})
    return report


@transaction.atomic
def withdraw(report: ProgressReport, *, by: User, version: int) -> ProgressReport:
    """Take back what nobody has decided yet: to draft, or to returned when it came from there.

    A withdrawal before any decision clears the counted submission, so that lateness starts anew.
    """
    on_behalf = require_filing(report, by)
    lock_for(report)
    report.refresh_from_db()
    decided = report.events.standing().decisions().exists()
    state = ReportState.RETURNED if report.returned_at else ReportState.DRAFT
    move(report, states=(ReportState.SUBMITTED,), version=version, state=state, submitted_at=None,
         first_submitted_at=report.first_submitted_at if decided else None)  # fmt: skip
    note_event(report, EventVerb.WITHDRAWN, by=by, on_behalf=on_behalf)
    touch_plan(report.plan_id)
    audit.record("report.withdrawn", report, by=by)
    return report


def _counted_text(report: ProgressReport) -> dict:
    """The text as handed in: fields the kind of month does not ask for are left out, whatever the draft still holds."""
    text = text_of(report)
    if report.kind == MonthKind.NO_CHANGE:
        text |= dict.fromkeys(("progress_text", "problems", "coordination", "next_step", "self_light"), "")
    else:
        text["no_change_reason"] = ""
    if report.kind == MonthKind.COMPLETED:
        text["self_light"] = ""
    return text


def _keep_request(report: ProgressReport) -> None:
    """Keep the department's request to the province beside the report that makes it; an empty one closes it."""
    asked = report.submitted_text["coordination"].strip()
    standing = CoordinationRequest.objects.filter(report=report)
    if not asked:
        standing.update(state=CoordinationState.CLOSED)
    elif not standing.exclude(state=CoordinationState.CLOSED).update(text=asked):
        fresh = {"text": asked, "state": CoordinationState.RAISED, "raised_at": clock.now()}
        whose = {"plan_id": report.plan_id, "item_id": report.item_id, "department_id": report.department_id}
        CoordinationRequest.objects.update_or_create(report=report, defaults=fresh, create_defaults=fresh | whose)


def note_event(report: ProgressReport, verb: EventVerb, *, by: User | None, **values) -> ReportEvent:
    """Append one event; `version` defaults to the report's present one."""
    return ReportEvent.objects.create(
        report=report, verb=verb, by=by, at=clock.now(), **{"version": report.version} | values
    )
