"""The workbook of October, cell by cell, against what a clerk would write by hand."""

import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from calendars import clock
from reports import layout, services
from tests.reports.month import ISSUE, fill, make_office, work

FORMULAS = ("=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "#N/A", "\t=1", "＝1")


def opened(snapshot):
    return load_workbook(io.BytesIO(layout.workbook_bytes(snapshot)))


def rows(sheet, first, last, columns):
    return [[cell.value for cell in row[:columns]] for row in sheet.iter_rows(min_row=first, max_row=last)]


@pytest.fixture
def book(filled):
    return opened(filled.finalise().snapshot)


def test_the_sheets_in_reading_order(book):
    assert book.sheetnames == ["总览", "分事项进展", "分部门", "逾期清单", "填报说明", "数据"]
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_items(book):
    sheet = book["分事项进展"]
    assert sheet["A1"].value == "2024年10月重点帮扶县工作重点进展月报·分事项进展"
    assert sheet["A2"].value == "编制单位：安徽省农业农村厅帮扶处"
    assert sheet["G2"].value == "数据截至 2024-10-25 · v1 · 生成时间 2024-10-28 09:10"
    assert rows(sheet, 3, 10, 10) == [
        ["序号", "工作任务", "责任单位（牵头/分工）", "进展灯", "较上月", "本月进展（采用稿）", "关键数据（含截至）",
         "存在问题", "下一步打算", "报送"],
        ["一、聚焦资源要素投入", *[None] * 9],
        ["1", "农村供水提升", "省水利厅（牵头）", "▲滞后", "—", "两县开工，一处用地待批。", "—", "一处用地尚未批复。",
         "11月底前完成用地报批。", "1/1"],
        ["2", "衔接资金倾斜", "省财政厅、省林业局（按职责分工）", "○待认定", "—",
         "省财政厅：无新进展（等待年度计划下达）。\n"
         "省林业局：（退回未改）已下达补助资金320万元，两县开工；其余两县完成招标。", "—",
         "省林业局：一处用地尚未批复。", "省林业局：11月底前完成用地报批。", "1/2"],
        ["二、守牢防止返贫底线", *[None] * 9],
        ["3", "经验总结宣传", "各有关部门", "/不适用", "—", "—", "—", "—", "—", "有则报"],
        ["4", "农村电网巩固", "省能源局（牵头）；省水利厅（配合）", "○待认定", "—", "省能源局：未报",
         "—", "—", "—", "0/1"],
        [None] * 10,
    ]  # fmt: skip
    assert sheet["A11"].value == (
        "填报单位：安徽省农业农村厅帮扶处　编制人：王主管　　审核人：　　　　　　　　签发人：赵立新　　"
        "联系电话：刘工 0551-62600000　　日期：2024年10月28日"
    )


def test_overview(book):
    sheet = book["总览"]
    assert sheet["A1"].value == "2024年10月重点帮扶县工作重点进展月报"
    assert rows(sheet, 5, 12, 11) == [
        [1, "应报", "份", 4, "—", "—", "●正常", 0, "—", "—", "另有“有则报”事项1项，收到0份"],
        [2, "已报", "份", 2, "—", "—", "▲滞后", 1, "—", "—", "其中无新进展1份"],
        [3, "按时", "份", 1, "—", "—", "■严重滞后", 0, "—", "—", None],
        [4, "补报", "份", 1, "—", "—", "◆已完成", 0, "—", "—", "提交日期晚于截止日期"],
        [5, "未报", "份", 1, "—", "—", "○待认定", 2, "—", "—", "名单见“逾期清单”“填报说明”"],
        [6, "退回未改", "份", 1, "—", "—", "/不适用", 1, "—", "—", None],
        [7, "免报", "份", 0, "—", "—", None, None, None, None, "不计入应报"],
        [8, "按时率", "%", 0.25, "—", "—", None, None, None, None, "按时÷应报"],
    ]
    assert rows(sheet, 16, 18, 9) == [
        ["一", "聚焦资源要素投入", 2, 0, 1, 0, 0, 1, 0],
        ["二", "守牢防止返贫底线", 2, 0, 0, 0, 0, 1, 1],
        [None, "合计", 4, 0, 1, 0, 0, 2, 1],
    ]
    assert rows(sheet, 22, 22, 11) == [
        [
            "1",
            "农村供水提升",
            "省水利厅（牵头）",
            None,
            None,
            None,
            "▲滞后",
            "一处用地尚未批复",
            None,
            None,
            "请协调用地指标",
        ]
    ]


def test_departments_in_the_order_of_the_document(book):
    assert rows(book["分部门"], 4, 7, 12) == [
        ["省水利厅", 1, 1, 1, 0, 0, 0, 1, 0, 0, "第1项：已下达补助资金320万元，两县开工", "第1项：请协调用地指标。"],
        ["省财政厅", 1, 1, 0, 1, 0, 0, 0, 0, 0, "—", "—"],
        ["省林业局", 1, 0, 0, 0, 1, 0, 0, 0, 0, "—", "—"],
        ["省能源局", 1, 0, 0, 0, 0, 0, 0, 0, 0, "—", "—"],
    ]


def test_overdue_filing_and_lagging_work_are_two_blocks(book):
    due, wanted = datetime(2024, 10, 25), datetime(2024, 10, 27)  # noqa: DTZ001
    assert rows(book["逾期清单"], 4, 9, 8) == [
        ["一、报送逾期", *[None] * 7],
        ["省财政厅", "第2项 衔接资金倾斜", "补报", due, 1, "—", "财政联络员", None],
        ["省林业局", "第2项 衔接资金倾斜", "退回未改", wanted, 1, "—", "林业联络员", "退回理由：数字口径不一致"],
        ["省能源局", "第4项 农村电网巩固", "未报", due, 3, "—", "能源联络员", None],
        ["二、工作滞后", *[None] * 7],
        ["省水利厅（牵头）", "第1项 农村供水提升", "▲滞后", "—", "—", "—", "—", "一处用地尚未批复。"],
    ]
    assert book["逾期清单"]["D5"].number_format == "yyyy-mm-dd"


def test_notes_name_who_is_missing_and_the_version(book):
    notes = {row[0].value: row[1].value for row in book["填报说明"].iter_rows(min_row=3)}
    assert notes["未报名单"] == "第2项　省林业局　退回未改\n第4项　省能源局　未报"
    assert notes["版本与修订记录"] == "v1　2024-10-28　签发人：赵立新"


def test_data_has_one_row_for_every_department_and_item(book):
    names, *data = rows(book["数据"], 1, 5, 27)
    picked = [
        names.index(name)
        for name in ("月份", "序号", "单位", "状态代码", "状态", "本月情况", "补报天数", "事项进展灯代码")
    ]
    assert [[row[at] for at in picked] for row in data] == [
        ["2024-10", "1", "省水利厅", "accepted", "已通过", "有新进展", 0, "behind"],
        ["2024-10", "2", "省财政厅", "accepted", "已通过", "无新进展", 1, "unassessed"],
        ["2024-10", "2", "省林业局", "lapsed", "退回未改", "有新进展", 0, "unassessed"],
        ["2024-10", "4", "省能源局", "lapsed", "未报", None, 0, "unassessed"],
    ]
    assert book["数据"].max_row == 5
    assert not book["数据"].merged_cells.ranges


def test_every_sheet_prints(book):
    paper = {sheet.title: (sheet.page_setup.paperSize, sheet.page_setup.orientation) for sheet in book}
    assert paper == {
        "总览": (9, "landscape"), "分事项进展": (8, "landscape"), "分部门": (9, "landscape"),
        "逾期清单": (9, "landscape"), "填报说明": (9, "portrait"), "数据": (8, "landscape"),
    }  # fmt: skip
    frozen = {sheet.title: (sheet.freeze_panes, sheet.print_title_rows) for sheet in book}
    assert frozen == {
        "总览": ("A3", None), "分事项进展": ("C4", "$1:$3"), "分部门": ("B4", "$1:$3"), "逾期清单": ("A4", "$1:$3"),
        "填报说明": ("A3", "$1:$2"), "数据": ("B2", "$1:$1"),
    }  # fmt: skip
    for sheet in book:
        assert sheet.oddFooter.center.text == "第&P页 共&N页"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1 if sheet.title == "总览" else 0)
        assert sheet.page_margins.left == 0.5
    assert book["分事项进展"].auto_filter.ref == "A3:J9"
    assert {book["分事项进展"].row_dimensions[row].outlineLevel for row in (5, 6, 8, 9)} == {1}
    widths = [book["分事项进展"].column_dimensions[letter].width for letter in "ABCDEFGHIJ"]
    assert widths == [5, 42, 18, 8, 7, 50, 24, 22, 22, 10]
    # 50 letters wide hold 25 characters: 20 + 33 of them make one line and two.
    assert book["分事项进展"].row_dimensions[6].height == 3 * 15 + 4


