"""The ruled tables of a PDF's pages. Their cells are found by pdfplumber, loaded only where lines are drawn.

It is asked for the cells alone: on files that browsers make it returns radicals in place of common characters.
"""

import io
import logging
from functools import cached_property
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as c

from documents.reading.grid import Grid, grid_of
from documents.reading.pdf_space import Turn

if TYPE_CHECKING:
    from pdfplumber.page import Page

FEWEST_POINTS = 6  # two rules across and an upright one
MOST_POINTS = 30_000  # drawn on one page; with more it is a drawing
MOST_LETTERS = 20_000  # on one page; a full one in small print has about 5,000

logger = logging.getLogger(__name__)


class RuledTables:
    """Those of one file."""

    def __init__(self, data: bytes):
        self._data = data

    def on(self, number: int, page: pdfium.PdfPage, turn: Turn, letters: int) -> list[Grid]:
        """The tables of `page`, whose number counts from 0. None where the library gives up: its words can be read."""
        if letters > MOST_LETTERS or not FEWEST_POINTS <= _points_drawn(page) <= MOST_POINTS:
            return []
        from documents.reading.ruled_cells import cells_of  # not above: it takes a fifth of a second to load

        try:
            found = [grid_of(cells) for cells in cells_of(self._pages[number], turn)]
        except MemoryError:
            raise
        except Exception as error:  # it forgives a damaged file less than the reader of the text
            logger.warning("page not searched for tables: %s", type(error).__name__)
            return []
        return [grid for grid in found if grid is not None]

    @cached_property
    def _pages(self) -> "list[Page]":
        from documents.reading.ruled_cells import pages_of

        try:
            return pages_of(io.BytesIO(self._data))
        except MemoryError:
            raise
        except Exception as error:
            logger.warning("file not searched for tables: %s", type(error).__name__)
            return []


def _points_drawn(page: pdfium.PdfPage) -> int:
    count = 0
    for shape in page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH]):
        count += c.FPDFPath_CountSegments(shape)
        if count > MOST_POINTS:
            break
    return count
