"""Tables typed into plain text with upright strokes between their cells; a row may run over several lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from documents.draft import Span
from documents.marks import mark_at
from documents.parsing.columns import GROUP, NO, Column, columns_of, words_of
from documents.parsing.typed import LONGEST_HEADER, LONGEST_TYPED, MOST_TABLES, Lines, Row, is_heading, lines_in

STROKES = "|｜│┃"
STROKE = re.compile(f"[{STROKES}]")
RULE = re.compile(r"[-:—=+─┼\s]*$")  # the line a table puts below its header
NAMES_UNITS = re.compile("单位|部门|主体|处室|科室|牵头|配合|责任|协办|主办|分工")  # no header of work is without
MOST_LINES_OF_ROW = 60
# 「一、水利(3项) 1.修渠」 in one cell: the heading and the first item below it.
HEADING_AND_ITEM = re.compile(
    r"\s*([一二三四五六七八九十]{1,3}、[^。;；\d\n]{2,30}?(?:[(（]\d{1,3}[项件个][)）])?)[\s:：]*(?=\d{1,3}(?:[.、．]|\s*$))"
)


def stroked(text: str) -> list[list[Row]]:
    """Tables whose header and rows have upright strokes between their cells, header first."""
    if not STROKE.search(text):
        return []
    lines = lines_in(text)
    found, at = [], 0
    while at < len(lines) and len(found) < MOST_TABLES:
        header = _header(text, lines, at)
        if header is None:
            at += 1
            continue
        table = _Strokes(text, lines, header)
        found.append([header.cells, *table.rows()])
        at = max(table.at, at + 1)
    return [run for run in found if len(run) > 1]


@dataclass(frozen=True)
class _Header:
    cells: Row
    columns: tuple[Column, ...]
    after: int  # the line behind it
    framed: bool  # a stroke begins each row
    closed: bool  # a stroke ends each row


def _header(text: str, lines: Lines, at: int) -> _Header | None:
    """The header that begins in line `at`, which may run over three."""
    start, line = lines[at]
    if len(line) > LONGEST_HEADER or not STROKE.search(line):
        return None
    for more in range(3):
        if at + more >= len(lines):
            break
        low, last = lines[at + more]
        if low + len(last) - start > LONGEST_HEADER:
            break
        if not NAMES_UNITS.search(text, start, low + len(last)):
            continue
        cells = _split(text, start, low + len(last))
        columns = columns_of([words_of(text, cell) for cell in cells])
        if columns:
            return _Header(cells, columns, at + more + 1, line.lstrip()[:1] in STROKES, last.rstrip()[-1:] in STROKES)
    return None


def _split(text: str, start: int, end: int, *, framed: bool = True) -> Row:
    """The cells between the strokes of a stretch; a stroke at either edge is a frame."""
    edges = [start - 1, *(match.start() for match in STROKE.finditer(text, start, end)), end]
    cells = [Span(low + 1, high) for low, high in pairwise(edges)]
    if framed and len(cells) > 1 and not text[cells[0].start : cells[0].end].strip():
        cells = cells[1:]
    if len(cells) > 1 and not text[cells[-1].start : cells[-1].end].strip():
        cells = cells[:-1]
    return tuple(cells)


class _Strokes:
    """Reads the rows below one header; `at` is the line that was not read any more."""

    def __init__(self, text: str, lines: Lines, header: _Header):
        self.text, self.lines, self.header, self.at = text, lines, header, header.after
        self.need = len(header.cells) - 1 + header.closed  # strokes behind the first cell's frame

    def rows(self) -> list[Row]:
        found: list[Row] = []
        while (row := self._next()) is not None:
            found += [cells for cells in self._parted(row) if not self._is_rule(cells)]
        return found

    def _next(self) -> Row | None:
        """The next row, read to the line that completes it; None at the end of the table."""
        while self.at < len(self.lines) and not self.lines[self.at][1].strip():
            if not self._strokes_soon(self.at):
                return None
            self.at += 1
        if self.at >= len(self.lines) or not (self._count(self.at) or self._strokes_soon(self.at)):
            return None
        start, line = self.lines[self.at]
        if not self._count(self.at) and is_heading(line):
            self.at += 1
            return (Span(start, start + len(line)),)
        end = self._row_end()
        return _split(self.text, start, end, framed=self.header.framed)

    def _row_end(self) -> int:
        """Goes on until the row has its strokes, and without a closing one over the rest of its last cell."""
        start, line = self.lines[self.at]
        count = self._count(self.at)
        taken = 1
        self.at += 1
        while self.at < len(self.lines) and taken < MOST_LINES_OF_ROW:
            low, line = self.lines[self.at]
            own = self._count(self.at)
            begins = own and (count + own > self.need or (not self.header.closed and mark_at(line.strip())))
            if begins or low + len(line) - start > LONGEST_TYPED or own >= max(self.need, 1):
                break
            complete = count >= self.need
            if complete and (self.header.closed or own or not self._rest_of_cell(line)):
                break
            if not line.strip() and not self._strokes_soon(self.at):
                break
            count += own
            taken += 1
            self.at += 1
        low, line = self.lines[self.at - 1]
        return low + len(line)

    def _rest_of_cell(self, line: str) -> bool:
        words = line.strip()
        return bool(words) and not words[:1].isdecimal() and not is_heading(line) and self._strokes_soon(self.at)

    def _count(self, at: int) -> int:
        """Strokes of a line, without the one that frames a row's first cell."""
        line = self.lines[at][1]
        return len(STROKE.findall(line)) - (self.header.framed and line.lstrip()[:1] in set(STROKES))

    def _strokes_soon(self, at: int) -> bool:
        return any(STROKE.search(line[:LONGEST_HEADER]) for _, line in self.lines[at + 1 : at + 5])

    def _is_rule(self, cells: Row) -> bool:
        return all(RULE.match(self.text[cell.start : cell.end]) for cell in cells)

    def _parted(self, cells: Row) -> list[Row]:
        """A heading that shares the row with the first item below it is a row of its own."""
        first = self.text[cells[0].start : cells[0].end]
        both = HEADING_AND_ITEM.match(first)
        if both:
            start = cells[0].start
            rest = (Span(start + both.end(), cells[0].end), *cells[1:])
            return [(Span(start + both.start(1), start + both.end(1)),), self._filled_up(rest)]
        if len(cells) == len(self.header.cells) + 1 and is_heading(first):
            return [cells[:1], cells[1:]]
        return [self._filled_up(cells)]

    def _filled_up(self, cells: Row) -> Row:
        """A row that lacks its first cell, which one above covers."""
        if len(cells) != len(self.header.cells) - 1 or self.header.columns[0].kind not in (GROUP, NO):
            return cells
        if self.header.columns[0].kind == NO and self.text[cells[0].start : cells[0].end].strip()[:1].isdecimal():
            return cells
        return (Span(cells[0].start, cells[0].start), *cells)
