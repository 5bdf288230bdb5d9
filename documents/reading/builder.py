"""Puts a source's text together, and remembers where its tables' cells came to stand."""

from collections.abc import Sequence

from documents.draft import Span
from documents.reading.limits import LONGEST_TEXT, MOST_COLUMNS, MOST_ROWS, TABLE_TOO_LARGE, TOO_LONG
from documents.refusal import ImportRefused
from documents.source import Source, Table

Row = Sequence[str | None]  # None: no cell of its own, because it is merged or absent


class SourceBuilder:
    """Grows a Source paragraph by paragraph and table by table. Raises ImportRefused once it grows too long."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._tables: list[Table] = []

    def paragraph(self, text: str) -> None:
        self._add(text)
        self._add("\n")

    def table(self, rows: Sequence[Row]) -> None:
        if len(rows) > MOST_ROWS or any(any(row[MOST_COLUMNS:]) for row in rows):
            raise ImportRefused(TABLE_TOO_LARGE, code="too_large")
        spans = []
        for row in rows:
            spans.append(self._row(row[:MOST_COLUMNS]))
            self._add("\n")
        self._tables.append(Table(rows=tuple(spans)))

    def source(self, format_: str) -> Source:
        return Source(text="".join(self._parts), format=format_, tables=tuple(self._tables))

    def _row(self, row: Row) -> tuple[Span | None, ...]:
        spans = []
        for position, text in enumerate(row):
            if position:
                self._add("\t")
            spans.append(None if text is None else self._add(text.replace("\t", " ")))
        return tuple(spans)

    def _add(self, text: str) -> Span:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise ImportRefused(TOO_LONG, code="too_long")
        return Span(start, self._length)
