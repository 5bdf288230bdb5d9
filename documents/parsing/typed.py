"""Tables typed into plain text whose cells are parted by tabs or by spaces."""

from __future__ import annotations

import re

from documents.draft import Span
from documents.marks import BRACKETED, PLAIN, mark_at
from documents.parsing.columns import NO, columns_of

Row = tuple[Span, ...]
Lines = list[tuple[int, str]]

NUMBERED_HEADER = re.compile(r"^[ \u3000]*(?:序号|编号)[ \u3000]+\S", re.MULTILINE)
MOST_TABLES = 200
LONGEST_ROW = 400_000  # of tabs, which a spreadsheet writes
LONGEST_TYPED = 6_000  # of strokes over several lines
LONGEST_HEADER = 300


def tabbed(text: str) -> list[list[Row]]:
    """Runs of lines with tabs, split at them."""
    if "\t" not in text:
        return []
    runs: list[list[Row]] = []
    start, inside = 0, False
    for line in text.split("\n"):
        if "\t" in line and len(line) < LONGEST_ROW:
            if not inside:
                runs.append([])
            runs[-1].append(_cells(line, start))
            inside = True
        elif inside and line.strip():
            inside = len(line.strip()) <= 40 and not re.match(r"备注|附件|\d", line.strip())
            if inside:
                runs[-1].append((Span(start, start + len(line)),))
        start += len(line) + 1
    return [run for run in runs if len(run) > 1]


def _cells(line: str, start: int) -> Row:
    cells = []
    for piece in line.split("\t"):
        cells.append(Span(start, start + len(piece)))
        start += len(piece) + 1
    return tuple(cells)


def spaced(text: str) -> list[list[Row]]:
    """Tables whose cells are parted by white space alone: read only where every row has as many as the header."""
    if not NUMBERED_HEADER.search(text):
        return []
    lines = lines_in(text)
    found: list[list[Row]] = []
    for at, (start, line) in enumerate(lines):
        header = _words(start, line) if len(line) <= LONGEST_HEADER and NUMBERED_HEADER.match(line) else ()
        columns = columns_of([text[cell.start : cell.end] for cell in header]) if len(header) >= 3 else ()
        if columns and columns[0].kind == NO:
            rows = _spaced_rows(lines, at + 1, len(header))
            found += [[header, *rows]] if rows else []
        if len(found) >= MOST_TABLES:
            break
    return found


def _spaced_rows(lines: Lines, first: int, width: int) -> list[Row]:
    """The rows below a header; none at all when one of them does not have its cells."""
    rows: list[Row] = []
    for at in range(first, len(lines)):
        start, line = lines[at]
        if not line.strip():
            continue
        cells = _words(start, line) if len(line) <= LONGEST_TYPED else ()
        if is_heading(line):
            rows.append((Span(start, start + len(line)),))
        elif not line.strip()[:1].isdecimal():
            break
        elif len(cells) != width:
            return []
        else:
            rows.append(cells)
    return rows if any(len(row) == width for row in rows) else []


def _words(start: int, line: str) -> Row:
    return tuple(Span(start + match.start(), start + match.end()) for match in re.finditer(r"\S+", line))


def lines_in(text: str) -> Lines:
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, line))
        start += len(line) + 1
    return found


def is_heading(words: str) -> bool:
    mark = mark_at(words.strip())
    return bool(mark) and mark.rank in (PLAIN, BRACKETED) and len(words.strip()) <= 40 and "。" not in words
