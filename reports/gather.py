"""One month as plain JSON: everything its files print, so that they never ask the database again.

Schema 1. Dates are ISO text, lights and states are codes of `tasks.choices` with their words beside them.

    plan, period, settings   names and rules in force for the month; `data_as_of` is the day its figures stand for
    counts                   expected, accepted, filed, on_time, late, missing, returned, waived, nil, optional_filed,
                             open_items; expected = filed + missing + returned
    lights, previous         items by confirmed light, and the same of the period before (None when there was none)
    sections                 number, title, lights
    items                    wording, units, the three lights, last month's light, texts, filing words
    departments              counts, lights of the items they answer for, sentences, requests; in document order
    overdue                  what was not filed, filed late or returned and not mended; then items that lag
    missing                  departments and items without a counted report
    rows                     one per department and item

The number of queries does not depend on how many rows there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Post
from calendars import clock
from reports import wording
from reports.models import MonthlyReport
from tasks.choices import FILED, OWING, AssignmentRole, Light, MonthKind, PeriodState, ReportState
from tasks.lateness import days_late, days_overdue
from tasks.models import (
    Assessment,
    Assignment,
    PlanPost,
    ProgressReport,
    ReportEvent,
    ReportingPeriod,
    Section,
    WorkItem,
)

SCHEMA = 1
LAGGING = (Light.FAR_BEHIND, Light.BEHIND)


@dataclass
class Filing:
    """A report as this month prints it: in a correction, what is not handed in again counts as issued before."""

    report: ProgressReport
    state: str
    submission: ReportEvent | None

    @classmethod
    def of(cls, report: ProgressReport) -> Filing:
        if report.state in OWING and report.state_before_revision:
            return cls(report, report.state_before_revision, report.issued)
        return cls(report, report.state, report.submission)

    @property
    def is_filed(self) -> bool:
        return self.state in FILED

    @property
    def is_returned(self) -> bool:
        """Sent back by the office and not handed in again."""
        unanswered = self.state in (ReportState.RETURNED, ReportState.LAPSED)
        return unanswered and self.report.return_count > 0 and self.submission is not None

    @property
    def counts(self) -> bool:
        return self.report.required and self.state != ReportState.WAIVED

    @property
    def text(self) -> dict:
        """What was last handed in, if it still stands; never the edit in progress."""
        return self.submission.text if self.submission and (self.is_filed or self.is_returned) else {}

    @property
    def late_by(self) -> int:
        period = self.report.period
        if not self.is_filed:
            return 0
        return days_late(self.report.due_at, self.report.first_submitted_at, is_backfill=period.is_backfill)

    @property
    def words(self) -> str:
        return wording.state_words(self.state, returned=self.is_returned)

    @property
    def wanted_on(self) -> date:
        due = self.report.return_due_at if self.is_returned and self.report.return_due_at else self.report.due_at
        return clock.local_date(due)

    def overdue_by(self, on: date) -> int:
        due = self.report.return_due_at if self.is_returned and self.report.return_due_at else self.report.due_at
        return days_overdue(due, on=on, is_backfill=self.report.period.is_backfill)


@dataclass
class Month:
    """All rows one month is made of, read once."""

    period: ReportingPeriod
    on: date
    sections: list[Section]
    items: list[WorkItem]
    duties: dict[int, list[Assignment]]
    filings: dict[int, list[Filing]]
    assessments: dict[int, Assessment]
    before: ReportingPeriod | None
    lights_before: dict[int, str]
    counts_before: dict | None
    liaisons: dict[int, str] = field(default_factory=dict)

    @property
    def all_filings(self) -> list[Filing]:
        return [filing for item in self.items for filing in self.filings[item.pk]]

    def light(self, item: WorkItem) -> str:
        assessment = self.assessments.get(item.pk)
        return assessment.confirmed_light if assessment else Light.NOT_APPLICABLE


def gather(period: ReportingPeriod) -> dict[str, Any]:
    """The whole month of an opened period as plain JSON (schema 1). A fixed number of queries."""
    month = read(period)
    lights = Counter(month.light(item) for item in month.items)
    return {
        "schema": SCHEMA,
        "plan": {"id": month.period.plan_id, "title": month.period.plan.title, "number": month.period.plan.number},
        "period": _period(month.period),
        "data_as_of": _as_of(month.period).isoformat(),
        "settings": _settings(month.period),
        "counts": _counts(month.all_filings) | {"open_items": len(_open_items(month)), "items": len(month.items)},
        "lights": _tally(lights),
        "previous": _previous(month),
        "sections": [_section(month, section) for section in month.sections],
        "items": [_item(month, item) for item in month.items],
        "departments": _departments(month),
        "overdue": {"filing": _overdue(month), "work": _lagging(month)},
        "missing": [_missing(filing) for filing in month.all_filings if filing.counts and not filing.is_filed],
        "rows": [_row(month, filing) for filing in month.all_filings],
    }


def read(period: ReportingPeriod) -> Month:
    """Everything the month needs, in a fixed number of queries."""
    period = ReportingPeriod.objects.select_related("plan", "settings").get(pk=period.pk)
    on = clock.local_date(period.first_finalised_at or clock.now())
    before = _period_before(period)
    return Month(
        period=period,
        on=on,
        sections=list(Section.objects.filter(plan=period.plan_id).select_related("parent").order_by("position")),
        items=list(WorkItem.objects.filter(plan=period.plan_id).select_related("revision").in_order()),
        duties=_duties(period),
        filings=_filings(period),
        assessments={row.item_id: row for row in Assessment.objects.filter(period=period)},
        before=before,
        lights_before=dict(Assessment.objects.filter(period=before).values_list("item", "confirmed_light")),
        counts_before=_counts_before(before),
        liaisons=_liaisons(period, on),
    )


def _period_before(period: ReportingPeriod) -> ReportingPeriod | None:
    earlier = ReportingPeriod.objects.opened().filter(plan=period.plan_id, kind=period.kind, start__lt=period.start)
    return earlier.order_by("-start").first()


def _duties(period: ReportingPeriod) -> dict[int, list[Assignment]]:
    """Duties valid in the period by item, those already 已完成 among them: the unit still answers for its item."""
    by_item = defaultdict(list)
    duties = Assignment.objects.filter(item__plan=period.plan_id, valid_from__lte=period.covers_to)
    for duty in duties.exclude(valid_to__lt=period.covers_from).select_related("department").in_order():
        by_item[duty.item_id].append(duty)
    return by_item


def _filings(period: ReportingPeriod) -> dict[int, list[Filing]]:
    """Reports by item in document order; optional ones count from the day they are handed in."""
    by_item = defaultdict(list)
    reports = ProgressReport.objects.filter(period=period).select_related(
        "period", "assignment", "item", "item_revision", "department", "submission", "issued"
    )
    for report in reports.in_order():
        filing = Filing.of(report)
        if report.required or filing.is_filed:
            by_item[report.item_id].append(filing)
    return by_item


def _counts_before(before: ReportingPeriod | None) -> dict | None:
    issued = MonthlyReport.objects.issued().filter(period=before).order_by("-number")
    return issued.values_list("snapshot__counts", flat=True).first()


def _liaisons(period: ReportingPeriod, on: date) -> dict[int, str]:
    """Whom the plan addresses in each department: its 计划联络员, else the A角."""
    posts = Post.objects.current(on).primary().exclude(department=None).values_list("department", "user__name")
    named = PlanPost.objects.current(on).filter(plan=period.plan_id).values_list("department", "user__name")
    return dict(posts) | dict(named)


def _period(period: ReportingPeriod) -> dict:
    return {
        "id": period.pk,
        "key": period.key,
        "label": period.label,
        "covers_from": period.covers_from.isoformat(),
        "covers_to": period.covers_to.isoformat(),
        "due_at": clock.local(period.due_at).isoformat(),
        "is_backfill": period.is_backfill,
        "is_final": period.state == PeriodState.FINALISED,
    }


def _as_of(period: ReportingPeriod) -> date:
    """The day the month's figures stand for: its end, its due date or its first issue, whichever comes first; before
    an issue never a day to come."""
    told = clock.local_date(period.first_finalised_at) if period.first_finalised_at else clock.today()
    return min(period.covers_to, clock.local_date(period.due_at), told)


def _settings(period: ReportingPeriod) -> dict:
    chosen = period.settings
    return {
        "version": chosen.version,
        "report_title": chosen.report_title,
        "office_name": chosen.office_name,
        "contact": chosen.contact,
        "behind_gap": f"{chosen.behind_gap.normalize():f}",
        "far_behind_gap": f"{chosen.far_behind_gap.normalize():f}",
    }


def _counts(filings: list[Filing]) -> dict[str, int]:
    expected = [filing for filing in filings if filing.counts]
    filed = [filing for filing in expected if filing.is_filed]
    late = sum(filing.late_by > 0 for filing in filed)
    returned = sum(filing.is_returned for filing in expected)
    return {
        "expected": len(expected),
        "accepted": sum(filing.state == ReportState.ACCEPTED for filing in filed),
        "filed": len(filed),
        "on_time": len(filed) - late,
        "late": late,
        "missing": len(expected) - len(filed) - returned,
        "returned": returned,
        "waived": sum(filing.state == ReportState.WAIVED for filing in filings),
        "nil": sum(filing.text.get("kind") == MonthKind.NO_CHANGE for filing in filed),
        "optional_filed": sum(not filing.report.required for filing in filings),
        "return_times": sum(filing.report.return_count for filing in filings),
    }


def _tally(lights: Counter) -> dict[str, int]:
    return {light: lights[light] for light in Light.values}


def _open_items(month: Month) -> list[WorkItem]:
    """Items on which nobody had to report this month (有则报)."""
    return [item for item in month.items if not any(filing.report.required for filing in month.filings[item.pk])]


def _previous(month: Month) -> dict | None:
    if month.before is None:
        return None
    lights = Counter(month.lights_before.values())
    return {"label": month.before.label, "lights": _tally(lights), "counts": month.counts_before}


def _section(month: Month, section: Section) -> dict:
    items = [item for item in month.items if item.section_id == section.pk]
    return {
        "number": section.number,
        "title": section.title,
        "parent": section.parent.number if section.parent else "",
        "items": len(items),
        "lights": _tally(Counter(month.light(item) for item in items)),
    }


def _item(month: Month, item: WorkItem) -> dict:
    filings, assessment = month.filings[item.pk], month.assessments.get(item.pk)
    shared = len(month.duties[item.pk]) > 1 or len(filings) > 1
    expected = [filing for filing in filings if filing.counts]
    light, light_before = month.light(item), month.lights_before.get(item.pk, "")
    return {
        "position": item.position,
        "number": item.number,
        "title": _title(item, filings),
        "section": next(at for at, section in enumerate(month.sections) if section.pk == item.section_id),
        "units": _unit_names(month, item),
        "light": light,
        "light_label": Light(light).label,
        "self_light": assessment.self_light if assessment else "",
        "computed_light": assessment.computed_light if assessment else "",
        "light_reason": assessment.reason if assessment else "",
        "previous_light": light_before,
        "arrow": wording.arrow(light_before, light),
        "text": _item_text(filings, assessment, shared=shared),
        "is_adopted": bool(assessment and assessment.adopted_text),
        "problems": _together(filings, "problems", shared=shared),
        "next_step": _together(filings, "next_step", shared=shared),
        "coordination": _together(filings, "coordination", shared=shared),
        "expected": len(expected),
        "filed": sum(filing.is_filed for filing in expected),
        "filing": wording.filing(
            len(expected),
            sum(filing.is_filed for filing in expected),
            sum(filing.report.required for filing in filings),
        ),
    }


def _title(item: WorkItem, filings: list[Filing]) -> str:
    """The wording the month was opened with; later rewordings do not reach back."""
    return filings[0].report.item_revision.title if filings else item.revision.title


def _unit_names(month: Month, item: WorkItem) -> str:
    """As asked this month: the reports' own copies first, then duties that have no row in it."""
    filings = month.filings[item.pk]
    asked = {filing.report.assignment_id for filing in filings}
    pairs = [(filing.report.role, filing.report.department.name) for filing in filings]
    pairs += [(duty.role, duty.department.name) for duty in month.duties[item.pk] if duty.pk not in asked]
    by_role = defaultdict(list)
    for role, name in pairs:
        if name not in by_role[role]:
            by_role[role].append(name)
    return wording.units(by_role, item.open_units)


