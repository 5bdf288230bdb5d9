"""Tables of work: those the file holds, those typed into its text, those that lost their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.draft import Span
from documents.parsing.columns import DEADLINE, OTHER, Column, columns_of, words_of
from documents.parsing.flattened import flattened
from documents.parsing.stroked import stroked
from documents.parsing.typed import spaced, tabbed
from documents.source import Source

DATES = re.compile(r"(?:20\d\d年)?(?:\d{1,2}月|第?[一二三四]季度|上半年|下半年|年底|全年|长期|持续)")


@dataclass(frozen=True)
class Grid:
    """A table of work: `rows` below the header, cells as stretches of the source; `real` when None means merged."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Span | None, ...], ...]
    whole: Span
    real: bool = True


def grids_in(source: Source) -> list[Grid]:
    found = _tables(source)
    taken = [grid.whole for grid in found]
    for rows in [*tabbed(source.text), *stroked(source.text), *spaced(source.text)]:
        if not any(one.start < rows[-1][-1].end and rows[0][0].start < one.end for one in taken):
            if not any(columns_of([words_of(source.text, cell) for cell in row]) for row in rows[:6] if len(row) < 30):
                continue
            blanked = [tuple(cell if _filled(source.text, cell) else None for cell in row) for row in rows]
            found += _grid(source.text, blanked, real=False)
    if not found:
        found = [Grid(columns, rows, whole, real=False) for columns, rows, whole in flattened(source.text)]
    return sorted(found, key=lambda grid: grid.whole.start)


def _tables(source: Source) -> list[Grid]:
    """The tables of the file; one without a header that follows another of the same width goes on with its columns."""
    found: list[Grid] = []
    for table in source.tables:
        grids = _grid(source.text, table.rows, real=True)
        if not grids and found and table.rows and abs(len(table.rows[0]) - len(found[-1].columns)) <= 1:
            cells = [cell for row in table.rows for cell in row if cell]
            if cells:
                whole = Span(min(cell.start for cell in cells), max(cell.end for cell in cells))
                grids = [Grid(_widened(source.text, found[-1].columns, table.rows), table.rows, whole)]
        found += grids
    return found


def _widened(text: str, columns: tuple[Column, ...], rows) -> tuple[Column, ...]:
    """Columns for cells beyond the header: one of dates is a deadline though its header is missing."""
    more = []
    for at in range(len(columns), max((len(row) for row in rows), default=0)):
        words = [
            words_of(text, row[at]) for row in rows if at < len(row) and row[at] and row[at].end - row[at].start < 40
        ]
        dated = [word for word in words if DATES.match(word)]
        more.append(Column(DEADLINE, "完成时限") if dated and 2 * len(dated) >= len(words) else Column(OTHER, ""))
    return (*columns, *more)


def _filled(text: str, cell: Span | None) -> bool:
    return bool(cell and text[cell.start : cell.end].strip())


def _grid(text: str, rows, *, real: bool) -> list[Grid]:
    """The table as a grid when one of its first rows is a header that names units or deadlines."""
    for at, row in enumerate(rows[:6]):
        columns = columns_of([words_of(text, cell) if cell and cell.end - cell.start < 60 else "" for cell in row])
        if columns:
            cells = [cell for line in rows for cell in line if cell]
            whole = Span(min(cell.start for cell in cells), max(cell.end for cell in cells))
            below = [line for line in rows[at + 1 :] if not _same_header(text, line, columns)]
            return [Grid(_widened(text, columns, below), tuple(below), whole, real)]
    return []


def _same_header(text: str, row, columns: tuple[Column, ...]) -> bool:
    words = [words_of(text, cell) for cell in row if cell and cell.end - cell.start < 60]
    return len(words) > 1 and words == [column.words for column in columns if column.words][: len(words)]
