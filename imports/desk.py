"""What the page of a review shows: the numbers on top, the rows of a tab, the open item with its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from imports.choices import UNDECIDED, ItemState
from imports.hindrances import REQUIRED
from imports.models import DocumentImport, ImportItem
from imports.pieces import Piece, SourceView, source_view, statements_of
from imports.reasons import Reason, reasons_of
from imports.stats import strip

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
        waiting = ("check", "agreed") if self.document.in_review else ()
        return next((tab for tab in waiting if self.counts[tab]), "all")

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
    def statements(self) -> list[list[Piece]]:
        return statements_of(self.document.text, self.current.item, self.marks) if self.current else []

    @property
    def warnings(self) -> list:
        """Open doubts about the whole document: said before anything else."""
        return [doubt for doubt in self.document.doubts.all() if doubt.item_id is None and doubt.is_open]

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
        return strip(self.document, self.kept, check=self.counts["check"], agreed=self.counts["agreed"])


def open_questions(document: DocumentImport) -> list[str]:
    """The names of what the document leaves open about itself; a plan that exists has its facts already."""
    open_now = [] if document.into_existing else [name for name in REQUIRED if not getattr(document, name)]
    open_now += ["doubts" for doubt in document.doubts.all() if doubt.item_id is None and doubt.is_open]
    return open_now + [
        "counties" for found in document.counties_found.all() if found.county_id is None and not found.settled
    ]
