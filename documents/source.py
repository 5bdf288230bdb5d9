"""A document as decoded text, with the tables that were seen in it."""

from __future__ import annotations

from dataclasses import dataclass

from documents.draft import Span


@dataclass(frozen=True)
class Table:
    """Rows of cells; every cell is a stretch of the source's text, an absent or merged one is None."""

    rows: tuple[tuple[Span | None, ...], ...]


@dataclass(frozen=True)
class Source:
    """`text` is the document as decoded, never normalised: offsets of a draft count its code points.

    Paragraphs and table rows end with a line feed; cells of a row are parted by a tab. `format` is docx, pdf, txt,
    xlsx or pasted.
    """

    text: str
    format: str
    tables: tuple[Table, ...] = ()
