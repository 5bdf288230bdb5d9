"""Numbers, sections and items: what counts as a piece of work and where it hangs."""

import pytest

from tests.documents.drafts import OPENING, plan_of

U = "(省水利厅负责)"


def numbered(text: str) -> list[tuple[str | None, str]]:
    return [(item.section, item.number) for item in plan_of(text).items]


LAYOUTS = {
    "restarts": (
        f"一、水\n(一)修渠。{U}\n(二)架桥。{U}\n二、林\n(一)种树。{U}\n",
        [("一", "(一)"), ("一", "(二)"), ("二", "(一)")],
    ),
    "runs_on": (f"一、水\n1.修渠。{U}\n2.架桥。{U}\n二、林\n3.种树。{U}\n", [("一", "1"), ("一", "2"), ("二", "3")]),
    "no_sections": (f"一、修渠。{U}\n二、种树。{U}\n", [(None, "一"), (None, "二")]),
    "deep": (f"一、水\n(一)渠\n1、修渠。{U}\n2、清淤。{U}\n", [("一/(一)", "1"), ("一/(一)", "2")]),
    "chapters": (f"第一章 水利\n第一条 修渠。{U}\n第二条 清淤。{U}\n", [("第一章", "第一条"), ("第一章", "第二条")]),
    "one_line": (f"一、水\n1.修渠。{U}2.清淤。{U}\n", [("一", "1"), ("一", "2")]),
    "bullets": (f"一、水\n——修渠。{U}\n——2031年清淤。{U}\n", [("一", "#1"), ("一", "#2")]),
    "figure_first": (f"一、水\n1.修渠。{U}\n2.3月底前清淤。{U}\n", [("一", "1"), ("一", "2")]),
    "neighbour": (f"一、水\n1.修渠。{U}\n2.清淤。\n3.架桥。{U}\n", [("一", "1"), ("一", "2"), ("一", "3")]),
    "demands": (f"一、总体要求\n统筹推进。\n二、水\n1.修渠。{U}\n三、工作要求\n1.加强领导。\n", [("二", "1")]),
    "support_with_unit": (
        f"一、水\n1.修渠。{U}\n二、保障措施\n1.加强领导。\n2.加大投入。{U}\n",
        [("一", "1"), ("二", "2")],
    ),
    "own_and_below": (
        f"一、水\n(一)管好水。{U}\n1.修渠。{U}\n2.清淤。{U}\n",
        [("一", "(一)"), ("一/(一)", "1"), ("一/(一)", "2")],
    ),
    "bare_figures": (f"1修渠。{U}\n2清淤\n责任单位:省水利厅\n3种树。{U}\n", [(None, "1"), (None, "2"), (None, "3")]),
    "no_bare_figures": (f"一、修渠。{U}\n3个县先行。\n二、清淤。{U}\n", [(None, "一"), (None, "二")]),
    "square": (f"【一】水\n【1】修渠。{U}\n【2】清淤。{U}\n", [("【一】", "【1】"), ("【一】", "【2】")]),
    "sub_points": (f"一、水\n1.修渠。{U}\n(1)清淤;\n(2)护坡。\n2.种树。{U}\n", [("一", "1"), ("一", "2")]),
}


