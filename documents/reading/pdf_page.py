"""One page of a PDF: its lines of text as printed, and its ruled tables."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as c

from documents.reading.grid import Grid, Place
from documents.reading.pdf_space import Box, Turn, around, turn_of
from documents.reading.ruled import RuledTables

HYPHENS = {"\ufffe", "\x02"}  # what the library writes for a hyphen at a line's end


@dataclass(frozen=True)
class Line:
    text: str
    box: Box


@dataclass(frozen=True)
class PlacedTable:
    grid: Grid
    rows: list[list[str | None]]


@dataclass(frozen=True)
class Page:
    height: float
    lines: list[Line]
    tables: list[PlacedTable]
    is_picture: bool  # no text, and a picture or drawing over most of it


@dataclass(slots=True)
class _Letter:
    sign: str
    box: Box


def read_page(page: pdfium.PdfPage, number: int, ruled: RuledTables) -> Page:
    """`number` counts from 0."""
    turn = turn_of(page)
    with closing(page.get_textpage()) as text:
        letters = list(_letters(text, turn))
    if not any(letter.sign.strip() for letter in letters):
        return Page(page.get_height(), [], [], _is_picture(page))
    grids = ruled.on(number, page, turn, len(letters))
    lines, cells = _sorted_into(grids, letters)
    tables = []
    for grid, texts in zip(grids, cells, strict=True):
        if len(texts) > 1:  # with one text or none it is an ornament or a chart
            tables.append(PlacedTable(grid, grid.rows({place: _cell_text(found) for place, found in texts.items()})))
        else:
            lines += [_line(found) for found in texts.values()]
    return Page(page.get_height(), [line for line in lines if line.text], tables, is_picture=False)


def _letters(text: pdfium.PdfTextPage, turn: Turn) -> Iterator[_Letter]:
    """In the order of the content. A letter outside the basic plane comes as two halves, which are joined."""
    half = ""
    for n in range(text.count_chars()):
        sign = half + chr(c.FPDFText_GetUnicode(text, n))
        half = ""
        if "\ud800" <= sign[-1] <= "\udbff":
            half = sign[-1]
            continue
        if sign[0] >= "\ud800":
            sign = sign.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if sign in HYPHENS:
            sign = "-"
        if sign != "\0":
            yield _Letter(sign, turn.box(*text.get_charbox(n, loose=True)))


def _sorted_into(grids: list[Grid], letters: list[_Letter]) -> tuple[list[Line], list[dict[Place, list[_Letter]]]]:
    """The lines outside every grid, and each grid's letters by place."""
    lines: list[Line] = []
    cells: list[dict[Place, list[_Letter]]] = [{} for _ in grids]
    outside: list[_Letter] = []
    for letter in [*letters, _Letter("\n", Box(0, 0, 0, 0))]:
        if letter.sign in "\r\n":
            if outside:
                lines.append(_line(outside))
            outside = []
            continue
        place = None
        for grid, texts in zip(grids, cells, strict=True):
            place = grid.place(*letter.box.middle)
            if place is not None:
                if letter.sign.strip() or place in texts:
                    texts.setdefault(place, []).append(letter)
                break
        if place is None:
            outside.append(letter)
    return lines, cells


def _line(letters: list[_Letter]) -> Line:
    return Line("".join(letter.sign for letter in letters).strip(" "), around([letter.box for letter in letters]))


def _cell_text(letters: list[_Letter]) -> str:
    """The lines of a cell: a letter whose middle lies below the one before begins a new one."""
    text = ""
    before = letters[0].box
    for letter in letters:
        if letter.sign.strip():
            if letter.box.middle[1] < before.y0:
                text = text.rstrip(" ") + "\n"
            before = letter.box
        text += letter.sign
    return text.strip()


def _is_picture(page: pdfium.PdfPage) -> bool:
    """A scan, or letters turned into curves."""
    whole = page.get_width() * page.get_height()
    for count, thing in enumerate(page.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_PATH])):
        if count > 200:
            return True
        left, bottom, right, top = thing.get_bounds()
        if thing.type == c.FPDF_PAGEOBJ_IMAGE and abs((right - left) * (top - bottom)) > whole / 2:
            return True
    return False