def _item_text(filings: list[Filing], assessment: Assessment | None, *, shared: bool) -> str:
    """The office's 采用稿, else the parts joined; who is missing is said in both."""
    if assessment and assessment.adopted_text:
        gaps = [filing for filing in filings if filing.counts and not filing.is_filed]
        missing = [f"（{filing.report.department.name}{filing.words}）" for filing in gaps]
        return "\n".join([assessment.adopted_text, *missing])
    parts = [(filing.report.department.name, _said(filing)) for filing in filings]
    return wording.joined(parts, shared=shared)


def _said(filing: Filing) -> str:
    if filing.state == ReportState.WAIVED:
        return ""
    text = wording.said(filing.text)
    if filing.is_filed:
        return text
    return f"（{filing.words}）{text}" if text else filing.words


def _together(filings: list[Filing], name: str, *, shared: bool) -> str:
    parts = [(filing.report.department.name, filing.text.get(name, "").strip()) for filing in filings]
    return wording.joined(parts, shared=shared)


def _departments(month: Month) -> list[dict]:
    """Every department with a duty, in the order the document first names it."""
    items_of, filings_of, names = defaultdict(list), defaultdict(list), {}
    for item in month.items:
        holders = [filing.report.department for filing in month.filings[item.pk]]
        holders += [duty.department for duty in month.duties[item.pk]]
        for department in holders:
            names.setdefault(department.pk, department.name)
            if item not in items_of[department.pk]:
                items_of[department.pk].append(item)
        for filing in month.filings[item.pk]:
            filings_of[filing.report.department_id].append((item, filing))
    return [_department(month, name, items_of[pk], filings_of[pk]) for pk, name in names.items()]


