"""One item's page: who answers, how it stood each month, what each department filed, what happened when.

Six queries whatever the number of months and departments; text only as the reader may have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Subquery
from django.urls import reverse

from calendars import clock
from imports.choices import ImportState
from imports.models import ImportItem
from tasks.choices import EventVerb, ReportState
from tasks.lateness import days_late, days_overdue
from tasks.models import Assessment, ProgressReport, ReportEvent, ReportingPeriod, WorkItem
from tasks.texts import may_read_adopted, readable_submission

# Acts of writing and chasing that tell a reader of the timeline nothing about the work.
SILENT = (EventVerb.SAVED,)


@dataclass
class UnitBlock:
    """One department's part of a month. `text` is None when there is none or the reader may not have it."""

    report: ProgressReport
    text: dict | None
    late: int
    overdue: int
    events: list[ReportEvent] = field(default_factory=list)


@dataclass
class MonthBlock:
    period: ReportingPeriod
    assessment: Assessment
    adopted: str
    units: list[UnitBlock]


def month_blocks(item: WorkItem, *, user, today) -> list[MonthBlock]:
    """The item's months, latest first, as `user` may read them. `today` is the local date, for what is overdue."""
    assessments = item.assessments.visible_to(user).select_related("period", "confirmed_by").order_by("-period__start")
    reports = _by_period(item)
    events = _events(item, user)
    return [
        MonthBlock(
            period=assessment.period,
            assessment=assessment,
            adopted=assessment.adopted_text if may_read_adopted(assessment.period, user=user) else "",
            units=[_unit(report, assessment.period, events, user, today) for report in reports[assessment.period_id]],
        )
        for assessment in assessments
    ]


def source_url(item: WorkItem, user) -> str:
    """Where the item's wording stands in the document it was imported from, for who may open imports."""
    revision = item.revision
    if revision is None or revision.source_id is None:
        return ""
    places = ImportItem.objects.visible_to(user).filter(
        document__source=revision.source_id, document__state=ImportState.PUBLISHED, start=revision.span_start
    )
    place = places.values_list("document_id", "pk").first()
    return f"{reverse('imports:detail', args=place[:1])}?item={place[1]}" if place else ""


def why_nobody(item: WorkItem, today: date) -> str:
    """What to say of an item for which no department answers (any more)."""
    last = item.assignments.aggregate(last=Max("valid_to"))["last"]
    if last is None:
        return f"{item.open_units}，有则报" if item.open_units else "没有责任单位"
    return f"责任分工{'将' if last >= today else '已'}于{last.year}年{last.month}月{last.day}日结束"


def _by_period(item: WorkItem) -> dict[int, list[ProgressReport]]:
    rows = item.reports.select_related("department", "submission", "issued", "filed_by", "item_revision").in_order()
    grouped: dict[int, list[ProgressReport]] = defaultdict(list)
    for report in rows:
        grouped[report.period_id].append(report)
    return grouped


def _events(item: WorkItem, user) -> dict[int, list[ReportEvent]]:
    """Events by report, of the reports whose text the reader may have at any time."""
    readable = ProgressReport.objects.visible_to(user).filter(item=item).values("pk")
    events = ReportEvent.objects.filter(report__in=readable).exclude(verb__in=SILENT).for_table()
    grouped: dict[int, list[ReportEvent]] = defaultdict(list)
    for event in events:
        grouped[event.report_id].append(event)
    return grouped


def _unit(report: ProgressReport, period: ReportingPeriod, events, user, today) -> UnitBlock:
    report.period = period
    submission = readable_submission(report, user=user)
    owing = report.required and report.state not in (ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.WAIVED)
    return UnitBlock(
        report=report,
        text=submission.text if submission else None,
        late=days_late(report.due_at, report.first_submitted_at, is_backfill=period.is_backfill),
        overdue=days_overdue(report.due_at, on=today, is_backfill=period.is_backfill) if owing else 0,
        events=_shown(events[report.pk], report, user),
    )


def _shown(events: Iterable[ReportEvent], report: ProgressReport, user) -> list[ReportEvent]:
    """What happened on the way is for the office, the leader and the own department; others read what was issued."""
    if user.may("report.read_all") or {report.department_id, report.duty_of_id} & user.departments:
        return list(events)
    return []


def with_neighbours(pk: int, user) -> tuple[WorkItem | None, WorkItem | None, WorkItem | None]:
    """The items before and after in the plan around the item itself; None where there is none or it is out of reach."""
    wanted = WorkItem.objects.filter(pk=pk)
    place = Subquery(wanted.values("position"))
    around = WorkItem.objects.visible_to(user).filter(
        plan=Subquery(wanted.values("plan")), position__range=(place - 1, place + 1)
    )
    by_place = {each.position: each for each in around.for_table().select_related("plan")}
    item = next((each for each in by_place.values() if each.pk == pk), None)
    if item is None:
        return None, None, None
    if not item.duties:
        item.nobody = why_nobody(item, clock.today())
    return by_place.get(item.position - 1), item, by_place.get(item.position + 1)
