"""From a snapshot to the bytes of its files. Knows no database row."""

from __future__ import annotations

import hashlib
from typing import Any

from reports.choices import FileFormat


def workbook_bytes(snapshot: dict[str, Any]) -> bytes:
    """The Excel file of a snapshot. Raises reports.workbook.UnknownSchema."""
    from reports import workbook  # openpyxl is loaded where it is used

    return workbook.to_bytes(workbook.build(snapshot), made_at=workbook.made_at(snapshot))


def workbook_name(snapshot: dict[str, Any]) -> str:
    from reports import workbook  # openpyxl is loaded where it is used

    return workbook.file_name(snapshot)


def file_values(snapshot: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Column values of the stored workbook."""
    return {
        "format": FileFormat.XLSX,
        "name": workbook_name(snapshot),
        "content": content,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