def _department(month: Month, name: str, items: list[WorkItem], filings: list[tuple[WorkItem, Filing]]) -> dict:
    news = [(item, filing) for item, filing in filings if filing.is_filed and filing.text["progress_text"]]
    return {
        "name": name,
        **_counts([filing for _, filing in filings]),
        "lights": _tally(Counter(month.light(item) for item in items)),
        "progress": _numbered((item, wording.first_sentence(filing.text["progress_text"])) for item, filing in news),
        "coordination": _numbered((item, filing.text.get("coordination", "").strip()) for item, filing in filings),
    }


def _numbered(parts) -> str:
    return "\n".join(f"第{item.number}项：{text}" for item, text in parts if text)


def _overdue(month: Month) -> list[dict]:
    """报送逾期: never filed, filed late, or returned and not mended; before the due day nothing is overdue."""
    rows = []
    for filing in month.all_filings:
        if not filing.counts:
            continue
        if filing.late_by:
            rows.append(_overdue_row(month, filing, "补报", filing.late_by))
        elif not filing.is_filed and (filing.state == ReportState.LAPSED or filing.overdue_by(month.on)):
            rows.append(_overdue_row(month, filing, filing.words, filing.overdue_by(month.on)))
    return rows


def _overdue_row(month: Month, filing: Filing, kind: str, days: int) -> dict:
    report = filing.report
    explained = report.return_reason if filing.is_returned else ""
    return {
        "department": report.department.name,
        "number": report.item.number,
        "title": report.item_revision.title,
        "kind": kind,
        "due_on": filing.wanted_on.isoformat(),
        "days": days,
        "liaison": month.liaisons.get(report.duty_of_id, ""),
        "note": f"退回理由：{explained}" if explained else "",
    }


