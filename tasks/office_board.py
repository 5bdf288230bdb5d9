"""Where a period stands, prepared for the office's pages: counts, who still owes, what waits for a decision.

One call asks the database a fixed number of times, however many departments, items or months there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, IntegerField, JSONField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Post, User
from calendars import clock
from tasks import validators
from tasks.choices import GLYPHS, OWING, CoordinationState, EventVerb, Light, NoteState, PeriodKind, ReportState
from tasks.debtors import away_words
from tasks.lateness import days_late, days_overdue
from tasks.models import (
    Assessment,
    Assignment,
    CoordinationRequest,
    CountyNote,
    Plan,
    PlanPost,
    ProgressReport,
    ReportEvent,
    ReportingPeriod,
)
from tasks.wording import moment_words, near_moment

# Nothing of theirs has come, or came and was not mended before the month was issued.
NOT_IN = (ReportState.AWAITING, ReportState.DRAFT, ReportState.LAPSED)
UNDECIDED = (ReportState.AWAITING, ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED)
SHOWN_LIGHTS = (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND, Light.DONE, Light.UNASSESSED)


@dataclass(frozen=True)
class Contact:
    """Whom to call in a department. `phone` is the whole number, `masked_phone` what lists show; `standing` why he."""

    name: str = ""
    phone: str = ""
    standing: str = ""
    key: int = 0
    email: str = ""

    @property
    def words(self) -> str:
        """张三（代李四，外出至12月10日）"""
        return f"{self.name}（{self.standing}）" if self.standing else self.name

    @property
    def masked_phone(self) -> str:
        return f"****{self.phone[-4:]}" if len(self.phone) > 4 else self.phone


@dataclass
class LateDepartment:
    """A department that has not handed in everything: one row of 谁还没报."""

    key: int
    name: str
    contact: Contact
    backup: Contact
    reports: list[ProgressReport] = field(default_factory=list)
    state_words: str = ""
    days_overdue: int = 0
    chases: int = 0

    @property
    def numbers(self) -> str:
        return "、".join(dict.fromkeys(report.item.number for report in self.reports))


@dataclass(frozen=True)
class LightCount:
    code: str
    label: str
    glyph: str
    now: int
    before: int


@dataclass
class PeriodBoard:
    """`expected` 应报, `filed` 已报 (waiting or accepted), `missing` 未报 (not started or draft), all without waived
    and optional ones. `returned` are 退回未改. `late` holds one row a department, not started first.
    """

    period: ReportingPeriod
    reports: list[ProgressReport]
    late: list[LateDepartment]
    returned: list[ProgressReport]
    lights: list[LightCount]
    assessed: int
    items: int
    ready_to_assess: list[str]
    flagged: int
    oldest_waiting: datetime | None
    open_notes: int
    open_requests: int
    previous: ReportingPeriod | None
    contact: str = ""

    @property
    def required(self) -> list[ProgressReport]:
        return [report for report in self.reports if report.required and report.state != ReportState.WAIVED]

    @property
    def optional(self) -> list[ProgressReport]:
        return [report for report in self.reports if not report.required]

    def _count(self, *states: str) -> int:
        return sum(report.state in states for report in self.required)

    @property
    def expected(self) -> int:
        return len(self.required)

    @property
    def departments(self) -> int:
        return len({report.duty_of_id for report in self.required})

    @property
    def filed(self) -> int:
        return self._count(ReportState.SUBMITTED, ReportState.ACCEPTED)

    @property
    def accepted(self) -> int:
        return self._count(ReportState.ACCEPTED)

    @property
    def waiting(self) -> int:
        """Reports in the review queue, optional ones included."""
        return sum(report.state == ReportState.SUBMITTED for report in self.reports)

    @property
    def missing(self) -> int:
        return self._count(*NOT_IN)

    @property
    def punctual(self) -> int:
        on_time = (report for report in self.required if report.state in (ReportState.SUBMITTED, ReportState.ACCEPTED))
        return sum(not report.days_late for report in on_time)

    @property
    def waived(self) -> int:
        return sum(report.required and report.state == ReportState.WAIVED for report in self.reports)

    @property
    def percent_filed(self) -> int:
        return round(100 * self.filed / self.expected) if self.expected else 0

    @property
    def clean(self) -> int:
        return self.waiting - self.flagged

    @property
    def names_to_copy(self) -> str:
        """The departments that still owe, one a line with their items: ready to paste."""
        return "\n".join(f"{row.name}：第{row.numbers}项（{row.state_words}）" for row in self.late)

    def group_text(self, *, named: bool) -> str:
        """The reminder for a work group (群文字), with or without the departments' names."""
        if not self.late:
            return ""
        whom = "、".join(row.name for row in self.late) if named else "各有关单位"
        contact = f"联系人：{self.contact}。" if self.contact else ""
        return (
            f"【月调度提醒】{whom}：{self.period.label}工作重点进展，尚有{len(self.late)}个单位{self.missing}份未报送。"
            f"请于{moment_words(self.period.due_at)}前登录系统填报，已报送的单位不用重复填；没有新进展的，选“无新进展”即可。{contact}"
        )


