"""Workbooks with a task list: the rows above the header are paragraphs, the header and what follows is a table."""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from xml.etree.ElementTree import XMLParser

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from documents.reading.builder import SourceBuilder
from documents.reading.limits import MOST_COLUMNS, MOST_ROWS
from documents.reading.shown import shown
from documents.source import Source

HEADER_WITHIN = 20  # rows with something in them
# Two of these words in two cells of a row make it the header.
HEADINGS = re.compile(
    r"序号|编号|任务|事项|工作内容|重点工作|主要内容|具体内容|工作举措|措施|项目"
    r"|牵头|责任|主办|承办|配合|协办|参与|负责|单位|部门|时限|完成时间|进度|目标|备注"
)
LONGEST_HEADING = 16  # characters
DEFAULT_NAME = re.compile(r"(?:Sheet|工作表|表)\s?\d{0,3}", re.IGNORECASE)
MOST_MERGED = MOST_ROWS * MOST_COLUMNS  # cells

Rows = list[list[str | None]]


def read_xlsx(data: bytes) -> Source:
    builder = SourceBuilder()
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        warnings.simplefilter("ignore")  # about features of no interest here: validation lists, missing styles
        # read_only and the bounds below: one cell at XFD1048576 would else cost a gigabyte.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                _sheet(builder, sheet.title, _rows(sheet, archive))
        book.close()
    return builder.source("xlsx")


def _sheet(builder: SourceBuilder, name: str, rows: Rows) -> None:
    if not rows:
        return
    header = next((n for n, row in enumerate(rows[:HEADER_WITHIN]) if _is_header(row)), None)
    one_column = all(not any(row[1:]) for row in rows)
    if header is None and one_column:
        header = len(rows)
    if header == 0 and not DEFAULT_NAME.fullmatch(name):
        builder.paragraph(name)  # nothing else says what the table is
    for row in rows[:header]:
        builder.paragraph("\t".join(text for text in row if text))
    if header != len(rows):
        builder.table(rows[header or 0 :])


def _is_header(row: Sequence[str | None]) -> bool:
    cells = ("".join(text.split()) for text in row if text)
    return sum(len(cell) <= LONGEST_HEADING and bool(HEADINGS.search(cell)) for cell in cells) >= 2


def _rows(sheet: ReadOnlyWorksheet, archive: zipfile.ZipFile) -> Rows:
    """The rows that hold something, as wide as the widest; one row and column too many shows that there are more."""
    bounds = {"max_row": MOST_ROWS + 1, "max_col": MOST_COLUMNS + 1}
    rows: Rows = [[shown(cell.value, cell.number_format if cell.value is not None else "") for cell in row]
                  for row in sheet.iter_rows(**bounds)]  # fmt: skip
    _blank_merged(rows, _merged(sheet, archive))
    width = max((n + 1 for row in rows for n, text in enumerate(row) if text), default=0)
    return [row[:width] for row in rows if any(row)]


def _blank_merged(rows: Rows, areas: list[str]) -> None:
    """A merged cell's text stands in its first place; the others have no cell of their own."""
    marked = 0
    for area in areas:
        left, top, right, bottom = range_boundaries(area)
        for y in range(top - 1, min(bottom, len(rows))):
            for x in range(left - 1, min(right, len(rows[y]))):
                marked += 1
                if (y, x) != (top - 1, left - 1):
                    rows[y][x] = None
        if marked > MOST_MERGED:  # overlapping areas: no program writes them
            return


class _Areas:
    """Target of a streaming parser that keeps nothing but the merged areas."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("}mergeCell") and "ref" in attributes:
            self.found.append(attributes["ref"])

    def close(self) -> None:
        """The parser asks for one."""


def _merged(sheet: ReadOnlyWorksheet, archive: zipfile.ZipFile) -> list[str]:
    """Areas such as A1:C1. The library leaves them out when it reads in a stream, so they are read beside it."""
    areas = _Areas()
    parser = XMLParser(target=areas)  # noqa: S314 - a target that keeps no text; the archive's check refused entities
    with archive.open(sheet._worksheet_path) as content:
        while block := content.read(256 * 1024):
            parser.feed(block)
    parser.close()
    return areas.found
