"""User text in workbook and CSV cells: always text, never a formula, whatever it begins with."""

import re
from copy import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

LONGEST = 32_767  # UTF-16 units: what one Excel cell holds
# What XML 1.0 cannot carry: control characters but tab and newline, halves of surrogate pairs, two non-characters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# First characters that make a spreadsheet compute; the wide ones do so under Chinese input settings.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """`text` as a cell can hold it: one kind of newline, no forbidden characters, cut at 32,767."""
    text = FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= LONGEST:  # short enough even if every character were a pair
        return text
    return text.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", "ignore")


def put_text(cell: "Cell | WriteOnlyCell", text: str) -> "Cell | WriteOnlyCell":
    """Store `text` in an openpyxl cell, of a normal or a write-only sheet, as text. Set the cell's style before."""
    text = safe_text(text)
    cell.value = text
    cell.data_type = "s"  # openpyxl has just guessed a formula from "=…" and an error from "#N/A"
    if text.startswith(FORMULA_STARTS):
        # Excel then keeps it text even after somebody edits the cell. The style may be shared with other cells.
        cell._style = copy(cell._style)
        cell.quotePrefix = True
    return cell


def text_cell(sheet: "WriteOnlyWorksheet", text: str) -> "WriteOnlyCell":
    """A cell for a write-only sheet's row that holds `text`."""
    from openpyxl.cell import WriteOnlyCell

    return put_text(WriteOnlyCell(sheet), text)


def csv_text(text: str) -> str:
    """`text` for a CSV file that a spreadsheet may open: a quote goes before what would be computed."""
    text = safe_text(text)
    # A spreadsheet may skip leading blanks before it looks for a formula.
    starts = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if starts else text
