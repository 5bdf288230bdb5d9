"""Tables of work: those the file holds, those pasted as tabs, those that lost their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.draft import Span
from documents.normal import squash_line
from documents.parsing.names import is_class, is_unit
from documents.roles import label_role
from documents.source import Source

NO, TEXT, UNIT, DEADLINE, GROUP, OTHER = "no", "text", "unit", "deadline", "group", "other"
HEADERS = (
    (NO, r"(?:序号|编号|序|号|No\.?|项目?编号)$"),
    (OTHER, r".*(?:领导|责任人|负责人|联系人|电话|备注|经办|得分|分值|完成情况|进展|资金|投资|依据|来源).*$"),
    (UNIT, r".{0,10}(?:单位|部门|主体|处室|科室)(?:\(.{1,20}\))?$|(?:牵头|配合|责任|协办|主办|责任分工|分工)$"),
    (DEADLINE, r".{0,8}(?:时限|时间|期限|节点|进度)(?:要求|安排)?$"),
    (GROUP, r".{0,4}(?:类别|领域|板块|分类|类型|方面|类)$"),
    (
        TEXT,
        r".{0,12}(?:任务|事项|内容|项目|工作|举措|措施|实事|目标|要求|要点|指标|名称|清单|问题|改革|政策)(?:名称|内容|事项|要点|分解|清单|目标|要求|举措|措施)?(?:\(.{1,12}\))?$",
    ),
)
NUMBER_HEADER = re.compile(r"[序编]\s?号")
MOST_LINES = 20_000
DATES = re.compile(r"(?:20\d\d年)?(?:\d{1,2}月|第?[一二三四]季度|上半年|下半年|年底|全年|长期|持续)")
LONGEST_ROW = 400_000


@dataclass(frozen=True)
class Column:
    kind: str
    words: str
    role: str = ""


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
    for rows in _tabbed(source.text):
        if not any(one.start < rows[-1][-1].end and rows[0][0].start < one.end for one in taken):
            if not any(columns_of([words_of(source.text, cell) for cell in row]) for row in rows[:6] if len(row) < 30):
                continue
            blanked = [tuple(cell if _filled(source.text, cell) else None for cell in row) for row in rows]
            found += _grid(source.text, blanked, real=False)
    return sorted(found or _flattened(source.text), key=lambda grid: grid.whole.start)


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


def words_of(text: str, cell: Span | None) -> str:
    return squash_line(text, cell.start, cell.end).text if cell else ""


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


def columns_of(header: list[str]) -> tuple[Column, ...]:
    """The columns a header names, empty when it is not the header of a table of work."""
    columns = tuple(_column(words) for words in header)
    kinds = [column.kind for column in columns]
    if kinds.count(UNIT) and (TEXT in kinds or GROUP in kinds or NO in kinds) and len(columns) >= 2:
        return columns
    return ()


def _column(words: str) -> Column:
    for kind, pattern in HEADERS:
        if words and re.match(pattern, words):
            return Column(kind, words, label_role(words) if kind == UNIT else "")
    return Column(OTHER, words)


def _tabbed(text: str) -> list[list[tuple[Span, ...]]]:
    """Runs of lines with tabs, split at them."""
    runs: list[list[tuple[Span, ...]]] = []
    start, inside = 0, False
    for line in text.split("\n"):
        if "\t" in line and len(line) < LONGEST_ROW:
            if not inside:
                runs.append([])
            runs[-1].append(_cells(line, start))
            inside = True
        elif line.strip():
            inside = inside and len(line.strip()) <= 40 and not re.match(r"备注|附件|\d", line.strip())
            if inside:
                runs[-1].append((Span(start, start + len(line)),))
        start += len(line) + 1
    return [run for run in runs if len(run) > 1]


def _cells(line: str, start: int) -> tuple[Span, ...]:
    cells = []
    for piece in line.split("\t"):
        cells.append(Span(start, start + len(piece)))
        start += len(piece) + 1
    return tuple(cells)


def _flattened(text: str) -> list[Grid]:
    """A table whose cells follow one another on lines of their own: the header's words, then row after row."""
    if not NUMBER_HEADER.search(text):
        return []
    lines = _short_lines(text)[:MOST_LINES]
    kinds = [
        _column(words).kind if len(words) <= 10 and not any(map(str.isdecimal, words)) else OTHER for _, words in lines
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
                return [Grid(columns, tuple(rows), Span(lines[at][0].start, end), real=False)]
        at += max(size, 1)
    return []


def _short_lines(text: str) -> list[tuple[Span, str]]:
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        words = squash_line(text, start, end).text if len(line) < 2000 else ""
        if words and words != "|":
            found.append((Span(start, end), words))
        start = end + 1
    return found


def _numbered_rows(
    lines: list[tuple[Span, str]], columns: tuple[Column, ...], place: int
) -> tuple[list[tuple[Span | None, ...]], int]:
    """Rows by their figures 1, 2, 3 …, which stand in column `place`."""
    starts: list[int] = []
    for at, (_, words) in enumerate(lines):
        if words.isdecimal() and len(words) <= 3 and int(words) == len(starts) + 1 and at >= place:
            starts.append(at)
    rows: list[tuple[Span | None, ...]] = []
    end = 0
    for count, at in enumerate(starts):
        last = count + 1 == len(starts)
        until = min(len(lines), at + len(columns) + 6) if last else starts[count + 1] - place
        row, used = _spread(lines[at + 1 : until], columns[place + 1 :], last=last)
        rows.append((*(lines[before][0] for before in range(at - place, at)), lines[at][0], *row))
        end = max(end, lines[at + used][0].end)
    return rows, end


def _spread(cells: list[tuple[Span, str]], columns: tuple[Column, ...], *, last: bool) -> tuple[list[Span | None], int]:
    """Lines given to columns in order; where there are more lines than columns the units' column takes several."""
    row: list[Span | None] = []
    used = 0
    for place, column in enumerate(columns):
        after = len(columns) - place - 1
        take = 1 if used < len(cells) else 0
        if column.kind == UNIT:
            while used + take < len(cells) - (0 if last else after) and (
                is_unit(cells[used + take][1]) or is_class(cells[used + take][1])
            ):
                take += 1
        row.append(Span(cells[used][0].start, cells[used + take - 1][0].end) if take else None)
        used += take
    return row, used
