"""The workbook as bytes that depend on its content alone, not on the moment of writing."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip entry can carry


class SteadyZip(ZipFile):
    """A zip whose entries carry no time of day."""

    def writestr(self, name, data, *args, **kwargs):
        entry = ZipInfo(name, EPOCH)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        super().writestr(entry, data)

    def write(self, filename, arcname=None, *args, **kwargs):
        self.writestr(arcname, Path(filename).read_bytes())


def to_bytes(workbook: Workbook, *, made_at: datetime) -> bytes:
    """`made_at` is written as the time the workbook was created and changed (local, without zone)."""
    workbook.properties.created = workbook.properties.modified = made_at
    out = io.BytesIO()
    # Workbook.save() would put the present time over `modified`.
    ExcelWriter(workbook, SteadyZip(out, "w", ZIP_DEFLATED)).save()
    return out.getvalue()
