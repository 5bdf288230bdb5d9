"""One page of a PDF: its lines of text as printed, and its ruled tables."""

from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_float, c_int
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as c

from documents.reading.ruled import Edge, Grid, grids_of

MOST_OBJECTS = 30_000  # of one page looked at for rules; a page with more is a drawing
THIN = 3.0  # points
HYPHENS = {"\ufffe", "\x02"}  # what the library writes for a hyphen at a line's end


@dataclass(slots=True)
class Box:
    """Points from the lower left corner of the page as it is shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def around(boxes: list[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes), min(box.y0 for box in boxes),
        max(box.x1 for box in boxes), max(box.y1 for box in boxes),
    )  # fmt: skip


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


@dataclass(frozen=True)
class _Turn:
    """From the page as stored to the page as shown, which may be turned by a quarter."""

    quarter: int
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        turned = ((x, y), (y, self.width - x), (self.width - x, self.height - y), (self.height - y, x))
        return turned[self.quarter]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        if not self.quarter:
            return Box(left, bottom, right, top)
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def read_page(page: pdfium.PdfPage) -> Page:
    turn = _turn_of(page)
    with closing(page.get_textpage()) as text:
        letters = list(_letters(text, turn))
    if not any(letter.sign.strip() for letter in letters):
        return Page(page.get_height(), [], [], _is_picture(page))
    grids = grids_of(*_rules(page, turn))
    lines, cells = _sorted_into(grids, letters)
    tables = []
    for grid, texts in zip(grids, cells, strict=True):
        if len(texts) > 1:  # with one text or none it is an ornament or a chart
            tables.append(PlacedTable(grid, grid.rows({place: _cell_text(found) for place, found in texts.items()})))
        else:
            lines += [_line(found) for found in texts.values()]
    return Page(page.get_height(), [line for line in lines if line.text], tables, is_picture=False)


def _turn_of(page: pdfium.PdfPage) -> _Turn:
    quarter = page.get_rotation() // 90 % 4
    width, height = page.get_size()  # as shown
    return _Turn(quarter, *((height, width) if quarter % 2 else (width, height)))


def _letters(text: pdfium.PdfTextPage, turn: _Turn) -> Iterator[_Letter]:
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


def _sorted_into(
    grids: list[Grid], letters: list[_Letter]
) -> tuple[list[Line], list[dict[tuple[int, int], list[_Letter]]]]:
    """The lines outside every grid, and each grid's letters by place."""
    lines: list[Line] = []
    cells: list[dict[tuple[int, int], list[_Letter]]] = [{} for _ in grids]
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


def _rules(page: pdfium.PdfPage, turn: _Turn) -> tuple[list[Edge], list[Edge]]:
    """(horizontal, upright) rules drawn on the page, as strokes or as thin filled shapes."""
    across: list[Edge] = []
    down: list[Edge] = []
    for count, shape in enumerate(page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH])):
        if count > MOST_OBJECTS:
            return [], []
        for (x0, y0), (x1, y1) in _strokes(shape):
            (x0, y0), (x1, y1) = turn.point(x0, y0), turn.point(x1, y1)
            if abs(y1 - y0) < THIN <= abs(x1 - x0):
                across.append(Edge((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) < THIN <= abs(y1 - y0):
                down.append(Edge((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return across, down


Point = tuple[float, float]


def _strokes(shape: pdfium.PdfObject) -> Iterator[tuple[Point, Point]]:
    fill, stroke = c_int(), c_int()
    c.FPDFPath_GetDrawMode(shape, byref(fill), byref(stroke))
    for points in _outlines(shape):
        if stroke.value:
            yield from pairwise(points)
        elif fill.value:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            width, height = max(xs) - min(xs), max(ys) - min(ys)
            if min(width, height) < THIN:
                yield (min(xs), min(ys)), (max(xs), max(ys))


def _outlines(shape: pdfium.PdfObject) -> Iterator[list[Point]]:
    matrix = shape.get_matrix()
    container = shape.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    points: list[Point] = []
    x, y = c_float(), c_float()
    for n in range(min(c.FPDFPath_CountSegments(shape), MOST_OBJECTS)):
        segment = c.FPDFPath_GetPathSegment(shape, n)
        c.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if c.FPDFPathSegment_GetType(segment) == c.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if c.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


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
