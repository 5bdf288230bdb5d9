"""One sheet of the report: its page, its columns, and rows written one after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import Outline, PageSetupProperties

from files.cells import put_text
from reports.workbook.styles import Style, Styles, light_words

A3, A4 = 8, 9
LINE, TALLEST = 15, 409  # points; no row may be higher than 409
MARGIN = 0.5  # inch: 12.7 mm
NOTHING = "—"  # a column whose data this report does not hold


class Light(str):
    """A light's code, to be written as glyph and word on its colour."""


class Sheet:
    """Writes rows from top to bottom. Heights are set by us, because WPS and Excel fit them differently."""

    def __init__(self, workbook: Workbook, styles: Styles, name: str, widths: Sequence[float]):
        self.styles, self.widths = styles, widths
        self.out = workbook.create_sheet(name)
        self.row = 0
        self._plain_cells: list[WriteOnlyCell] = []
        for at, width in enumerate(widths, 1):
            self.out.column_dimensions[get_column_letter(at)].width = width

    @property
    def last_column(self) -> str:
        return get_column_letter(len(self.widths))

    def page(
        self, *, paper: int, landscape: bool, freeze: str, repeat: str = "", one_page: bool = False, mark: str = "",
        outline: bool = False,
    ) -> None:  # fmt: skip
        """Print set-up; comes before the first row, because the sheet is streamed.

        `freeze` is the first cell that scrolls, `repeat` the rows printed on every page, `mark` (送审稿第1稿) stands in
        the page header, `outline` folds the rows of a section under its heading.
        """
        out = self.out
        out.page_setup.paperSize = paper
        out.page_setup.orientation = "landscape" if landscape else "portrait"
        out.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        out.page_setup.fitToWidth, out.page_setup.fitToHeight = 1, int(one_page)
        out.page_margins = PageMargins(left=MARGIN, right=MARGIN, top=0.59, bottom=0.59, header=0.3, footer=0.3)
        out.print_options.horizontalCentered = True
        out.oddFooter.center.text = "第&P页 共&N页"
        out.freeze_panes = freeze
        if repeat:
            out.print_title_rows = repeat
        if mark:
            out.oddHeader.right.text = mark
        if outline:
            out.sheet_properties.outlinePr = Outline(summaryBelow=False)
            out.sheet_format.outlineLevelRow = 1

    def top(self, title: str, left: str, right: str) -> None:
        """Title over all columns; below it who made the report and as of when."""
        self.merged(title, Style.TITLE, height=36)
        half = self._half()
        gap = [None] * (half - 1)
        self._append([self._cell(left, Style.LINE_LEFT), *gap, self._cell(right, Style.LINE_RIGHT)], height=20)
        self._merge(1, half)
        self._merge(half + 1, len(self.widths))

    def _half(self) -> int:
        """The column at which two fifths of the width are reached; the rest is for the longer text on the right."""
        wanted = sum(self.widths) * 0.4
        return next(
            at for at in range(1, len(self.widths)) if sum(self.widths[:at]) >= wanted or at == len(self.widths) - 1
        )

    def head(self, names: Sequence[str], *, height: float = 32, spans: Sequence[tuple[int, int]] = ()) -> None:
        self._append([self._cell(name, Style.HEAD) for name in names], height=height)
        for first, last in spans:
            self._merge(first, last)

    def filter_from(self, header_row: int) -> None:
        """Filter buttons on the header, down to the row written last."""
        self.out.auto_filter.ref = f"A{header_row}:{self.last_column}{max(self.row, header_row)}"

    def line(
        self, values: Sequence[Any], styles: Sequence[Style], *, spans: Sequence[tuple[int, int]] = (), outline: int = 0
    ) -> None:
        """A row of the table, as high as its longest text asks for. `spans` are columns (first, last) to merge."""
        cells = [self._cell(value, style) for value, style in zip(values, styles, strict=True)]
        widths = self._widths(spans)
        lines = max(lines_of(value, width) for value, width in zip(values, widths, strict=False))
        self._append(cells, height=min(lines * LINE + 4, TALLEST), outline=outline)
        for first, last in spans:
            self._merge(first, last)

    def long_line(
        self, values: Sequence[Any], styles: Sequence[Style], *, spans: Sequence[tuple[int, int]] = (), outline: int = 0
    ) -> None:
        """As `line`; what does not fit into one row goes on in the next, so that print loses nothing."""
        columns = [pieces(value, width) for value, width in zip(values, self._widths(spans), strict=True)]
        for at in range(max(len(column) for column in columns)):
            row = [column[at] if at < len(column) else "" for column in columns]
            if at:
                row[0] = f"{values[0]}续"
            self.line(row, styles, spans=spans, outline=outline)

    def packed(self, parts: Sequence[str]) -> list[str]:
        """The parts in as few lines over the whole width as hold them."""
        lines = [""]
        for part in parts:
            longer = f"{lines[-1]}　　{part}" if lines[-1] else part
            if room_of(longer) <= sum(self.widths):
                lines[-1] = longer
            else:
                lines.append(part)
        return lines

    def _widths(self, spans: Sequence[tuple[int, int]]) -> list[float]:
        widths = list(self.widths)
        for first, last in spans:
            widths[first - 1] = sum(self.widths[first - 1 : last])
        return widths

    def merged(self, text: str, style: Style, *, height: float = 0) -> None:
        """One text over all columns."""
        lines = lines_of(text, sum(self.widths))
        cells = [self._cell(text, style)] + [self._cell(None, style) for _ in self.widths[1:]]
        self._append(cells, height=height or lines * LINE + 5)
        self._merge(1, len(self.widths))

    def gap(self, height: float = 8) -> None:
        self._append([], height=height)

    def plain(self, values: Sequence[Any]) -> None:
        """An undressed row for filters and pivots; its cells are used again, which the streamed sheet allows."""
        if not self._plain_cells:
            self._plain_cells = [WriteOnlyCell(self.out) for _ in self.widths]
        for cell, value in zip(self._plain_cells, values, strict=True):
            cell._style = self.styles[Style.PLAIN]  # put_text marks what begins like a formula
            if isinstance(value, str):
                put_text(cell, value)
            else:
                cell.value = value
        self.out.append(self._plain_cells)
        self.row += 1

    def _append(self, cells: list, *, height: float, outline: int = 0) -> None:
        self.row += 1
        dimension = self.out.row_dimensions[self.row]
        dimension.height = height
        if outline:
            dimension.outlineLevel = outline
        self.out.append(cells)

    def _merge(self, first: int, last: int) -> None:
        if last > first:
            self.out.merged_cells.add(f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row}")

    def _cell(self, value: Any, style: Style) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.out)
        if isinstance(value, Light):
            cell._style = self.styles.light(value)
            return put_text(cell, light_words(value))
        cell._style = self.styles[style]
        if isinstance(value, str):
            return put_text(cell, value)
        cell.value = value
        return cell


