"""The one door through which text reaches a spreadsheet cell: it stays text, whatever it begins with."""

from __future__ import annotations

from typing import Any

MOST = 32_767  # characters one cell can hold


def plain(value: object) -> str:
    """The text without control characters a workbook cannot hold, cut at what one cell takes."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if _is_storable(letter))[:MOST]


def _is_storable(letter: str) -> bool:
    """Whether XML 1.0 can hold the character."""
    return letter in "\t\n" or " " <= letter < "\ud800" or "\ue000" <= letter < "\ufffe" or letter > "\uffff"


def write_text(cell: Any, value: object) -> Any:
    """Put `value` into an openpyxl cell as text: a leading = never becomes a formula. Returns the cell."""
    cell.value = plain(value)
    cell.data_type = "s"
    return cell
