"""Word files: paragraphs with their automatic numbers, and tables, in the order of the page.

Headers, footers, comments, hidden and deleted words are no part of the document. Text boxes follow the paragraph they
hang on; footnotes stand at the end.
"""

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from documents.reading.builder import SourceBuilder
from documents.reading.limits import MOST_COLUMNS
from documents.reading.numbering import Numbering
from documents.reading.runs import Inline, inline_of
from documents.reading.xml import child, children, is_on, name_of, number, parse, value
from documents.source import Source

# What wraps paragraphs, rows or cells without being one; of deletions and moves only the new place is here.
WRAPPERS = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"}


def read_docx(data: bytes) -> Source:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {
            name: parse(archive.read(f"word/{name}.xml"))
            for name in ("document", "numbering", "styles", "footnotes", "endnotes")
            if f"word/{name}.xml" in archive.namelist()
        }
    reader = _Reader(Numbering(parts.get("numbering"), parts.get("styles")))
    body = child(parts["document"], "body")
    if body is not None:
        reader.blocks(body)
    for kind in ("footnote", "endnote"):
        if f"{kind}s" in parts:
            reader.notes(parts[f"{kind}s"], kind)
    return reader.builder.source("docx")


class _Reader:
    def __init__(self, numbering: Numbering):
        self.builder = SourceBuilder()
        self._numbering = numbering

    def blocks(self, container: Element) -> None:
        """Every paragraph and table of `container` into the source."""
        line = ""
        for block in _blocks(container):
            if name_of(block) == "tbl":
                self._table(block)
                continue
            inline = self._inline(block)
            if inline is None:
                continue
            line += inline.text
            if inline.runs_on:  # the mark between two paragraphs was deleted
                continue
            self.builder.paragraph(line)
            line = ""
            for box in inline.boxes:
                self.blocks(box)
        if line:
            self.builder.paragraph(line)

    def notes(self, notes: Element, kind: str) -> None:
        for note in children(notes, kind):
            if value(note, "type") in ("", "normal"):  # the others are the rules between text and notes
                self.blocks(note)

    def _inline(self, paragraph: Element) -> Inline | None:
        properties = child(paragraph, "pPr")
        if self._numbering.is_contents(properties):
            return None
        inline = inline_of(paragraph)
        label = self._numbering.label(properties)
        return Inline(label + inline.text if inline.text else label.rstrip(), inline.boxes, inline.runs_on)

    def _table(self, table: Element) -> None:
        rows = [[(cell, *_place(cell)) for cell in _cells(row)] for row in _rows(table)]
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text
            self.blocks(rows[0][0][0])
            return
        self.builder.table([self._row(row, cells) for row, cells in zip(_rows(table), rows, strict=True)])

    def _row(self, row: Element, cells: list[tuple[Element, int, bool]]) -> list[str | None]:
        properties = child(row, "trPr")
        texts: list[str | None] = [None] * _columns(child(properties, "gridBefore"), 0)
        for cell, width, is_merged in cells:
            texts += [None if is_merged else self._cell(cell)] + [None] * (width - 1)
        return texts + [None] * _columns(child(properties, "gridAfter"), 0)

    def _cell(self, cell: Element) -> str:
        """A cell's paragraphs, one a line; a table inside it is flattened, one row a line."""
        lines = []
        for block in _blocks(cell):
            if name_of(block) == "tbl":
                lines += [" ".join(map(self._cell, _cells(row))) for row in _rows(block)]
            elif (inline := self._inline(block)) is not None:
                lines += [inline.text, *(self._cell(box) for box in inline.boxes)]
        return "\n".join(lines).strip("\n")


def _place(cell: Element) -> tuple[int, bool]:
    """(how many columns it takes, whether it only continues the merged cell above or beside it)."""
    properties = child(cell, "tcPr")
    merges = (child(properties, "vMerge"), child(properties, "hMerge"))
    return _columns(child(properties, "gridSpan"), 1), any(m is not None and value(m) != "restart" for m in merges)


def _columns(element: Element | None, default: int) -> int:
    return min(max(number(element, default=default), default), MOST_COLUMNS)


def _blocks(container: Element) -> Iterator[Element]:
    """Paragraphs and tables, without those of a table of contents."""
    for element in container:
        name = name_of(element)
        if name in ("p", "tbl"):
            yield element
        elif name in WRAPPERS and not _is_contents(element):
            yield from _blocks(element)
        elif name == "AlternateContent":
            yield from _blocks(element[0]) if len(element) else ()


def _is_contents(element: Element) -> bool:
    return value(child(element, "sdtPr", "docPartObj", "docPartGallery")) == "Table of Contents"


def _rows(table: Element) -> Iterator[Element]:
    return (row for row in _within(table, "tr") if not is_on(child(row, "trPr", "del")))


def _cells(row: Element) -> Iterator[Element]:
    return _within(row, "tc")


def _within(element: Element, name: str) -> Iterator[Element]:
    for found in element:
        if name_of(found) == name:
            yield found
        elif name_of(found) in WRAPPERS:
            yield from _within(found, name)
