"""From the marked paragraphs to draft items: units with scope, open units, deadlines, targets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from documents.draft import Deadline, DraftItem, DraftSection, DraftUnit, Found, OpenUnit, Target
from documents.folding import FOLD
from documents.marks import BULLET
from documents.normal import Normal
from documents.parsing.deadlines import deadlines_in, undated_in
from documents.parsing.doubts import item_doubts, open_and_missing, without_year
from documents.parsing.named import Named, Statement
from documents.parsing.outline import Node, Part
from documents.parsing.place import Place
from documents.parsing.targets import targets_in
from documents.parsing.work import head_of, walk
from documents.roles import COOPERATE, LEAD, RESPONSIBLE, SHARED

SUB_POINTS = re.compile(r"[一二三四五六七八九十]是")
ASPECT = re.compile(r"[^。,;:]{2,14}?(?=方面)")
CONNECTS = re.compile(r"^[。;,:、\n]*(?:和|及|以及|与|其中|并)?[,:]?")
SCOPE = 24
LONGEST_ITEM = 30_000  # characters searched for dates and figures: thirty times a long item


@dataclass(frozen=True)
class Rules:
    """What the document says once for all its items."""

    year_stated: bool = True  # and not only by its limits
    first_leads: bool = False
    rest_helps: bool = False


class Writer:
    """Writes drafts of one document: knows its source, its year and its place."""

    def __init__(self, source: str, normal: Normal, *, year: int | None, place: Place, says: Rules):
        self.source, self.normal, self.year, self.place, self.says = source, normal, year, place, says

    def over(self, normal: Normal) -> Writer:
        """The same writer for other words of the same document, such as a row of a table."""
        return Writer(self.source, normal, year=self.year, place=self.place, says=self.says)

    def found(self, start: int, end: int, rule: str) -> Found:
        at = self.normal.span(start, end)
        return Found(self.source[at.start : at.end], at, rule)

    def words(self, start: int, end: int) -> str:
        return self.normal.text[start:end]

    def item(self, node: Node, section: str | None, number: str) -> DraftItem:
        end = node.paragraphs[-1][1] if node.below else node.end
        head = head_of(node, self.normal.text)
        named = [(statement, scope) for statement, scope in self._scoped(node)]
        units, open_units = self.units(named)
        deadlines, targets = self.dated(node.after, end)
        item = DraftItem(
            number=number,
            section=section,
            body=self.found(node.start, end, f"item_{node.why or 'numbered'}"),
            head=self.found(*head, "head_sentence") if head else None,
            starts=self.normal.span(node.after, end).start,
            units=units,
            open_units=open_units,
            deadlines=deadlines,
            targets=targets,
        )
        return self.checked(item_doubts(item, node, self.normal), node.after, end)

    def checked(self, item: DraftItem, start: int, end: int) -> DraftItem:
        """The item, whose words stand between `start` and `end`, with the doubts that any item may give rise to."""
        undated = [] if self.year else undated_in(self.normal.text[start : min(end, start + LONGEST_ITEM)])
        spans = [self.normal.span(start + one.start, start + one.end) for one in undated]
        found = tuple(without_year(self.source[one.start : one.end], one) for one in spans)
        return open_and_missing(replace(item, doubts=(*item.doubts, *found)), year_stated=self.says.year_stated)

    def dated(self, start: int, end: int) -> tuple[tuple[Deadline, ...], tuple[Target, ...]]:
        """Deadlines and targets between `start` and `end` of the normalised text."""
        words = self.normal.text[start : min(end, start + LONGEST_ITEM)]
        deadlines = deadlines_in(words, year=self.year)
        targets = targets_in(words, deadlines, year=self.year)
        return tuple(self._placed(one, start) for one in deadlines), tuple(self._placed(one, start) for one in targets)

    def _placed(self, found, start: int):
        at = self.normal.span(start + found.at.start, start + found.at.end)
        return replace(found, at=at, text=self.source[at.start : at.end])

    def _scoped(self, node: Node) -> list[tuple[Statement, str]]:
        """Each list with the part of the item it answers for; lists side by side share one."""
        statements = sorted(self._all_statements(node), key=lambda one: one.start)
        groups: list[tuple[int, list[Statement]]] = []
        before = node.after
        for statement in statements:
            between = (
                self.normal.text[before : statement.start].strip("。;,.:()、\n ") if statement.start > before else ""
            )
            if groups and not between:
                groups[-1][1].append(statement)
            else:
                groups.append((before, [statement]))
            before = max(before, statement.end)
        if len(groups) < 2:
            return [(one, "") for one in statements]
        head = head_of(node, self.normal.text)
        scopes = [self._scope(start, several[0].start, head) for start, several in groups]
        return [(one, scope) for (_, several), scope in zip(groups, scopes, strict=True) for one in several]

    def _all_statements(self, node: Node) -> list[Statement]:
        """Its own, and those of its sub-points unless these are items themselves."""
        return [*node.statements, *(one for below in walk(node) for one in below.statements if not node.below)]

    def _scope(self, start: int, end: int, head: tuple[int, int] | None) -> str:
        """The words that say which part; the item's own heading speaks of all its parts."""
        if head and start <= head[0] and head[1] + 1 < end:
            start = head[1] + 1
        words = CONNECTS.sub("", self.normal.text[start:end])
        points = SUB_POINTS.findall(words)
        if points:
            return points[0] if len(points) == 1 else f"{points[0]}至{points[-1]}"
        aspects = ASPECT.findall(words)
        if aspects:
            return aspects[-1][-SCOPE:]
        return re.split(r"[。,;:]", words, maxsplit=1)[0][:SCOPE]

    def units(self, named: list[tuple[Statement, str]]) -> tuple[tuple[DraftUnit, ...], tuple[OpenUnit, ...]]:
        units: dict[tuple[str, str, str], DraftUnit] = {}
        others: dict[tuple[str, str, str], OpenUnit] = {}
        before = ""
        for one, scope in self._led(named):
            at = self.normal.span(one.start, one.end)
            words, key = as_written(self.source[at.start : at.end], one.name), (one.name, one.role, scope)
            if one.is_open:
                others.setdefault(key, OpenUnit(words, one.role, at, one.rule, scope))
            else:
                full = self.place.full(one.name, before)
                before = one.name
                units.setdefault(key, DraftUnit(words, one.role, at, one.rule, full, scope))
        return tuple(units.values()), tuple(others.values())

    def _led(self, named: list[tuple[Statement, str]]) -> list[tuple[Named, str]]:
        """The names with their roles; where the document says that the first-named leads, it does."""
        names = [(name, scope) for statement, scope in named for name in statement.names]
        if self.says.rest_helps and any(name.rule == "bracket_lead" for name, _ in names):
            return [(_helping(name), scope) for name, scope in names]
        if not self.says.first_leads or any(name.role == LEAD for name, _ in names):
            return names
        seen: set[str] = set()
        result = []
        for name, scope in names:
            if scope not in seen and not name.is_open and name.role in (RESPONSIBLE, SHARED):
                seen.add(scope)
                name = replace(name, role=LEAD, rule="first_leads")
            result.append((name, scope))
        return result


