"""What the page of a review shows: the numbers on top, the rows of a tab, the open item with its neighbours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from documents.parsing.numerals import chinese_number
from imports.choices import UNDECIDED, ItemState
from imports.hindrances import REQUIRED
from imports.models import DocumentImport, ImportItem
from imports.pieces import SourceView, source_view, statement_of
from imports.reasons import Reason, reasons_of
from tasks.choices import AssignmentRole

UNMATCHED = "unit_unmatched"  # the code of a reason
TABS = {
    "check": ("需确认", UNDECIDED),
    "agreed": ("一致", (ItemState.AGREED,)),
    "done": ("已核对", (ItemState.CONFIRMED, ItemState.EXCLUDED)),
    "all": ("全部", tuple(ItemState)),
}


@dataclass(frozen=True)
class Row:
    """An item in the list, with what is open about it."""

    item: ImportItem
    reasons: list[Reason]

    @property
    def said(self) -> str:
        """One line under the title."""
        if self.item.state == ItemState.EXCLUDED or not self.reasons:
            return "、".join(unit.name for unit in self.item.units.all()) or self.item.open_units
        more = f"（另有{len(self.reasons) - 1}处）" if len(self.reasons) > 1 else ""
        return self.reasons[0].sentence + more

    @property
    def lines(self) -> list[dict]:
        """What is open, a line each; names that the register lacks share one, they are chosen one by one below."""
        unknown = [one.unit.name for one in self.reasons if one.code == UNMATCHED]
        lines = [{"text": one.sentence, "doubt": one.doubt} for one in self.reasons if one.code != UNMATCHED]
        if unknown:
            names = "".join(f"“{name}”" for name in dict.fromkeys(unknown))
            said = f"{names}在单位名录中没有找到，请在下面选择对应单位、新增单位或移除。"
            lines.insert(0, {"text": said, "doubt": None})
        return lines


class Desk:
    """One document under review as one person has it open; `document` comes from `for_review`."""

    def __init__(self, document: DocumentImport, *, show: str = "", item: int | None = None):
        self.document = document
        self.rows = [Row(one, reasons_of(one)) for one in document.items.all()]
        self.counts = {tab: sum(row.item.state in states for row in self.rows) for tab, (_, states) in TABS.items()}
        wanted = next((row for row in self.rows if row.item.pk == item), None)
        self.show = show if show in TABS else self._tab_of(wanted)
        self.listed = [row for row in self.rows if row.item.state in TABS[self.show][1]]
        self.current = wanted or next(iter(self.listed), None)

    def _tab_of(self, wanted: Row | None) -> str:
        """The tab in which the item asked for stands, else the first with something in it."""
        if wanted:
            return next(tab for tab, (_, states) in TABS.items() if wanted.item.state in states)
        return next((tab for tab in ("check", "agreed") if self.counts[tab]), "all")

    @property
    def tabs(self) -> list[dict]:
        return [
            {"code": tab, "label": label, "count": self.counts[tab], "active": tab == self.show}
            for tab, (label, _) in TABS.items()
            if tab != "done" or self.counts[tab]
        ]

    @property
    def others(self) -> list[Row]:
        """The listed rows without the open one. Where work waits, what comes after it stands first."""
        at = self.listed.index(self.current) if self.current in self.listed else 0
        rows = [*self.listed[at:], *self.listed[:at]] if self.show == "check" else self.listed
        return [row for row in rows if row is not self.current]

    @property
    def place(self) -> int:
        """Where the open item stands among the listed ones, counted from 1; 0 when it is not among them."""
        return self.listed.index(self.current) + 1 if self.current in self.listed else 0

    @cached_property
    def before(self) -> ImportItem | None:
        earlier = [row.item for row in self.listed if self.current and row.item.start < self.current.item.start]
        return earlier[-1] if earlier else None

    @cached_property
    def after(self) -> ImportItem | None:
        later = [row.item for row in self.listed if self.current and row.item.start > self.current.item.start]
        return later[0] if later else None

    @property
    def next_open(self) -> ImportItem | None:
        """What comes when the open item is settled: the next of the tab, else its first."""
        others = self.others
        return self.after or (others[0].item if others else None)

    @cached_property
    def neighbour_above(self) -> ImportItem | None:
        """The item of the same section before the open one, into which it may be merged."""
        if not self.current:
            return None
        items = [row.item for row in self.rows]
        at = items.index(self.current.item)
        above = items[at - 1] if at else None
        return above if above and above.section_id == self.current.item.section_id else None

    @cached_property
    def marks(self) -> list[tuple[int, int]]:
        """The evidence of the open item: of what is doubtful, else of everything found in it."""
        if not self.current:
            return []
        item, reasons = self.current.item, self.current.reasons
        doubtful = [(one.start, one.end) for one in reasons if one.start is not None and one.start > item.start]
        if item.open_units and not item.open_units_decision:
            doubtful += self._places_of_open_units(item)
        found = [*item.units.all(), *item.proposals.all()]
        return doubtful or [(one.start, one.end) for one in found if one.start is not None]

    def _places_of_open_units(self, item: ImportItem) -> list[tuple[int, int]]:
        text = self.document.text
        places = ((text.find(name, item.start, item.end), name) for name in item.open_units.split("、"))
        return [(place, place + len(name)) for place, name in places if place >= 0]

    @cached_property
    def source(self) -> SourceView:
        items = [row.item for row in self.rows]
        return source_view(self.document.text, items, self.current and self.current.item, self.marks)

    @property
    def statement(self):
        return statement_of(self.document.text, self.current.item, self.marks) if self.current else []

    @property
    def open_facts(self) -> int:
        """Questions about the document itself: facts not known, its own doubts, counties not found."""
        return len(open_questions(self.document))

    @property
    def is_ready(self) -> bool:
        return not self.counts["check"] and not self.open_facts and bool(self.kept)

    @property
    def kept(self) -> list[ImportItem]:
        return [row.item for row in self.rows if row.item.is_kept]

    @property
    def stats(self) -> list[dict]:
        """The strip on top, as `_stats.html` wants it."""
        units = [unit for item in self.kept for unit in item.units.all()]
        bodies = {unit.department_id or unit.name for unit in units}
        leads = sum(any(unit.role == AssignmentRole.LEAD for unit in item.units.all()) for item in self.kept)
        counties = list(self.document.counties_found.all())
        unknown = sum(found.county_id is None and not found.settled for found in counties)
        return [
            {"label": "板块", **section_words(self.document)},
            {"label": "工作事项", "value": len(self.kept), "note": number_words([item.number for item in self.kept])},
            {"label": "责任单位", "value": len(bodies), "note": f"{len(units)} 条责任分工"},
            {"label": "县（市、区）", "value": len(counties), "note": county_words(len(counties), unknown)},
            {"label": "牵头 / 共同负责", "value": f"{leads} / {len(self.kept) - leads}", "note": "不推定牵头"},
            {"label": "需确认", "value": self.counts["check"], "note": f"一致 {self.counts['agreed']}"},
        ]


def open_questions(document: DocumentImport) -> list[str]:
    """The names of what the document leaves open about itself; a plan that exists has its facts already."""
    open_now = [] if document.into_existing else [name for name in REQUIRED if not getattr(document, name)]
    open_now += ["doubts" for doubt in document.doubts.all() if doubt.item_id is None and doubt.is_open]
    return open_now + [
        "counties" for found in document.counties_found.all() if found.county_id is None and not found.settled
    ]


def section_words(document: DocumentImport) -> dict:
    tops = [section for section in document.sections.all() if section.parent_id is None]
    numbers = [value_of(section.number) for section in tops]
    running = len(tops) > 1 and numbers == list(range(1, len(tops) + 1))
    return {"value": len(tops), "note": f"{tops[0].number}至{tops[-1].number}连续" if running else ""}


def number_words(numbers: list[str]) -> str:
    """Whether the numbers run on: 序号 1–31 连续, else what is missing or said twice."""
    values = [value_of(number) for number in numbers]
    if not values or None in values:
        return ""
    if values == list(range(1, len(values) + 1)):
        return f"序号 1–{len(values)} 连续"
    times = Counter(values)
    if values.count(1) > 1:
        return "各板块分别编号"
    missing = [value for value in range(1, max(values) + 1) if value not in times]
    if len(missing) > 5 or max(values) > 2 * len(values):
        return "序号不连续"
    twice = [value for value, count in times.items() if count > 1]
    return f"缺 {'、'.join(map(str, missing))}" if missing else f"重复 {'、'.join(map(str, twice[:5]))}" * bool(twice)


def value_of(number: str) -> int | None:
    """1, （一） and 第三条 as a number; None for anything else."""
    bare = number.strip("()（）[]〔〕#.．、 　").removeprefix("第").removesuffix("条")
    if bare.isascii() and bare.isdecimal() and len(bare) < 5:
        return int(bare)
    return chinese_number(bare[:8])


def county_words(counted: int, unknown: int) -> str:
    if unknown:
        return f"{unknown} 个待核对"
    return "附件名单" if counted else "文件未列"