def test_an_unissued_copy_says_so_in_title_and_page_header(filled):
    with clock.at(ISSUE):
        draft = opened(services.make_draft(filled.period, by=filled.staff).snapshot)
    assert draft["总览"]["A1"].value == "2024年10月重点帮扶县工作重点进展月报（送审稿第1稿）"
    assert {sheet.oddHeader.right.text for sheet in draft} == {"送审稿第1稿"}


def test_no_text_becomes_a_formula(office):
    for at, text in enumerate(FORMULAS):
        office.plan.settings.update(office_name=text)
        with clock.at(ISSUE):
            snapshot = services.preview(office.period, by=office.staff).snapshot
        for item in snapshot["items"]:
            item["text"] = item["problems"] = item["title"] = text
        snapshot["rows"] = [row | {"text": text, "department": text} for row in snapshot["rows"]]
        book = opened(snapshot)
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds, at
        assert "e" not in kinds, at
        assert book["数据"]["V2"].value == text.replace("\r", "\n")


def test_a_text_longer_than_a_row_goes_on_in_the_next(filled):
    snapshot = filled.finalise().snapshot
    text = "".join(f"{number:04d}，" for number in range(400))
    snapshot["items"][0]["text"] = text
    sheet = opened(snapshot)["分事项进展"]
    parts = [
        (row[0].value, row[5].value, sheet.row_dimensions[row[0].row].height)
        for row in sheet.iter_rows(min_row=5, max_row=6)
    ]
    assert [part[0] for part in parts] == ["1", "1续"]
    assert "".join(part[1] for part in parts) == text
    assert all(height <= 409 for _, _, height in parts)


