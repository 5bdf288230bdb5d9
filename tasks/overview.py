"""The plan at one look: items × months, prepared as rows. Five queries whatever the plan's size.

Cells are escaped HTML made here: a template loop over hundreds of cells is what such a page costs, not the database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from django.db.models import Case, TextField, Value, When
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from calendars.months import Month
from tasks.choices import FILED, WORST_FIRST, AssignmentRole, Light, PeriodState, ReportState
from tasks.models import Assessment, Plan, ProgressReport, ReportingPeriod, Section, WorkItem
from tasks.texts import item_progress

BETTER_OR_WORSE = {light: rank for rank, light in enumerate(reversed(WORST_FIRST))}  # done 0 … far_behind 3
FILING_FILTERS = {"missing": "有未报", "filed": "已报齐", "returned": "有退回", "optional": "有则报"}
NOT_OPENED = SafeString('<td class="future"><span aria-hidden="true">·</span><span class="sr">未开启</span></td>')
LIGHT_FILTERS = (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND, Light.DONE, Light.UNASSESSED, Light.NOT_APPLICABLE)


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything unknown is left out."""

    section: str = ""
    department: str = ""
    light: str = ""
    filing: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        light, filing = query.get("light", ""), query.get("filing", "")
        return cls(
            section=_number(query.get("section", "")),
            department=_number(query.get("department", "")),
            light=light if light in LIGHT_FILTERS else "",
            filing=filing if filing in FILING_FILTERS else "",
            words=query.get("q", "").strip()[:60],
        )

    def __bool__(self) -> bool:
        return any((self.section, self.department, self.light, self.filing, self.words))


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 10 else ""


@dataclass
class Row:
    """One item: its lights by month, who answers, how many filed, the latest progress."""

    item: WorkItem
    light: str
    filing: str
    filed_words: str
    progress: str
    cells: str = ""  # escaped HTML
    url: str = ""

    @property
    def units(self) -> str:
        names = "、".join(duty.department.name for duty in self.item.duties)
        return names or self.item.open_units

    @property
    def role_note(self) -> str:
        """牵头, n 家, or 有则报 when nobody is asked by name."""
        duties = self.item.duties
        if not duties:
            return "有则报"
        if len(duties) > 1:
            return f"{len(duties)} 家"
        return AssignmentRole(duties[0].role).label


@dataclass
class Block:
    """A section with its rows and the month's lights counted."""

    section: Section
    rows: list[Row] = field(default_factory=list)

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        found = Counter(row.light for row in self.rows)
        return [(light, found[light]) for light in LIGHT_FILTERS if found[light] and light != Light.NOT_APPLICABLE]


@dataclass
class Overview:
    plan: Plan
    months: list[Month]
    shown: Month | None
    period: ReportingPeriod | None
    periods: dict[Month, ReportingPeriod]
    blocks: list[Block]
    sections: list[Section]
    departments: list
    total: int

    @property
    def rows(self) -> list[Row]:
        return [row for block in self.blocks for row in block.rows]

    @property
    def counts(self) -> list[tuple[str, int]]:
        found = Counter(row.light for row in self.rows)
        return [(light, found[light]) for light in LIGHT_FILTERS if light != Light.NOT_APPLICABLE]


def overview(plan: Plan, *, user, month: Month | None = None, filters: Filters | None = None) -> Overview:
    """The plan's items by month as `user` may read them. `month` chooses the month whose progress is shown; the default
    is the latest one opened."""
    filters = filters or Filters()
    periods = {Month.of(period.start): period for period in plan.periods.visible_to(user).filter(kind="month")}
    opened = [key for key, period in periods.items() if period.state not in (PeriodState.PLANNED, PeriodState.SKIPPED)]
    shown = month if month in opened else max(opened, default=None)
    items = list(plan.items.visible_to(user).in_order().for_table())
    lights = _lights(plan, user, periods.get(shown))
    reports = _reports(periods.get(shown))
    months = _columns(plan)
    rows = [
        _row(item, periods=periods, shown=shown, lights=lights, reports=reports[item.pk], months=months, user=user)
        for item in items
    ]
    blocks = _blocks(row for row in rows if _wanted(row, filters))
    return Overview(
        plan=plan,
        months=months,
        shown=shown,
        period=periods.get(shown),
        periods=periods,
        blocks=blocks,
        sections=_distinct(item.section for item in items),
        departments=sorted(
            _distinct(duty.department for item in items for duty in item.duties),
            key=lambda one: (one.protocol_order, one.pk),
        ),
        total=len(items),
    )


def _columns(plan: Plan) -> list[Month]:
    first, last = Month.of(plan.starts_on), Month.of(plan.ends_on)
    return [first + step for step in range(last - first + 1)]


def _distinct(things: Iterable) -> list:
    return list({thing.pk: thing for thing in things}.values())


@dataclass(frozen=True)
class Lights:
    """Confirmed lights by (item, period), and the office's wording by item for the month shown."""

    confirmed: dict[tuple[int, int], str]
    adopted: dict[int, str]

    def of(self, item: WorkItem, period: ReportingPeriod | None) -> str | None:
        return self.confirmed.get((item.pk, period.pk)) if period else None


