"""The ruled lines drawn on a page of a PDF, as strokes or as thin filled shapes."""

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as c

from documents.reading.pdf_space import Turn
from documents.reading.ruled import Edge

MOST_OBJECTS = 30_000  # of one page looked at for rules; a page with more is a drawing
THIN = 3.0  # points


def rules_of(page: pdfium.PdfPage, turn: Turn) -> tuple[list[Edge], list[Edge]]:
    """(horizontal, upright) rules, as the page is shown."""
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
