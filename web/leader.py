"""The leader's one screen: how many of each light, what is behind and why, who asks for help, section by section."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tasks.choices import FILED, WORST_FIRST, Light, ReportState
from tasks.lateness import days_late
from tasks.models import Assessment, CoordinationRequest, Plan, ProgressReport, ReportingPeriod
from tasks.texts import sentence_of

SHOWN = (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND, Light.DONE, Light.UNASSESSED)
NEEDS_AN_EYE = (Light.FAR_BEHIND, Light.BEHIND)


@dataclass
class Line:
    """One item behind: its light and last month's, a department's own words why, and what is asked for.

    `unit` is the department that speaks, `units` how many report on the item.
    """

    assessment: Assessment
    before: str
    unit: str
    units: int
    reason: str
    request: str

    @property
    def change(self) -> str:
        if not self.before or self.before in (Light.UNASSESSED, Light.NOT_APPLICABLE):
            return ""
        if self.before == self.assessment.confirmed_light:
            return "与上月相同"
        worse = self.assessment.confirmed_light == Light.FAR_BEHIND or self.before in (Light.NORMAL, Light.DONE)
        return (
            f"{Light(self.before).glyph} → {Light(self.assessment.confirmed_light).glyph} {'变差' if worse else '好转'}"
        )


@dataclass
class LeaderBoard:
    period: ReportingPeriod
    previous: ReportingPeriod | None
    lights: list[tuple[str, int, int]]
    punctual: int | None
    punctual_before: int | None
    lines: list[Line]
    sections: list[tuple]
    requests: list[CoordinationRequest]

    @property
    def first_lines(self) -> list[Line]:
        """As many as one screen of 768 px and one A4 page hold; the overview has the others."""
        return self.lines[:8]

    @property
    def further(self) -> int:
        return len(self.lines) - len(self.first_lines)


def leader_period(plan: Plan) -> ReportingPeriod | None:
    """The latest month issued; before the first issue the latest one opened."""
    return plan.periods.issued().in_order().last() or plan.periods.opened().in_order().last()


def leader_board(period: ReportingPeriod) -> LeaderBoard:
    """Six queries whatever the number of items and departments."""
    previous = (
        ReportingPeriod.objects.opened()
        .filter(plan=period.plan_id, kind=period.kind, start__lt=period.start)
        .order_by("start")
        .last()
    )
    asked = [period.pk, previous.pk] if previous else [period.pk]
    assessments = list(Assessment.objects.filter(period=period).select_related("item__revision", "item__section"))
    before_that = previous.pk if previous else 0
    earlier = dict(Assessment.objects.filter(period=before_that).values_list("item", "confirmed_light"))
    reports = list(
        ProgressReport.objects.filter(period__in=asked).select_related("department", "submission", "period").in_order()
    )
    requests = list(CoordinationRequest.objects.standing().filter(plan=period.plan_id).for_table())
    counts, before = Counter(a.confirmed_light for a in assessments), Counter(earlier.values())
    return LeaderBoard(
        period=period,
        previous=previous,
        lights=[(light, counts[light], counts[light] - before[light]) for light in SHOWN],
        punctual=_punctual(reports, period),
        punctual_before=_punctual(reports, previous),
        lines=_lines(period, assessments, earlier, [r for r in reports if r.period_id == period.pk], requests),
        sections=_sections(assessments),
        requests=requests,
    )


def _punctual(reports: list[ProgressReport], period: ReportingPeriod | None) -> int | None:
    """Percent of the reports asked for that were filed in time; None without any, or in a backfill month."""
    if period is None or period.is_backfill:
        return None
    asked = [r for r in reports if r.period_id == period.pk and r.required and r.state != ReportState.WAIVED]
    punctual = [r for r in asked if r.state in FILED and not days_late(r.due_at, r.first_submitted_at)]
    return round(100 * len(punctual) / len(asked)) if asked else None


def _lines(period, assessments, earlier, reports, requests) -> list[Line]:
    behind = [a for a in assessments if a.confirmed_light in NEEDS_AN_EYE]
    behind.sort(key=lambda a: (NEEDS_AN_EYE.index(a.confirmed_light), a.item.position))
    asked = {request.item_id: request.text for request in requests if request.report.period_id == period.pk}
    return [_line(each, earlier, [r for r in reports if r.item_id == each.item_id], asked) for each in behind]


def _line(assessment: Assessment, earlier: dict, reports: list[ProgressReport], asked: dict) -> Line:
    speaker = _speaker(reports)
    text = speaker.submission.text if speaker else None
    return Line(
        assessment=assessment,
        before=earlier.get(assessment.item_id, ""),
        unit=speaker.department.name if speaker else "",
        units=len(reports),
        reason=(text["problems"] or sentence_of(text)) if text else assessment.reason,
        request=asked.get(assessment.item_id, ""),
    )


def _speaker(reports: list[ProgressReport]) -> ProgressReport | None:
    """The accepted report that rated itself worst: its own words tell why the item is behind."""
    accepted = [report for report in reports if report.state == ReportState.ACCEPTED]
    rank = {light: place for place, light in enumerate(WORST_FIRST)}
    return min(accepted, key=lambda report: rank.get(report.submission.text["self_light"], len(rank)), default=None)


def _sections(assessments: list[Assessment]) -> list[tuple]:
    counted: dict = {}
    for each in sorted(assessments, key=lambda a: a.item.position):
        counted.setdefault(each.item.section, Counter())[each.confirmed_light] += 1
    return [(section, [(light, counts[light]) for light in SHOWN]) for section, counts in counted.items()]