def _helping(name: Named) -> Named:
    return name if name.spoken else replace(name, role=COOPERATE, rule="rest_helps")


def as_written(words: str, name: str) -> str:
    """A name in the document's own characters, without the white space or page number that broke it."""
    squeezed = "".join(words.split())
    return squeezed if squeezed.translate(FOLD) == name.replace(" ", "") else name


def sections_and_items(parts: list[Part], writer: Writer) -> tuple[list[DraftSection], list[DraftItem]]:
    sections: list[DraftSection] = []
    items: list[DraftItem] = []
    for part in parts:
        if any(node.is_item for node in walk(part.root)):
            _collect(part.root, "", writer, sections, items)
    return sections, items


def _collect(node: Node, path: str, writer: Writer, sections: list[DraftSection], items: list[DraftItem]) -> None:
    bullets = 0
    for child in node.children:
        if child.is_item:
            bullets += child.rank == BULLET
            number = f"#{bullets}" if child.rank == BULLET else writer.found(*_number(child), "").text
            items.append(writer.item(child, path or None, number))
        here = f"{path}/{child.number}" if path else child.number
        if child.is_item and child.below:
            _collect(child, here, writer, sections, items)
        elif not child.is_item and (child.children or not node.mark):
            head = head_of(child, writer.normal.text) or (child.after, child.paragraphs[0][1])
            sections.append(DraftSection(here, child.number, writer.found(*head, "heading")))
            _collect(child, here, writer, sections, items)


def _number(node: Node) -> tuple[int, int]:
    assert node.mark is not None
    return node.start + node.mark.start, node.start + node.mark.end