def _lights(plan: Plan, user, shown: ReportingPeriod | None) -> Lights:
    """One query of plain values: hundreds of model instances cost more than it does."""
    seen = Assessment.objects.visible_to(user).filter(period__plan=plan, period__kind="month")
    wording = Case(
        When(period=shown.pk if shown else 0, then="adopted_text"), default=Value(""), output_field=TextField()
    )
    rows = list(seen.annotate(wording=wording).values_list("item_id", "period_id", "confirmed_light", "wording"))
    return Lights(
        {(item, period): light for item, period, light, _ in rows}, {item: text for item, _, _, text in rows if text}
    )


def _reports(period: ReportingPeriod | None) -> dict[int, list[ProgressReport]]:
    grouped: dict[int, list[ProgressReport]] = defaultdict(list)
    if period:
        rows = (
            ProgressReport.objects.filter(period=period).select_related("department", "submission", "issued").in_order()
        )
        for report in rows:
            report.period = period
            grouped[report.item_id].append(report)
    return grouped


def _row(item, *, periods, shown, lights, reports, months, user) -> Row:
    period = periods.get(shown)
    required = [report for report in reports if report.required and report.state != ReportState.WAIVED]
    filed = [report for report in required if report.state in FILED]
    row = Row(
        item=item,
        light=lights.of(item, period) or Light.NOT_APPLICABLE,
        filing=_filing(required, filed),
        filed_words=f"{len(filed)}/{len(required)}" if required else "—",
        progress=item_progress(period, lights.adopted.get(item.pk, ""), reports, user=user) if period else "",
        url=reverse("web:item-detail", args=(item.pk,)),
    )
    row.cells = _cells(item, row.url, months=months, periods=periods, lights=lights, shown=shown)
    return row


def _filing(required: list[ProgressReport], filed: list[ProgressReport]) -> str:
    if not required:
        return "optional"
    if any(report.state == ReportState.RETURNED for report in required):
        return "returned"
    return "filed" if len(filed) == len(required) else "missing"


def _cells(item, url, *, months, periods, lights: Lights, shown) -> SafeString:
    """The item's row of cells. What comes from people is escaped once here; the rest are our own words."""
    number, link = conditional_escape(item.number), conditional_escape(url)
    cells, before = [], None
    for month in months:
        period = periods.get(month)
        light = lights.of(item, period)
        if light is None:
            cells.append(_empty_cell(item, month, period))
            continue
        look = _look(light, before, month == shown)
        cells.append(look.format(url=f"{link}#m{month}", name=f"第{number}项 {month.number}月 "))
        before = light
    return SafeString("".join(cells))


def _empty_cell(item, month: Month, period) -> str:
    if period is None and month.first_day >= item.plan.first_period:
        return NOT_OPENED
    why = "未调度" if period else "不在调度范围"
    return f'<td class="month-col"><span class="cell l-not_applicable" title="{why}">/</span></td>'


@cache
def _look(light: str, before: str | None, is_shown: bool) -> str:
    """A cell with room for its address and name: there are only as many as lights beside lights."""
    glyph, change = _change(before, light)
    arrow = f'<span class="delta" aria-hidden="true">{glyph}</span>' if glyph else ""
    name = f"{{name}}{Light(light).label}{change}"
    return (
        f'<td class="month-col{" now" if is_shown else ""}"><a class="cell l-{light}" href="{{url}}" title="{name}"'
        f' tabindex="-1"><span class="glyph" aria-hidden="true">{Light(light).glyph}</span>'
        f'<span class="sr">{name}</span></a>{arrow}</td>'
    )


def _change(before: str | None, light: str) -> tuple[str, str]:
    """The arrow beside a cell, and what it says aloud."""
    if before not in BETTER_OR_WORSE or light not in BETTER_OR_WORSE or before == light:
        return "", ""
    worse = BETTER_OR_WORSE[light] > BETTER_OR_WORSE[before]
    return ("↓", " 较上月变差") if worse else ("↑", " 较上月好转")


def _blocks(rows: Iterable[Row]) -> list[Block]:
    blocks: dict[int, Block] = {}
    for row in rows:
        blocks.setdefault(row.item.section_id, Block(row.item.section)).rows.append(row)
    return list(blocks.values())


def _wanted(row: Row, filters: Filters) -> bool:
    if filters.section and str(row.item.section_id) != filters.section:
        return False
    if filters.department and filters.department not in {str(duty.department_id) for duty in row.item.duties}:
        return False
    if filters.light and row.light != filters.light:
        return False
    if filters.filing and row.filing != filters.filing:
        return False
    return not filters.words or _speaks_of(row, filters.words.lower())


def _speaks_of(row: Row, words: str) -> bool:
    """Whether number, title, wording or a department (also by pinyin initials) contains the words."""
    item = row.item
    texts = [item.number, item.revision.title, item.revision.summary, item.open_units]
    for duty in item.duties:
        texts += [duty.department.name, duty.department.full_name, duty.department.initials, duty.department.pinyin]
    return any(words in text.lower() for text in texts)