def period_board(period: ReportingPeriod, *, now: datetime | None = None) -> PeriodBoard:
    """Everything the staff's home and the period's page show of one period: seven queries."""
    now = now or clock.now()
    today = clock.local_date(now)
    reports = roster(period, today=today)
    for report in reports:
        report.flags = flags_of(report)
    waiting = [report for report in reports if report.state == ReportState.SUBMITTED]
    previous = previous_period(period)
    lights, ready = _lights(period, previous, reports)
    shown = {code: (current, before) for code, current, before in lights}
    return PeriodBoard(
        period=period,
        reports=reports,
        late=late_departments(reports, period, today=today),
        returned=[report for report in reports if report.state == ReportState.RETURNED],
        lights=[LightCount(code, code.label, GLYPHS[code], *shown[code]) for code in SHOWN_LIGHTS],
        assessed=sum(now_ for code, now_, _ in lights if code != Light.UNASSESSED),
        items=sum(now_ for _, now_, _ in lights),
        ready_to_assess=ready,
        flagged=sum(bool(report.flags) for report in waiting),
        oldest_waiting=min((report.submitted_at for report in waiting), default=None),
        open_notes=CountyNote.objects.filter(plan=period.plan_id, state=NoteState.OPEN).count(),
        open_requests=CoordinationRequest.objects.filter(plan=period.plan_id)
        .standing()
        .exclude(state=CoordinationState.ANSWERED)
        .count(),
        previous=previous,
        contact=reports[0].period.contact if reports else "",
    )


def roster(period: ReportingPeriod, *, today: date) -> list[ProgressReport]:
    """All rows of the period in document order, each with `days_late`, `days_overdue`, `earlier_text` and `chases`."""
    rows = ProgressReport.objects.filter(period=period).for_table().select_related("duty_of", "period__settings")
    reports = list(with_chases(with_earlier_text(rows.in_order())))
    for report in reports:
        report.days_late = days_late(report.due_at, report.first_submitted_at, is_backfill=period.is_backfill)
        owes = report.state in OWING and report.required
        report.days_overdue = (
            days_overdue(report.due_at, on=today, is_backfill=period.is_backfill)
            if owes and report.first_submitted_at is None
            else 0
        )
    return reports