@pytest.mark.parametrize(("text", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_numbers_and_their_sections(text, expected):
    assert numbered(f"云栖省2031年水利工作要点\n{text}") == expected


def test_units_below_the_last_sub_point_belong_to_the_paragraph_where_all_do_so():
    text = f"云栖省2031年水利工作要点\n一、修渠\n1.清淤。\n2.护坡。{U}\n二、种树\n1.育苗。\n2.造林。{U}\n"

    assert numbered(text) == [(None, "一"), (None, "二")]


def test_a_plan_without_any_unit_still_has_its_work():
    draft = plan_of("云栖省2031年水利工作要点\n一、总体要求\n统筹推进。\n二、重点任务\n(一)修渠。\n(二)种树。\n")

    assert [item.number for item in draft.items] == ["(一)", "(二)"]
    assert draft.trackable
    assert {doubt.code for item in draft.items for doubt in item.doubts} == {"no_unit"}


def test_the_closing_paragraph_and_the_signature_are_no_part_of_the_last_item():
    (item,) = plan_of(f"{OPENING}1.修渠。{U}\n各地要抓好落实。\n云栖省水利厅\n2031年3月1日\n").items

    assert item.body.text == f"1.修渠。{U}"


def test_the_letter_and_what_it_encloses_are_told_apart():
    draft = plan_of(
        "云栖省水利厅关于印发《2031年水利工作要点》的通知\n各市水利局:\n一、请认真落实。\n二、请按时报送。\n云栖省水利厅\n2031年3月1日\n"
        f"2031年水利工作要点\n一、修渠。{U}\n二、种树。{U}\n"
    )

    assert [item.body.text for item in draft.items] == [f"一、修渠。{U}", f"二、种树。{U}"]


def test_a_gap_and_a_repeat_in_the_numbers_are_doubted():
    draft = plan_of(f"{OPENING}1.修渠。{U}\n3.种树。{U}\n3.架桥。{U}\n")

    assert [[doubt.code for doubt in item.doubts] for item in draft.items] == [[], ["number_gap"], ["number_repeat"]]


def test_numbers_that_begin_again_below_another_title_are_no_repeat():
    draft = plan_of(f"附件1\n云栖省2031年水利任务清单\n1.修渠。{U}\n附件2\n云栖省2031年林业任务清单\n1.种树。{U}\n")

    assert [doubt.code for item in draft.items for doubt in item.doubts] == []


def test_an_item_that_breaks_off_is_doubted():
    draft = plan_of(f"{OPENING}1.修渠。{U}\n2.种树。持续加大\n3.架桥。{U}\n")

    assert "cut_off" in [doubt.code for doubt in draft.items[1].doubts]


@pytest.mark.parametrize(
    "end",
    [
        U,
        "〔省水利厅、省财政厅〕",
        "【省水利厅牵头】",
        "(责任单位:省水利厅、省财政厅",
        "\n责任单位:省水利厅;责任人:王一山;完成时限:5月",
        "\n(1)清淤\n(2)护坡(省水利厅负责)",
    ],
)
def test_an_item_that_ends_with_its_units_does_not_break_off(end):
    draft = plan_of(f"{OPENING}1.修好水渠。持续加大投入{end}\n2.架桥。{U}\n")

    assert "cut_off" not in [doubt.code for doubt in draft.items[0].doubts]


def test_a_heading_of_its_own_is_kept():
    (item,) = plan_of(f"{OPENING}1.修好水渠。年内完工。{U}\n").items

    assert item.head
    assert item.head.text == "修好水渠"


def test_a_list_of_counties_is_read():
    draft = plan_of(
        f"{OPENING}1.修渠。{U}\n附件:重点帮扶县名单\n附件\n重点帮扶县名单\n青石县、白水县、云溪市\n南山区、临江市东湖区。\n"
    )

    assert [county.text for county in draft.counties] == ["青石县", "白水县", "云溪市", "南山区", "临江市东湖区"]


TABLE = (
    "序号\t工作任务\t牵头单位\t配合单位\t责任领导\t完成时限\n"
    "一、水利\n"
    "1\t修渠\t县水务局\t县财政局、各乡镇\t王一山\t6月底前\n"
    "2\t种树\t县林草局\t\t李二水\t2031年底\n"
)


def test_the_columns_of_a_table_are_found_by_its_header():
    draft = plan_of(f"青石县2031年重点工作清单\n{TABLE}")

    assert [(item.section, item.number) for item in draft.items] == [("一", "1"), ("一", "2")]
    assert [[(unit.name, unit.role) for unit in item.units] for item in draft.items] == [
        [("县水务局", "lead"), ("县财政局", "cooperate")],
        [("县林草局", "lead")],
    ]
    assert [[one.date for one in item.deadlines] for item in draft.items] == [["2031-06-30"], ["2031-12-31"]]


def test_a_table_that_lost_its_lines_is_read_cell_by_cell():
    draft = plan_of(
        "青石县2031年民生实事清单\n序号\n民生实事\n责任单位\n完成时限\n"
        "1\n修渠三条。\n县水务局\n县财政局\n6月底前\n2\n种树百亩。\n县林草局\n年底前\n"
    )

    assert [[unit.name for unit in item.units] for item in draft.items] == [["县水务局", "县财政局"], ["县林草局"]]


def test_attachments_listed_one_a_line_are_no_work():
    draft = plan_of(
        "云栖市人民政府关于印发2031年重点任务的通知\n各县:\n现印发给你们。\n附件:1.2031年重点工作清单\n2.2031年民生实事清单\n"
        "3.联系人名单\n云栖市人民政府\n2031年3月1日\n附件1\n2031年重点工作清单\n1.修建泵站。(市水利局负责)\n2.新建学校。(市教育局负责)\n"
    )

    assert [(item.number, "".join(item.body.text.split())[:6]) for item in draft.items] == [
        ("1", "1.修建泵站"),
        ("2", "2.新建学校"),
    ]
    assert "".join(draft.title.text.split()) == "2031年重点工作清单"
