"""Lays a month's snapshot out as an Excel workbook. Reads the snapshot alone: same snapshot, same bytes."""

from reports.workbook.archive import to_bytes
from reports.workbook.build import UnknownSchema, build, file_name, made_at

__all__ = ["UnknownSchema", "build", "file_name", "made_at", "to_bytes"]
