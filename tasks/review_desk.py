"""The review page, prepared: the queue in its order, and one report beside last month's for the reading pane."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from accounts.models import User
from calendars import clock
from tasks.choices import MOVING, Light, MonthKind, PeriodKind, ReportState
from tasks.diff import Parts, marked
from tasks.lateness import days_late
from tasks.models import Assessment, Plan, ProgressReport, ReportAttachment, ReportEvent, ReportingPeriod
from tasks.office_board import flags_of, with_earlier_text
from tasks.services.assessing import light_of, worst
from tasks.validators import is_same_as_last

UNDO_SHOWN_FOR = timedelta(hours=1)
COMPARED = (
    ("progress_text", "进展情况"),
    ("problems", "存在问题"),
    ("coordination", "需省级协调"),
    ("next_step", "下一步打算"),
    ("no_change_reason", "无新进展原因"),
)


def moving_periods(plan: Plan) -> list[ReportingPeriod]:
    """Months whose reports may be decided, earliest first, each with `waiting`."""
    waiting = Count("reports", Q(reports__state=ReportState.SUBMITTED))
    periods = plan.periods.filter(kind=PeriodKind.MONTH, state__in=MOVING)
    return list(periods.select_related("settings").annotate(waiting=waiting).in_order())


def queue(period: ReportingPeriod, *, user: User, by_number: bool = False) -> list[ProgressReport]:
    """What waits for a decision: with remarks first, then the clean ones, late ones (补报) last; two queries at most.

    Each row has `flags`, `is_same` (与上月雷同), `days_late`, `is_clean`, and `is_own`: filed by `user`, who then may
    not accept it.
    """
    rows = list(with_earlier_text(ProgressReport.objects.filter(period=period).waiting().for_table()).in_order())
    for report in rows:
        prepare(report, period, user=user)
    if by_number:
        return rows
    return sorted(rows, key=lambda report: (report.days_late > 0, not report.flags))


def prepare(report: ProgressReport, period: ReportingPeriod, *, user: User) -> ProgressReport:
    report.flags = flags_of(report)
    report.is_same = bool(report.flags) and is_same_as_last(report.submission.text, report.earlier_text)
    report.days_late = days_late(report.due_at, report.first_submitted_at, is_backfill=period.is_backfill)
    report.is_own = report.filed_by_id == user.pk
    report.is_clean = not report.flags and not report.is_own
    return report


def state_counts(period: ReportingPeriod) -> Counter:
    """Required reports by state, waived ones left out."""
    states = period.reports.required().order_by().values_list("state").annotate(Count("pk"))
    return Counter(dict(states))


def last_decision(period: ReportingPeriod, *, user: User) -> ReportEvent | None:
    """The user's latest decision in the period while it can be undone, with `total`: how many its batch holds."""
    decisions = ReportEvent.objects.standing().decisions().filter(by=user, report__period=period)
    recent = decisions.filter(at__gte=clock.now() - UNDO_SHOWN_FOR)
    event = recent.select_related("report__item", "report__department").order_by("-pk").first()
    if event is None or event.report.version != event.version:
        return None
    event.total = decisions.filter(batch=event.batch).count() if event.batch else 1
    return event


@dataclass
class Compared:
    label: str
    now: Parts
    before: Parts


@dataclass
class Pane:
    """One report as the reviewer reads it. `siblings` are the item's required reports, this one among them.

    `may_confirm`: accepting this report completes the item, so its light can be confirmed at once. `suggested` is the
    item's self-rating once this report is accepted; `last_light` what was confirmed last month.
    """

    report: ProgressReport
    compared: list[Compared]
    attachments: list[ReportAttachment]
    siblings: list[ProgressReport]
    assessment: Assessment
    last_light: str
    own_light: str
    suggested: str

    @property
    def others_open(self) -> list[ProgressReport]:
        return [one for one in self.siblings if one.pk != self.report.pk and one.state != ReportState.ACCEPTED]

    @property
    def may_confirm(self) -> bool:
        return self.report.required and not self.others_open


def pane_of(report: ProgressReport) -> Pane:
    """Five queries, whatever the item. `report` carries `earlier_text` (see `with_earlier_text`)."""
    text = report.submission.text if report.submission else {}
    siblings = ProgressReport.objects.filter(period=report.period_id, item=report.item_id).required()
    siblings = list(siblings.select_related("department", "submission").in_order())
    assessments = Assessment.objects.filter(item=report.item_id, period__plan=report.plan_id)
    earlier = assessments.filter(period__start__lt=report.period.start).exclude(
        confirmed_light__in=(Light.UNASSESSED, Light.NOT_APPLICABLE)
    )
    last = earlier.order_by("-period__start").first()
    accepted = [one.submission.text for one in siblings if one.state == ReportState.ACCEPTED and one.pk != report.pk]
    own = light_of(text) if text else ""
    return Pane(
        report=report,
        compared=compared(text, report.earlier_text or {}),
        attachments=list(report.attachments.filter(submission=report.submission_id).select_related("file"))
        if report.submission_id
        else [],
        siblings=siblings,
        assessment=assessments.get(period=report.period_id),
        last_light=last.confirmed_light if last else "",
        own_light=own,
        suggested=worst([own, *(light_of(one) for one in accepted)]),
    )


def compared(text: dict, earlier: dict) -> list[Compared]:
    """Line by line what is new and what is gone; lines empty in both months are left out."""
    rows = [Compared("本月情况", *_kinds(text, earlier))] if text else []
    for name, label in COMPARED:
        now, before = text.get(name, ""), earlier.get(name, "")
        if now or before:
            rows.append(Compared(label, *marked(now, before)))
    return rows


def _kinds(text: dict, earlier: dict) -> tuple[Parts, Parts]:
    now = MonthKind(text["kind"]).label
    before = MonthKind(earlier["kind"]).label if earlier.get("kind") else ""
    return [("same", now)], [("same", before)] if before else []
