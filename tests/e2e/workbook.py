"""Reads back a downloaded workbook as plain rows."""

import hashlib
import io
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook


def sheets_of(content: bytes) -> dict[str, list[tuple]]:
    """Every sheet's rows, from the first to the last that holds something; empty cells at the end are left out."""
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [_row(cells) for cells in sheet.iter_rows()] for sheet in book.worksheets}


def _row(cells) -> tuple:
    values = [_plain(cell.value) for cell in cells]
    while values and values[-1] == "":
        values.pop()
    return tuple(values)


def _plain(value):
    """A date without its midnight, and nothing for an empty cell; numbers and texts stay what they are."""
    if isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    return "" if value is None else value


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def downloaded(page, name: str) -> tuple[str, bytes]:
    """File name and content of what the link of that name gives."""
    with page.expect_download() as waiting:
        page.locator("main").get_by_role("link", name=name).first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