def _lagging(month: Month) -> list[dict]:
    """工作滞后: items confirmed ■ or ▲, ■ first."""
    lagging = [item for light in LAGGING for item in month.items if month.light(item) == light]
    return [
        {
            "department": _unit_names(month, item),
            "number": item.number,
            "title": _title(item, month.filings[item.pk]),
            "light": month.light(item),
            "note": month.assessments[item.pk].reason
            or _together(month.filings[item.pk], "problems", shared=len(month.filings[item.pk]) > 1),
        }
        for item in lagging
    ]


def _missing(filing: Filing) -> dict:
    report = filing.report
    return {"department": report.department.name, "number": report.item.number, "words": filing.words}


def _row(month: Month, filing: Filing) -> dict:
    report, text = filing.report, filing.text
    filed_at = report.first_submitted_at if filing.is_filed else None
    section = next(section for section in month.sections if section.pk == report.item.section_id)
    light = month.light(report.item)
    return {
        "report": report.pk,
        "month": month.period.key,
        "section": f"{section.number}、{section.title}",
        "position": report.item.position,
        "number": report.item.number,
        "title": report.item_revision.title,
        "department": report.department.name,
        "scope": report.assignment.scope,
        "role": report.role,
        "role_label": AssignmentRole(report.role).label,
        "required": report.required,
        "state": filing.state,
        "state_label": filing.words,
        "kind": text.get("kind", ""),
        "kind_label": MonthKind(text["kind"]).label if text else "",
        "due_on": clock.local_date(report.due_at).isoformat(),
        "filed_on": clock.local_date(filed_at).isoformat() if filed_at else "",
        "days_late": filing.late_by,
        "return_times": report.return_count,
        "self_light": text.get("self_light", ""),
        "self_light_label": Light(text["self_light"]).label if text.get("self_light") else "",
        "light": light,
        "light_label": Light(light).label,
        "text": wording.said(text),
        "problems": text.get("problems", ""),
        "coordination": text.get("coordination", ""),
        "next_step": text.get("next_step", ""),
        "approver": text.get("approver", ""),
        "approved_on": text.get("approved_on") or "",
    }
