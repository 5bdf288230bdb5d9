"""Tables typed into plain text and tables that lost their lines."""

import pytest

from tests.documents.drafts import plan_of, said

TITLE = "青石县2031年重点工作清单\n"
L, R, C = "lead", "responsible", "cooperate"
FIRST = [("县水务局", L), ("县财政局", C), ("〜各乡镇", C)]
SECOND = [("县林草局", L)]

STROKED = {
    "plain": (
        "序号|工作任务|牵头单位|配合单位|完成时限\n1 | 修渠三条 | 县水务局 | 县财政局、各乡镇 | 6月底前\n"
        "2 | 种树百亩 | 县林草局 |  | 10月31日\n",
        [None, None],
    ),
    "framed": (
        "| 序号 | 任务名称 | 牵头单位 | 配合单位 | 时间要求 |\n|---|:--:|---|---|---|\n"
        "| 一、水利 | | | | |\n| 1 | 修渠三条 | 县水务局 | 县财政局、各乡镇 | 6月底 |\n"
        "| 二、林业 | | | | |\n| 2 | 种树百亩 | 县林草局 | | 2031年10月31日前 |\n",
        ["一", "二"],
    ),
    "several_lines": (
        "序号｜工作任务｜牵头单位｜配合单位｜进度要求\n1｜修渠三条，\n配套管网｜县水务局｜县财政局\n各乡镇｜6月底前\n2｜种树百亩｜县林草局｜｜10月31日\n",
        [None, None],
    ),
    "heading_shares_the_row": (
        "序号|工作任务|牵头单位|配合单位|办结期限\n一、水利（1项） 1|修渠三条|县水务局|县财政局、各乡镇|6月底前\n"
        "二、林业（1项） 2|种树百亩|县林草局||10月31日\n",
        ["一", "二"],
    ),
}


@pytest.mark.parametrize(("table", "sections"), STROKED.values(), ids=STROKED)
def test_strokes_part_the_cells_of_a_row(table, sections):
    draft = plan_of(f"{TITLE}{table}各单位要抓好落实。\n")

    assert draft.title.text == TITLE.strip()
    assert [item.number for item in draft.items] == ["1", "2"]
    assert [item.section for item in draft.items] == sections
    assert [said(item) for item in draft.items] == [FIRST, SECOND]
    assert [[one.date for one in item.deadlines] for item in draft.items] == [["2031-06-30"], ["2031-10-31"]]


def test_a_heading_and_an_item_may_share_the_cell_of_the_text():
    draft = plan_of(
        f"{TITLE}板块|任务|责任单位\n一、水利(2项) 1.修渠三条|县水务局\n2.架桥一座|县交通局\n"
        "二、林业 3.种树百亩|县林草局\n"
    )

    assert [(item.section, item.number) for item in draft.items] == [("一", "1"), ("一", "2"), ("二", "3")]
    assert [said(item) for item in draft.items] == [[("县水务局", R)], [("县交通局", R)], [("县林草局", R)]]


@pytest.mark.parametrize("leaders", ["牵头领导", "责任人", "分管领导"])
def test_a_column_of_persons_names_nobody_and_one_of_both_names_the_bodies(leaders):
    table = f"序号|任务|{leaders}|牵头单位\n1|修渠|王一山|县水务局\n"
    both = f"序号|任务|{leaders}及责任单位\n1|修渠|副县长王一山、县水务局\n2|架桥|李二水 县交通局\n"

    assert said(plan_of(TITLE + table).items[0]) == [("县水务局", L)]
    assert [said(item) for item in plan_of(TITLE + both).items] == [[("县水务局", R)], [("县交通局", R)]]


def test_limits_one_below_the_other_are_limits_each_and_a_broken_date_is_one():
    draft = plan_of(
        f"{TITLE}|序号|任务|责任单位|完成时限|\n|1|修渠三条。\n架桥一座。|县水务局|6月\n10月|\n|2|种树|县林草局|2031年\n6月底|\n"
        "|3|护林|县林草局|1.上半年\n2.2031年11月|\n"
    )

    assert [[one.date for one in item.deadlines] for item in draft.items] == [
        ["2031-06-30", "2031-10-31"],
        ["2031-06-30"],
        ["2031-06-30", "2031-11-30"],
    ]


SPACED = "序号 类别 工作任务 牵头单位 配合单位 完成时限\n1 水利 修渠三条 县水务局 县财政局、各乡镇 6月底前\n"


def test_white_space_parts_cells_where_every_row_has_them_all():
    draft = plan_of(f"{TITLE}{SPACED}2 林业 种树百亩 县林草局 县财政局 10月31日\n各单位要抓好落实。\n")

    assert [said(item) for item in draft.items] == [FIRST, [("县林草局", L), ("县财政局", C)]]
    assert draft.items[1].deadlines[0].date == "2031-10-31"
    assert draft.title.text == TITLE.strip()


def test_white_space_is_no_border_where_a_row_lacks_a_cell():
    draft = plan_of(f"{TITLE}{SPACED}2 林业 种树百亩 县林草局 10月31日\n")

    assert [said(item) for item in draft.items] == [[], []]


def test_strokes_without_a_header_of_work_are_no_table():
    draft = plan_of("青石县2031年水利工作要点\n首页|政务|公开\n一、修渠。(县水务局负责)\n")

    assert [said(item) for item in draft.items] == [[("县水务局", R)]]


@pytest.mark.parametrize("numbers", [(1, 2, 3), (21, 22, 23), (3, 68, 69), (4, 9, 40)])
def test_the_lines_of_an_extract_begin_at_any_number_and_may_leap(numbers):
    first, second, third = numbers
    draft = plan_of(
        f"{TITLE}序号\n工作任务\n牵头单位\n配合单位\n{first}\n修渠三条,清淤\n120\n公里。\n县水务局\n县财政局\n"
        f"二、林业\n{second}\n种树百亩。\n县林草局\n县财政局\n{third}\n护林千亩。\n县林草局\n县公安局\n"
    )

    assert [item.number for item in draft.items] == [str(number) for number in numbers]
    assert [item.section for item in draft.items] == [None, "二", "二"]
    assert [said(item) for item in draft.items[1:]] == [
        [("县林草局", L), ("县财政局", C)],
        [("县林草局", L), ("县公安局", C)],
    ]
