import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from documents.reading import read
from documents.refusal import ImportRefused
from tests.documents.samples.harm import strings
from tests.documents.samples.others import cut, flipped, task_list, workbook
from tests.files.samples import packed


def cells(source, at=0):
    return [[span and source.text[span.start : span.end] for span in row] for row in source.tables[at].rows]


def sheet(*rows, title="Sheet1"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def with_sheet(data, change):
    """The workbook with its first sheet's XML changed."""
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return packed([(n, change(archive.read(n)) if n == name else archive.read(n)) for n in archive.namelist()])


def test_task_list_reads_title_rows_and_table():
    source = read(task_list(), "清单.xlsx")

    assert source.format == "xlsx"
    assert source.text.splitlines() == [
        "青垣县2032年重点任务清单",
        "填报单位：县水利局\t2032年3月",
        "序号\t工作任务\t牵头单位\t配合单位\t完成时限",
        "1\t加固大坝\t县水利局\t县财政局、县应急局\t2032年6月30日",
        "2\t清淤塘坝\t\t\t年底前",
        "3\t自来水普及率\t县水利局\t\t96.5%",
        "本清单每季度调度一次。",
    ]
    assert cells(source) == [
        ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"],
        ["1", "加固大坝", "县水利局", "县财政局、县应急局", "2032年6月30日"],
        ["2", "清淤塘坝", None, "", "年底前"],
        ["3", "自来水普及率", "县水利局", "", "96.5%"],
    ]


@pytest.mark.parametrize("damage", [cut, flipped])
def test_damaged_workbook_is_refused_in_words(damage):
    with pytest.raises(ImportRefused, match="请"):
        read(damage(task_list()), "清单.xlsx")


def test_each_sheet_is_a_table_under_its_name():
    book = sheet(["任务", "责任单位"], ["修渠", "县水利局"], title="水利")
    second = book.create_sheet("交通")
    second.append(["任务", "责任单位"])
    second.append(["架桥", "县交通局"])

    source = read(workbook(book), "a.xlsx")

    assert source.text == "水利\n任务\t责任单位\n修渠\t县水利局\n交通\n任务\t责任单位\n架桥\t县交通局\n"
    assert [len(table.rows) for table in source.tables] == [2, 2]


def test_header_is_found_below_many_rows_and_only_within_the_first_twenty():
    above = [[f"说明{n}"] for n in range(19)]
    found = read(workbook(sheet(*above, ["序号", "重点工作", "责任部门"], [1, "修渠", "县水利局"])), "a.xlsx")
    beyond = read(workbook(sheet(*above, ["说明"], ["序号", "重点工作", "责任部门"])), "a.xlsx")

    assert cells(found) == [["序号", "重点工作", "责任部门"], ["1", "修渠", "县水利局"]]
    assert len(beyond.tables[0].rows) == 21


def test_long_sentences_with_such_words_are_no_header():
    title = ["关于印发重点任务责任分工清单并明确牵头单位的通知", "各单位各部门要按照任务分工抓好责任落实工作"]

    source = read(workbook(sheet(title, ["任务", "责任单位"], ["修渠", "县水利局"])), "a.xlsx")

    assert len(source.tables[0].rows) == 2


def test_one_column_of_text_is_paragraphs():
    source = read(workbook(sheet(["一、水库"], [None], ["1.加固大坝。"])), "a.xlsx")

    assert (source.text, source.tables) == ("一、水库\n1.加固大坝。\n", ())


def test_saved_result_of_a_formula_is_read_and_line_ends_in_a_cell_are_kept():
    data = workbook(sheet(["任务", "责任单位"], ["修渠\n架桥", "=A1"]))
    data = with_sheet(data, lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>7</v>", xml))

    assert cells(read(data, "a.xlsx"))[1] == ["修渠\n架桥", "7"]


def test_wrong_dimension_does_not_hide_rows():
    data = workbook(sheet(["任务", "责任单位"], ["修渠", "县水利局"]))
    narrow = with_sheet(data, lambda xml: re.sub(rb'ref="A1:B2"', b'ref="A1"', xml))

    assert read(narrow, "a.xlsx") == read(data, "a.xlsx")


def test_one_cell_in_the_last_corner_costs_nothing():
    book = sheet(["任务", "责任单位"], ["修渠", "县水利局"])
    book.active["XFD1048576"] = "远"

    assert len(read(workbook(book), "a.xlsx").tables[0].rows) == 2


@pytest.mark.parametrize("place", ["A5001", "BI2"])
def test_what_stands_just_beyond_the_bounds_is_not_lost_in_silence(place):
    book = sheet(["任务", "责任单位"])
    for n in range(2, 5_001):
        book.active[f"A{n}"] = f"修渠{n * 7919 % 10007}"
    book.active[place] = "架桥"

    with pytest.raises(ImportRefused, match="5000 行或 60 列"):
        read(workbook(book), "a.xlsx")


def test_merged_areas_that_overlap_without_end_are_bounded():
    book = sheet(["任务", "责任单位"], *([f"修渠{n}", "县水利局"] for n in range(500)))
    data = workbook(book)
    areas = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 2_000 + b"</mergeCells>"
    data = with_sheet(data, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + areas))

    assert read(data, "a.xlsx").text == "任务\n"


def test_strings_kept_in_a_table_of_their_own_are_read():
    """As Excel and WPS write them; the library that makes our samples writes them in place."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'
    data = strings(f'<sst xmlns="{main}"><si><t>责任单位</t></si><si><r><t>任</t></r><r><t>务</t></r></si></sst>')
    data = with_sheet(data, lambda xml: f'<worksheet xmlns="{main}"><sheetData>{row}</sheetData></worksheet>')

    assert read(data, "a.xlsx").text.startswith("任务清单\n任务\t责任单位\n")