def with_chases(reports):
    """Annotate `chases`: how often the office has chased this report, calls included."""
    chased = ReportEvent.objects.filter(report=OuterRef("pk"), verb=EventVerb.CHASED, undone_by=None).order_by()
    counted = chased.values("report").annotate(number=Count("pk")).values("number")
    return reports.annotate(chases=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def with_earlier_text(reports):
    """Annotate `earlier_text` and `earlier_start`: what was handed in for the same duty in the latest earlier month.

    A duty taken over in a merger goes on with its predecessor's text.
    """
    duty = Q(assignment=OuterRef("assignment")) | Q(assignment=OuterRef("assignment__replaces"))
    earlier = (
        ProgressReport.objects.filter(duty, period__start__lt=OuterRef("period__start"), submission__isnull=False)
        .exclude(state=ReportState.DRAFT)
        .order_by("-period__start")
    )
    return reports.annotate(
        earlier_text=Subquery(earlier.values("submission__text")[:1], output_field=JSONField()),
        earlier_start=Subquery(earlier.values("period__start")[:1]),
    )


def flags_of(report: ProgressReport) -> list[str]:
    """Remarks a reviewer reads before deciding; only a report that waits for a decision has any."""
    if report.state != ReportState.SUBMITTED:
        return []
    return validators.warnings(report.submission.text, report.earlier_text)


def late_departments(
    reports: Iterable[ProgressReport], period: ReportingPeriod, *, today: date
) -> list[LateDepartment]:
    """Departments with something not handed in, the ones that have not begun first, then in office order."""
    owing = [report for report in reports if report.required and report.state in NOT_IN]
    grouped: dict[int, list[ProgressReport]] = {}
    for report in owing:
        grouped.setdefault(report.duty_of_id, []).append(report)
    contacts = contacts_of(grouped, plan=period.plan_id, on=today)
    rows = []
    for key, owed in grouped.items():
        first, backup = contacts.get(key, (Contact(), Contact()))
        rows.append(
            LateDepartment(
                key=key,
                name=owed[0].duty_of.name,
                contact=first,
                backup=backup,
                reports=owed,
                state_words=state_words(owed, today=today),
                days_overdue=max(report.days_overdue for report in owed),
                chases=max(report.chases for report in owed),
            )
        )
    return sorted(rows, key=lambda row: (row.state_words != "未开始", _office_order(row)))


def _office_order(row: LateDepartment) -> tuple[int, int]:
    return row.reports[0].duty_of.protocol_order, row.key


def state_words(owed: list[ProgressReport], *, today: date) -> str:
    """How far a department got: 未开始, 草稿 2/5，今天 08:50, or 草稿 2 份，未开始 1 份，昨天 17:40."""
    if all(report.state == ReportState.LAPSED for report in owed):
        return "退回未改" if all(report.returned_at for report in owed) else "未报"
    drafts = [report for report in owed if report.state == ReportState.DRAFT]
    if not drafts:
        return "未开始"
    saved = near_moment(max(report.edited_at for report in drafts), today=today)
    if len(owed) == 1:
        return f"草稿 {filled_fields(drafts[0])}，{saved}"
    untouched = len(owed) - len(drafts)
    return f"草稿 {len(drafts)} 份，" + (f"未开始 {untouched} 份，" if untouched else "") + saved


def filled_fields(report: ProgressReport) -> str:
    """Required fields filled in a draft, 「2/5」: how far it is, never what it says."""
    wanted = validators.REQUIRED.get(report.kind) or validators.REQUIRED["progress"]
    return f"{sum(bool(getattr(report, name)) for name in wanted)}/{len(wanted)}"


def contacts_of(department_ids: Iterable[int], *, plan: int, on: date) -> dict[int, tuple[Contact, Contact]]:
    """A角 and B角 of each department on that day; the plan's own liaison goes before the ordinary A角. Two queries."""
    department_ids = list(department_ids)
    found: dict[int, list[Contact]] = {key: [Contact(), Contact()] for key in department_ids}
    for post in Post.objects.current(on).filter(department__in=department_ids).select_related("user"):
        standing = away_words(post) if post.away_on(on) else ""
        found[post.department_id][post.kind != "primary"] = contact_of(post.user, standing)
    for post in PlanPost.objects.current(on).filter(plan=plan, department__in=department_ids).select_related("user"):
        found[post.department_id][0] = contact_of(post.user)
    return {key: (first, backup) for key, (first, backup) in found.items()}


def contact_of(user: User, standing: str = "") -> Contact:
    return Contact(user.name, user.phone, standing, user.pk, user.email)


def previous_period(period: ReportingPeriod) -> ReportingPeriod | None:
    return (
        ReportingPeriod.objects.filter(plan=period.plan_id, kind=period.kind, start__lt=period.start)
        .opened()
        .order_by("-start")
        .first()
    )


def _lights(period, previous, reports) -> tuple[list[tuple[Light, int, int]], list[str]]:
    """(code, items now, items last month) and the numbers of items whose reports are all in but whose light is not."""
    rows = Assessment.objects.filter(period__in=[one for one in (period, previous) if one]).select_related("item")
    rows = list(rows.order_by("item__position"))
    now = Counter(row.confirmed_light for row in rows if row.period_id == period.pk)
    before = Counter(row.confirmed_light for row in rows if row.period_id != period.pk)
    asked = {report.item_id for report in reports if report.required and report.state != ReportState.WAIVED}
    unfinished = {report.item_id for report in reports if report.required and report.state in UNDECIDED}
    ready = [
        row.item.number
        for row in rows
        if row.period_id == period.pk and row.confirmed_light == Light.UNASSESSED and row.item_id in asked - unfinished
    ]
    codes = [code for code in Light if code != Light.NOT_APPLICABLE]
    return [(code, now[code], before[code]) for code in codes], ready


# --- Opening a month ------------------------------------------------------------------------------------------------


@dataclass
class RosterPreview:
    """Whom a month would ask, and what changed since the last one. Changes are (department, item number) in order."""

    duties: list[Assignment]
    joined: list[tuple[str, str]]
    left: list[tuple[str, str]]
    previous: ReportingPeriod | None
    unmanned: list[str]

    @property
    def departments(self) -> int:
        return len({duty.department_id for duty in self.duties})


def roster_preview(plan: Plan, month, *, on: date) -> RosterPreview:
    """What opening `month` now would ask for: by the same rule by which the rows are made."""
    plan_settings = plan.settings.order_by("-version").first()
    duties = list(
        Assignment.objects.filter(item__plan=plan, cadence=PeriodKind.MONTH)
        .in_force(month.first_day, month.last_day)
        .required_by(plan_settings)
        .select_related("item", "department")
        .in_order()
    )
    periods = plan.periods.filter(kind=PeriodKind.MONTH, start__lt=month.first_day).opened()
    previous = periods.order_by("-start").first()
    asked = {(duty.department.name, duty.item.number): duty for duty in duties}
    before = _asked_in(previous) if previous else {}
    contacts = contacts_of({duty.department_id for duty in duties}, plan=plan.pk, on=on)
    names = {duty.department_id: duty.department.name for duty in duties}
    return RosterPreview(
        duties=duties,
        joined=[pair for pair in asked if pair not in before] if previous else [],
        left=[pair for pair in before if pair not in asked],
        previous=previous,
        unmanned=[names[key] for key, (first, _) in contacts.items() if not first.name],
    )


def _asked_in(period: ReportingPeriod) -> dict[tuple[str, str], None]:
    rows = period.reports.filter(required=True).in_order().values_list("department__name", "item__number")
    return dict.fromkeys(rows)
