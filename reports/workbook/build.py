"""The six sheets, in the order they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from reports.workbook import sheets
from reports.workbook.edition import Edition
from reports.workbook.styles import Styles

KNOWN_SCHEMAS = (1,)


class UnknownSchema(ValueError):
    """The snapshot was written by a version of the program that this one cannot read."""


def build(snapshot: dict[str, Any]) -> Workbook:
    """The workbook of a snapshot with its edition. Raises UnknownSchema."""
    if snapshot.get("schema") not in KNOWN_SCHEMAS:
        raise UnknownSchema(f"不认识的数据结构版本 {snapshot.get('schema')}")
    workbook = Workbook(write_only=True)
    edition, styles = Edition(snapshot), Styles(workbook)
    workbook.properties.creator = edition.office
    workbook.properties.title = edition.title
    writers: tuple[Callable, ...] = (
        sheets.summary, sheets.items, sheets.departments, sheets.overdue, sheets.notes, sheets.data,
    )  # fmt: skip
    for write in writers:
        write(workbook, styles, edition)
    return workbook


def file_name(snapshot: dict[str, Any]) -> str:
    """2024年10月_重点帮扶县工作重点进展月报_v1.xlsx; characters no file system takes are left out."""
    edition = Edition(snapshot)
    name = f"{edition.month}_{edition.name}_{edition.version}"
    return "".join(letter for letter in name if letter not in '\\/:*?"<>|\r\n\t') + ".xlsx"


def made_at(snapshot: dict[str, Any]) -> datetime:
    """The moment of the snapshot on the office's clock, without zone, as workbooks keep it."""
    return datetime.fromisoformat(snapshot["edition"]["made_at"]).replace(tzinfo=None)
