"""Tables that lost their lines: each cell stands on a line of its own, row after row."""

from __future__ import annotations

import re
from collections import Counter

from documents.draft import Span
from documents.folding import squash_line
from documents.parsing.columns import NO, OTHER, UNIT, Column, column_of, columns_of
from documents.parsing.names import is_class, is_unit
from documents.parsing.typed import is_heading

NUMBER_HEADER = re.compile(r"[序编]\s?号")
MOST_LINES = 20_000


Cells = list[tuple[Span, str]]
Row = tuple[Span | None, ...]


def flattened(text: str) -> list[tuple[tuple[Column, ...], tuple[Row, ...], Span]]:
    """A table whose cells follow one another on lines of their own: the header's words, then row after row."""
    if not NUMBER_HEADER.search(text):
        return []
    lines = _short_lines(text)[:MOST_LINES]
    kinds = [
        column_of(words).kind if len(words) <= 10 and not any(map(str.isdecimal, words)) else OTHER
        for _, words in lines
    ]
    at = tries = 0
    while at < len(lines) and tries < 5:
        size = next((more for more in range(10) if at + more >= len(lines) or kinds[at + more] == OTHER), 10)
        columns = columns_of([words for _, words in lines[at : at + size]]) if size >= 3 else ()
        place = next((place for place, column in enumerate(columns) if column.kind == NO), None)
        if columns and place is not None:
            tries += 1
            rows, end = _numbered_rows(lines[at + size :], columns, place)
            if len(rows) > 1:
                return [(columns, tuple(rows), Span(lines[at][0].start, end))]
        at += max(size, 1)
    return []


def _short_lines(text: str) -> Cells:
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        words = squash_line(text, start, end).text if len(line) < 2000 else ""
        if words and words != "|":
            found.append((Span(start, end), words))
        start = end + 1
    return found


def _starts(lines: Cells, place: int) -> list[int]:
    """The lines that hold the rows' numbers: each one more than the last, or, in an extract, the next larger one."""
    figures = [(at, int(words)) for at, (_, words) in enumerate(lines) if words.isdecimal() and len(words) <= 3]
    figures = [(at, value) for at, value in figures if at >= place and value]
    later = Counter(value for _, value in figures)
    starts: list[int] = []
    last = 0
    for at, value in figures:
        later[value] -= 1
        follows = value == last + 1 if starts else value == 1 or at <= place + 2  # perhaps below a heading
        leaps = bool(starts) and value > last + 1 and not later[last + 1] and _begins_row(lines, at, starts[-1])
        if follows or leaps:
            starts.append(at)
            last = value
    return starts


def _begins_row(lines: Cells, at: int, before: int) -> bool:
    """Whether a figure that leaps on can be a row's number: words of work behind it, a row's worth of lines before."""
    behind = lines[at + 1][1] if at + 1 < len(lines) else ""
    return at - before >= 3 and len(behind) >= 4 and not is_unit(behind) and not behind.isdecimal()


def _numbered_rows(lines: Cells, columns: tuple[Column, ...], place: int) -> tuple[list[Row], int]:
    """Rows by their figures, which stand in column `place`, and the headings between them."""
    starts = _starts(lines, place)
    rows: list[Row] = []
    end = 0
    for count, at in enumerate(starts):
        last = count + 1 == len(starts)
        if not place and at and (not count or at - starts[count - 1] > 2) and is_heading(lines[at - 1][1]):
            rows.append((lines[at - 1][0],))
        until = min(len(lines), at + len(columns) + 6) if last else starts[count + 1] - place
        if not last and not place and until - at > 2 and is_heading(lines[until - 1][1]):
            until -= 1
        row, used = _spread(lines[at + 1 : until], columns[place + 1 :], last=last)
        rows.append((*(lines[before][0] for before in range(at - place, at)), lines[at][0], *row))
        end = max(end, lines[at + used][0].end)
    return rows, end


def _spread(cells: Cells, columns: tuple[Column, ...], *, last: bool) -> tuple[list[Span | None], int]:
    """Lines given to columns in order; where there are more lines than columns the units' column takes several."""
    row: list[Span | None] = []
    used = 0
    for place, column in enumerate(columns):
        after = len(columns) - place - 1
        take = 1 if used < len(cells) else 0
        if column.kind == UNIT:
            run = _units_from(cells, used)
            kept = min(run - 1, sum(later.kind == UNIT for later in columns[place + 1 :])) if last else 0
            take = max(take, min(run - kept, len(cells) - used - (0 if last else after)))
        row.append(Span(cells[used][0].start, cells[used + take - 1][0].end) if take else None)
        used += take
    return row, used


def _units_from(cells: Cells, at: int) -> int:
    """How many lines from `at` on name units."""
    count = 0
    while at + count < len(cells) and (is_unit(cells[at + count][1]) or is_class(cells[at + count][1])):
        count += 1
    return count
