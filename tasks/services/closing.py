"""Closing a period when it is issued, and reopening parts of it for a numbered correction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from calendars.months import Month
from tasks.choices import MOVING, OWING, EventVerb, MonthKind, PeriodState, ReportState
from tasks.errors import PeriodClosed, Refused
from tasks.models import Assignment, ProgressReport, ReportEvent, ReportingPeriod
from tasks.services.locks import lock_period, touch_plan


def hindrances(period: ReportingPeriod) -> str:
    """Why the period cannot be issued now, in words; empty when nothing bars it."""
    if period.state not in MOVING:
        return f"{period.label}{period.get_state_display()}，不能定稿。"
    waiting = period.reports.waiting().count()
    if waiting:
        return f"还有{waiting}份报送待审，请先通过或退回。"
    earlier = ReportingPeriod.objects.filter(
        plan=period.plan_id, kind=period.kind, start__lt=period.start, state=PeriodState.OPEN
    )
    if first := earlier.in_order().first():
        return f"{first.label}还没有定稿，请先定稿。"
    return ""


def owing_before_due(period: ReportingPeriod, *, now: datetime):
    """Required reports still owed whose due time (extensions included) has not come: finalising asks for a reason."""
    return period.reports.owing().filter(required=True, due_at__gt=now)


def close_period(period: ReportingPeriod, *, by: User, reason: str = "") -> ReportingPeriod:
    """Check and close a period: what is owed lapses and stays visible, texts are marked as issued. Runs in the caller's
    transaction, which also stores the snapshot (`reports.services.finalise`).

    Raises Refused with the hindrance, or when a reason is needed and missing.
    """
    require(by, "monthly.issue")
    period = lock_period(period.pk)
    if bar := hindrances(period):
        raise Refused(bar, code="not_finalisable")
    early = owing_before_due(period, now=clock.now()).count()
    if early and not reason.strip():
        raise Refused(f"还有{early}份报送未到截止时间。如需提前定稿，请写明理由。", code="reason_required")
    restored = _restore_unanswered(period, by=by)
    lapsed = _lapse(period, by=by)
    period.reports.filter(state=ReportState.ACCEPTED).update(issued=F("submission"))
    _close_completed(period, by=by)
    now = clock.now()
    period.state, period.finalised_at, period.revision = PeriodState.FINALISED, now, period.revision + 1
    period.first_finalised_at = period.first_finalised_at or now
    period.save(update_fields=("state", "finalised_at", "revision", "first_finalised_at"))
    touch_plan(period.plan_id)
    audit.record(
        "period.finalised", period, by=by,
        after={"revision": period.revision, "lapsed": lapsed, "restored": restored, "reason": reason.strip()},
    )  # fmt: skip
    return period


def _lapse(period: ReportingPeriod, *, by: User) -> list[int]:
    """Owed reports become 未报; optional drafts stay drafts. A returned one is issued with the text it came back with
    (退回未改); one taken back by its department is issued without."""
    owed = list(period.reports.owing().filter(required=True))
    _append(owed, EventVerb.LAPSED, by=by)
    lapsed = period.reports.filter(pk__in=[report.pk for report in owed])
    returned = [report.pk for report in owed if report.state == ReportState.RETURNED]
    lapsed.update(state=ReportState.LAPSED, version=F("version") + 1, issued=None)
    lapsed.filter(pk__in=returned).update(issued=F("submission"))
    return [report.pk for report in owed]


def _append(reports: Iterable[ProgressReport], verb: EventVerb, *, by: User, **values) -> None:
    now = clock.now()
    ReportEvent.objects.bulk_create(
        [
            ReportEvent(report=report, verb=verb, by=by, at=now, version=report.version + 1, **values)
            for report in reports
        ],
        batch_size=500,
    )


def _restore_unanswered(period: ReportingPeriod, *, by: User) -> list[int]:
    """At the end of a correction, a report not handed in again gets back its issued state and text."""
    if period.state != PeriodState.REVISING:
        return []
    unanswered = list(period.reports.owing().exclude(state_before_revision=""))
    _append(unanswered, EventVerb.RESTORED, by=by)
    for report in unanswered:
        _restore(report)
    period.reports.exclude(state_before_revision="").update(state_before_revision="")
    return [report.pk for report in unanswered]


def _restore(report: ProgressReport) -> None:
    issued = report.issued
    text = dict(issued.text or {}) if issued else {}
    if text:
        text["approved_on"] = date.fromisoformat(text["approved_on"]) if text["approved_on"] else None
    ProgressReport.objects.filter(pk=report.pk).update(
        state=report.state_before_revision, submission=issued, version=F("version") + 1,
        returned_at=None, return_reason="", return_field="", return_due_at=None, **text,
    )  # fmt: skip


def _close_completed(period: ReportingPeriod, *, by: User) -> None:
    """An accepted 已完成 closes its duty from the next period; rows of later periods already open become 免报.

    In a correction a duty that this period had closed and that is no longer 已完成 is asked for again.
    """
    following = Month.of(period.covers_to).next.first_day
    accepted = period.reports.filter(state=ReportState.ACCEPTED)
    completed = accepted.filter(submission__text__kind=MonthKind.COMPLETED)
    Assignment.objects.filter(reports__in=accepted, closed_from=following).exclude(reports__in=completed).update(
        closed_from=None
    )
    Assignment.objects.filter(reports__in=completed, closed_from=None).update(closed_from=following)
    later = list(
        ProgressReport.objects.filter(
            assignment__in=completed.values("assignment"),
            period__start__gt=period.start,
            period__state__in=MOVING,
            state__in=OWING,
        )
    )
    _append(later, EventVerb.WAIVED, by=by, reason=f"{period.label}已办结")
    ProgressReport.objects.filter(pk__in=[report.pk for report in later]).update(
        state=ReportState.WAIVED, version=F("version") + 1
    )


@transaction.atomic
def reopen_for_revision(
    period: ReportingPeriod, *, reports: Collection[int], items: Collection[int], reason: str, by: User
) -> ReportingPeriod:
    """Begin a numbered correction (修订): only the named reports and the assessments of the named items move again.

    `reports` are report keys, `items` item keys. Raises Refused without a reason or without anything named.
    """
    require(by, "monthly.issue")
    period = lock_period(period.pk)
    if period.state != PeriodState.FINALISED:
        raise PeriodClosed(f"{period.label}{period.get_state_display()}，不能修订。")
    if not reason.strip():
        raise Refused("请写明修订原因。", code="reason_required")
    named = list(period.reports.filter(pk__in=reports, state__in=(ReportState.ACCEPTED, ReportState.LAPSED)))
    touched = {report.item_id for report in named} | set(items)
    if not touched:
        raise Refused("请至少选择一份报送或一个事项。", code="nothing_named")
    number, now = period.revision + 1, clock.now()
    _append(named, EventVerb.REOPENED, by=by, reason=reason.strip())
    period.reports.filter(pk__in=[report.pk for report in named]).update(
        state=ReportState.RETURNED, state_before_revision=F("state"), named_in_revision=number, returned_at=now,
        return_reason=reason.strip(), return_field="", return_due_at=None, version=F("version") + 1,
    )  # fmt: skip
    period.assessments.filter(item__in=touched).update(named_in_revision=number, version=F("version") + 1)
    period.state, period.revision_reason = PeriodState.REVISING, reason.strip()
    period.save(update_fields=("state", "revision_reason"))
    touch_plan(period.plan_id)
    audit.record(
        "period.revision_begun", period, by=by,
        after={"revision": number, "reason": reason.strip(), "items": sorted(touched)},
        rows=[report.pk for report in named],
    )  # fmt: skip
    return period