def test_the_light_is_readable_without_colour(book):
    cell = book["分事项进展"]["D5"]
    assert (cell.value, cell.fill.fgColor.rgb, cell.font.color.rgb) == ("▲滞后", "FFFFD466", "FF5C3500")


def test_last_month_stands_beside_this_one(db):
    office = make_office(months=("2024-09", "2024-10"))
    october = office.period
    office.period = office.plan.periods.get(start="2024-09-01")
    office.accept(
        "1",
        "省水利厅",
        filed_at="2024-09-20 10:00",
        at="2024-09-21 10:00",
        approved_on=date(2024, 9, 20),
    )
    office.assess("1", "normal")
    office.finalise()
    work()
    office.period = october
    fill(office)
    book = opened(office.finalise().snapshot)
    assert book["分事项进展"]["E5"].value == "●→▲↓"
    assert rows(book["总览"], 5, 7, 10) == [
        [1, "应报", "份", 4, 4, 0, "●正常", 0, 1, -1],
        [2, "已报", "份", 2, 1, 1, "▲滞后", 1, 0, 1],
        [3, "按时", "份", 1, 1, 0, "■严重滞后", 0, 0, 0],
    ]
    assert rows(book["总览"], 12, 12, 6) == [[8, "按时率", "%", 0.25, 0.25, "0个百分点"]]
