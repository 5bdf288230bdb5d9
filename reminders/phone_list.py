"""电话单: whom to ring about what is still owed, as a workbook with whole numbers; taking it out is recorded."""

from __future__ import annotations

import io

from django.db import transaction

import audit
from accounts.models import User
from files.cells import put_text
from reminders.desk import Desk, DeskRow
from tasks.wording import moment_words, short_moment

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("单位", 22), ("缺报事项", 12), ("退回未改", 12), ("当前状态", 24), ("联络员", 10), ("电话", 16),
    ("B角", 10), ("B角电话", 16), ("最近催办", 20), ("通话情况", 24),
)  # fmt: skip
HEAD_ROW = 3


def export(desk: Desk, *, by: User) -> bytes:
    """The workbook; one audit row says who took it and how many numbers it holds."""
    rows = _lines(desk)
    content = _workbook(desk, rows)
    with transaction.atomic():
        audit.record("chase.phones_exported", desk.period, by=by, after={"departments": len(rows)})
    return content


def _lines(desk: Desk) -> list[list[str]]:
    """One line a department, although it may stand on both tabs."""
    returned = {row.key: row for row in desk.returned}
    late = {row.key: row for row in desk.late}
    return [_line(late.get(key), returned.get(key)) for key in dict.fromkeys([*late, *returned])]


def _line(late: DeskRow | None, returned: DeskRow | None) -> list[str]:
    row = late or returned
    assert row is not None
    last = f"{row.last.channel_words} {short_moment(row.last.at)}" if row.last else ""
    phones = "、".join(person.phone for person in row.people if person.phone)
    return [
        row.name, late.numbers if late else "", returned.numbers if returned else "", late.state_words if late else "",
        row.people_words or "空缺", phones, row.backup.name, row.backup.phone, last, "",
    ]  # fmt: skip


def _workbook(desk: Desk, rows: list[list[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "电话单"
    period = desk.period
    box = Border(**dict.fromkeys(("left", "right", "top", "bottom"), Side(style="thin", color="FF7F7F7F")))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet["A1"].font, sheet["A1"].alignment = Font("宋体", sz=16, b=True), Alignment("center", "center")
    put_text(sheet["A1"], f"{period.label}催办电话单")
    due = f"截止 {moment_words(period.due_at)}，生成于 {moment_words(desk.now)}，共 {len(rows)} 个单位"
    sheet["A2"].font = Font("宋体", sz=10.5)
    put_text(sheet["A2"], due)
    for place, (name, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(HEAD_ROW, place)
        cell.font, cell.border = Font("黑体", sz=11), box
        cell.fill, cell.alignment = PatternFill("solid", "FFD9D9D9"), Alignment("center", "center", wrap_text=True)
        put_text(cell, name)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, line in enumerate(rows, HEAD_ROW + 1):
        for place, text in enumerate(line, 1):
            cell = sheet.cell(number, place)
            cell.font, cell.border = Font("宋体", sz=10.5), box
            cell.alignment = Alignment("left", "top", wrap_text=True)
            put_text(cell, text)
        sheet.row_dimensions[number].height = 32
    sheet.row_dimensions[1].height = 28
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    sheet.print_title_rows = f"1:{HEAD_ROW}"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.center.text = "第&P页 共&N页"
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()
