"""PDF files that hold text. What a scanner made holds none and is refused, page by page."""

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

import pypdfium2 as pdfium

from documents.reading.builder import SourceBuilder
from documents.reading.furniture import without_furniture
from documents.reading.limits import LONGEST_TEXT, MOST_PAGES, TOO_LONG
from documents.reading.pdf_page import Line, Page, PlacedTable, read_page
from documents.reading.pdf_space import around
from documents.reading.ruled import RuledTables
from documents.refusal import ImportRefused
from documents.source import Source

PASSWORD = 4  # FPDF_ERR_PASSWORD
ENCRYPTED = "PDF 加了密码，无法读取。请取消密码后再上传，或打开后复制文字，用“粘贴正文”导入。"
SCAN = "里没有文字，是扫描件或图片，系统不做文字识别。请上传 Word 原稿或文字版 PDF，或用“粘贴正文”导入。"
GARBLED = "PDF 的字体没有附带文字对照表，读出的是乱码。请上传 Word 原稿，或打开后复制文字核对无误，用“粘贴正文”导入。"
MOST_UPWARD = 2  # steps back up a page that columns and notes explain; with more, the order of drawing is no order


def read_pdf(data: bytes) -> Source:
    with closing(_opened(data)) as document:
        if len(document) > MOST_PAGES:
            raise ImportRefused(f"PDF 超过 {MOST_PAGES} 页。请只保留需要导入的页再上传。", code="too_long")
        pages = list(_pages(document, RuledTables(data)))
    _refuse_pictures(pages)
    builder = SourceBuilder()
    for block in _tables_joined(block for page in without_furniture(pages) for block in _in_order(page)):
        if isinstance(block, PlacedTable):
            builder.table(block.rows)
        else:
            builder.paragraph(block.text)
    source = builder.source("pdf")
    _refuse_garbled(source.text)
    return source


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD:
            raise ImportRefused(ENCRYPTED, code="encrypted") from error
        raise


def _pages(document: pdfium.PdfDocument, ruled: RuledTables) -> Iterator[Page]:
    length = 0
    for number, page in enumerate(document):
        with closing(page):
            found = read_page(page, number, ruled)
        length += sum(len(line.text) for line in found.lines)
        if length > LONGEST_TEXT:
            raise ImportRefused(TOO_LONG, code="too_long")
        yield found


def _refuse_pictures(pages: list[Page]) -> None:
    """One scanned page among others would be lost without a word, so it is refused as well."""
    pictures = [number for number, page in enumerate(pages, start=1) if page.is_picture]
    if pictures and len(pictures) == len(pages):
        raise ImportRefused(f"PDF {SCAN}", code="scan")
    if pictures:
        listed = "、".join(map(str, pictures[:10])) + ("等" if len(pictures) > 10 else "")
        raise ImportRefused(f"PDF 第 {listed} 页{SCAN}", code="scan")
    if not any(page.lines or page.tables for page in pages):
        raise ImportRefused(f"PDF {SCAN}", code="scan")


def _refuse_garbled(text: str) -> None:
    letters = [letter for letter in text if not letter.isspace()]
    bad = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or letter < " " for letter in letters)
    if bad * 5 > len(letters):
        raise ImportRefused(GARBLED, code="garbled")


def _in_order(page: Page) -> Iterator[Line | PlacedTable]:
    lines = _from_top(page.lines) if _upward_steps(page.lines) > MOST_UPWARD else page.lines
    waiting = sorted(page.tables, key=lambda table: -table.grid.ys[0])
    for line in lines:
        while waiting and line.box.middle[1] < waiting[0].grid.ys[0]:
            yield waiting.pop(0)
        yield line
    yield from waiting


def _upward_steps(lines: list[Line]) -> int:
    return sum(later.box.y0 > earlier.box.y1 for earlier, later in pairwise(lines))


def _from_top(lines: list[Line]) -> list[Line]:
    """By height, pieces of one row from left to right as one line."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.box.middle[1]):
        if rows and line.box.middle[1] > rows[-1][0].box.y0:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_row_joined(sorted(row, key=lambda line: line.box.x0)) for row in rows]


def _row_joined(row: list[Line]) -> Line:
    return Line(" ".join(line.text for line in row), around([line.box for line in row]))


def _tables_joined(blocks: Iterator[Line | PlacedTable]) -> Iterator[Line | PlacedTable]:
    """A table that goes on where the one before it ended is one with it; its repeated header is left out."""
    open_table: PlacedTable | None = None
    for block in blocks:
        if isinstance(block, PlacedTable) and open_table is not None and _same_columns(open_table, block):
            again = block.rows[0] == open_table.rows[0]
            open_table = PlacedTable(block.grid, open_table.rows + block.rows[again:])
            continue
        if open_table is not None:
            yield open_table
            open_table = None
        if isinstance(block, PlacedTable):
            open_table = block
        else:
            yield block
    if open_table is not None:
        yield open_table


def _same_columns(one: PlacedTable, other: PlacedTable) -> bool:
    a, b = one.grid.xs, other.grid.xs
    return len(a) == len(b) and all(abs(x - y) < 6 for x, y in zip(a, b, strict=True))