def lines_of(value: Any, width: float) -> int:
    """Lines a text takes in a column of that width: a Chinese character counts two, another letter one."""
    if isinstance(value, Light):
        value = light_words(value)
    if not isinstance(value, str):
        return 1
    return sum(max(1, math.ceil(room_of(part) / width)) for part in value.split("\n"))


def room_of(text: str) -> int:
    return sum(2 if letter > "\u2000" else 1 for letter in text)


def pieces(value: Any, width: float) -> list[Any]:
    """The text in parts of at most as many lines as the highest row holds."""
    if not isinstance(value, str) or isinstance(value, Light):
        return [value]
    most = (TALLEST - 4) // LINE
    lines = [line for paragraph in value.split("\n") for line in _folded(paragraph, width)]
    if len(lines) <= most:
        return [value]
    parts = [lines[at : at + most] for at in range(0, len(lines), most)]
    return ["".join(part).strip("\n") for part in parts]


def _folded(paragraph: str, width: float) -> list[str]:
    """The paragraph cut into lines of that width; the last one ends with its line break."""
    lines, line, room = [], "", 0
    for letter in paragraph:
        wide = room_of(letter)
        if room + wide > width:
            lines.append(line)
            line, room = "", 0
        line, room = line + letter, room + wide
    return [*lines, f"{line}\n"]


def day(text: str) -> date | str:
    """An ISO date as a real date cell; empty stays empty."""
    return date.fromisoformat(text) if text else ""
