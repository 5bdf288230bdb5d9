"""The rows of a table of work as items."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from documents.draft import DraftItem, DraftSection, Found, Span
from documents.folding import squash_line
from documents.marks import BRACKETED, PLAIN, mark_at
from documents.normal import Normal
from documents.parsing.columns import DEADLINE, GROUP, NO, TEXT, UNIT, Column, words_of
from documents.parsing.grids import Grid
from documents.parsing.items import Writer
from documents.parsing.lists import read_list, read_segments
from documents.parsing.named import Named, Statement
from documents.parsing.names import is_unit
from documents.parsing.statements import statements_in
from documents.roles import LABEL

NEXT_LIMIT = re.compile(
    r"(?:(?<=[前底末月日号内度])|(?<=半年))\s*\n\s*(?=(?:\d{1,2}[.、．]\s*)?(?:20\d\d年)?"
    r"(?:\d{1,2}月|[上下]半年|年[底内]|第?[一二三四]季度))"
)
LIMIT_NUMBER = re.compile(r"\s*\d{1,2}[.、．]\s*(?=20\d\d年|\d{1,2}月|[上下]半年|年[底内]|第?[一二三四]季度)")
PEOPLE = re.compile("领导|责任人|负责人|联系人")
TOTAL = re.compile(r"(?:合计|总计|小计|备注|注[:]|说明[:]|填报)")


@dataclass
class _RowText:
    """The normalised words of a row, the cells one below the other, and where each cell stands in it."""

    text: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    places: list[tuple[Column, int, int]] = field(default_factory=list)

    def add(self, source: str, cell: Span, column: Column) -> None:
        if column.kind == DEADLINE:
            for limit in _dated_lines(source, cell):
                self._add(source, limit, column)
        else:
            self._add(source, cell, column)

    def _add(self, source: str, cell: Span, column: Column) -> None:
        line = squash_line(source, cell.start, cell.end)
        if not line.text:
            return
        # A deadline column says what its bare dates are; the words that say it take no room in the source.
        label = "完成时限:" if column.kind == DEADLINE else ""
        self.text.append(label)
        self.origins.extend([line.origins[0]] * len(label))
        start = len(self.origins)
        self.gaps.extend(start + gap for gap in line.gaps)
        self.text.append(line.text)
        self.origins.extend(line.origins)
        self.places.append((column, start, len(self.origins)))
        self.text.append("\n")
        self.origins.append(self.origins[-1] + 1)

    def normal(self) -> Normal:
        return Normal("".join(self.text), self.origins, self.gaps)


def _dated_lines(source: str, cell: Span) -> list[Span]:
    """The limits of a cell that stand one below the other, each whole: a date broken by a line end stays one."""
    found, start = [], _behind_number(source, cell.start)
    for match in NEXT_LIMIT.finditer(source, cell.start, cell.end):
        found.append(Span(start, match.end()))
        start = _behind_number(source, match.end())
    return [*found, Span(start, cell.end)]


def _behind_number(source: str, start: int) -> int:
    match = LIMIT_NUMBER.match(source, start)
    return match.end() if match else start


def rows_as_items(grid: Grid, writer: Writer, section: str | None) -> tuple[list[DraftSection], list[DraftItem]]:
    sections: list[DraftSection] = []
    items: list[DraftItem] = []
    before: list[Span | None] = []
    inner = section
    for row in grid.rows:
        own = [cell for cell in row if cell and words_of(writer.source, cell)]
        if not own:
            continue
        if len(own) == 1 and len(grid.columns) > 2:
            heading = _heading(own[0], writer, section)
            if heading:
                sections.append(heading)
                inner = heading.path
            continue
        cells = _repeated(grid, row, before, writer.source)
        item = _item(grid, cells, own, writer, inner, len(items) + 1)
        if item:
            items.append(item)
            before = cells
    return sections, items


def _heading(cell: Span, writer: Writer, above: str | None) -> DraftSection | None:
    line = squash_line(writer.source, cell.start, cell.end)
    mark = mark_at(line.text)
    if not mark or mark.rank not in (PLAIN, BRACKETED) or len(line.text) > 60 or mark.after >= len(line.text):
        return None
    number = line.text[mark.start : mark.end]
    at = Span(line.origins[mark.after], line.origins[-1] + 1)
    title = Found(writer.source[at.start : at.end], at, "table_heading")
    return DraftSection(f"{above}/{number}" if above else number, number, title)


def _repeated(grid: Grid, row, before: list[Span | None], source: str) -> list[Span | None]:
    """A merged cell counts for every row beside it. In a pasted table an empty cell may be merged or empty."""
    cells = [*row, *[None] * (len(grid.columns) - len(row))][: len(grid.columns)]
    if not before:
        return cells
    units = [at for at, column in enumerate(grid.columns) if column.kind == UNIT]
    bare = all(cells[at] is None for at in units)
    result = []
    for at, column in enumerate(grid.columns):
        may = grid.real or (bare and column.kind in (UNIT, DEADLINE))
        keep = cells[at] is None and may and column.kind in (UNIT, DEADLINE, NO)
        result.append(before[at] if keep else cells[at])
    return result


def _item(grid: Grid, cells, own: list[Span], writer: Writer, section: str | None, count: int) -> DraftItem | None:
    row = _RowText()
    for column, cell in zip(grid.columns, cells, strict=False):
        if cell and column.kind in (TEXT, UNIT, DEADLINE):
            row.add(writer.source, cell, column)
    normal = row.normal()
    texts = [(start, end) for column, start, end in row.places if column.kind == TEXT]
    if not texts:
        texts = _grouped(grid, cells, row, writer.source)
        normal = row.normal()
    if not texts or TOTAL.match(normal.text, texts[0][0]):
        return None
    here = writer.over(normal)
    statements = [_unit_cell(normal, column, start, end) for column, start, end in row.places if column.kind == UNIT]
    statements += [one.moved(start) for start, end in texts for one in statements_in(normal.text[start:end], [])]
    number, after = _number(grid, cells, normal, texts[0][0], writer, count)
    body = Span(min(cell.start for cell in own), max(cell.end for cell in own))
    units, others = here.units([(one, "") for one in statements])
    deadlines, targets = here.dated(0, len(normal.text))
    item = DraftItem(
        number=number,
        section=section,
        body=Found(writer.source[body.start : body.end], body, "table_row"),
        head=here.found(*texts[0], "table_cell") if len(texts) > 1 else None,
        starts=max(body.start, normal.span(after, texts[0][1]).start),
        units=units,
        open_units=others,
        deadlines=deadlines,
        targets=targets,
    )
    return here.checked(item, 0, len(normal.text))


def _grouped(grid: Grid, cells, row: _RowText, source: str) -> list[tuple[int, int]]:
    """A table that has only a column of areas keeps its work there."""
    for column, cell in zip(grid.columns, cells, strict=False):
        if cell and column.kind == GROUP:
            row.add(source, cell, column)
            return [row.places[-1][1:]] if row.places else []
    return []


def _unit_cell(normal: Normal, column: Column, start: int, end: int) -> Statement:
    role = column.role
    gaps = frozenset(gap for gap in normal.gaps if start < gap < end)
    if LABEL.search(normal.text, start, end):
        names: list[Named] = read_segments(normal.text, start, end, gaps)
    else:
        # 牵头领导及单位: only the bodies answer, and white space parts a person from a body
        bounds = [start, *sorted(gaps), end] if PEOPLE.search(column.words) else [start, end]
        names = [name for low, high in pairwise(bounds) for name in read_list(normal.text, low, high, role, gaps)]
    if PEOPLE.search(column.words):
        names = [name for name in names if name.is_open or is_unit(name.name)]
    return Statement(start, end, tuple(names), "table_column")


def _number(grid: Grid, cells, normal: Normal, start: int, writer: Writer, count: int) -> tuple[str, int]:
    """The number of the row: its own column's, else one in front of the words, else its place in the table."""
    mark = mark_at(normal.text, start)
    after = mark.after if mark else start
    for column, cell in zip(grid.columns, cells, strict=False):
        words = words_of(writer.source, cell) if cell and column.kind == NO else ""
        if words:
            return words.rstrip(".、"), after
    if mark:
        return normal.text[mark.start : mark.end], after
    return str(count), start
