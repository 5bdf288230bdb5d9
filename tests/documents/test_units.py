"""The ways in which offices name who answers; docs/document-conventions.md lists them with the same examples."""

import pytest

from tests.documents.drafts import OPENING, item_of, plan_of, said

L, S, R, C = "lead", "shared", "responsible", "cooperate"

WRITTEN = {
    "lead_verb": ("建设粮仓。(省粮食局牵头负责)", [("省粮食局", L)]),
    "shared_verb": ("建设粮仓。(省粮食局、省财政厅按职责分工负责)", [("省粮食局", S), ("省财政厅", S)]),
    "lead_and_help": (
        "建设粮仓。(省粮食局牵头,省财政厅、省水利厅配合)",
        [("省粮食局", L), ("省财政厅", C), ("省水利厅", C)],
    ),
    "joined": ("建设粮仓。(省粮食局会同省财政厅负责)", [("省粮食局", R), ("省财政厅", R)]),
    "lead_joined": ("建设粮仓。(省粮食局牵头会同省财政厅落实)", [("省粮食局", L), ("省财政厅", C)]),
    "plain_verb": ("建设粮仓。〔省粮食局负责〕", [("省粮食局", R)]),
    "bare": ("建设粮仓。(省粮食局、省财政厅)", [("省粮食局", R), ("省财政厅", R)]),
    "last_sentence": ("建设粮仓。省粮食局牵头,省财政厅配合。", [("省粮食局", L), ("省财政厅", C)]),
    "by_in_front": ("由省粮食局牵头,省财政厅配合,年内建成粮仓。", [("省粮食局", L), ("省财政厅", C)]),
    "labels": ("建设粮仓。(牵头单位:省粮食局;责任单位:省财政厅)", [("省粮食局", L), ("省财政厅", R)]),
    "labels_comma": ("建设粮仓。(牵头单位:省粮食局,责任单位:省财政厅)", [("省粮食局", L), ("省财政厅", R)]),
    "labels_stop": ("建设粮仓。(牵头单位:省粮食局。配合单位:省财政厅)", [("省粮食局", L), ("省财政厅", C)]),
    "labels_space": ("建设粮仓。(牵头单位:省粮食局 协办单位:省财政厅)", [("省粮食局", L), ("省财政厅", C)]),
    "labels_is": ("建设粮仓。牵头单位为省粮食局,配合单位为省财政厅。", [("省粮食局", L), ("省财政厅", C)]),
    "labels_square": ("建设粮仓。【牵头单位】省粮食局【配合单位】省财政厅", [("省粮食局", L), ("省财政厅", C)]),
    "label_no_colon": ("建设粮仓。\n牵头单位  省粮食局\n配合单位  省财政厅", [("省粮食局", L), ("省财政厅", C)]),
    "date_behind": ("建设粮仓。(省粮食局牵头,省财政厅配合;6月底前)", [("省粮食局", L), ("省财政厅", C)]),
    "verb_in_brackets": ("建设粮仓。责任单位:省粮食局、省财政厅(按职责分工)", [("省粮食局", S), ("省财政厅", S)]),
    "must_help": (
        "建设粮仓。省粮食局牵头,省财政厅等部门要积极配合。",
        [("省粮食局", L), ("省财政厅", C), ("〜等部门", C)],
    ),
    "rest_and_governments": (
        "建设粮仓。(省粮食局等有关部门及各市人民政府负责)",
        [("省粮食局", R), ("〜等有关部门", R), ("〜各市人民政府", R)],
    ),
    "remark_behind": (
        "建设粮仓。[省粮食局牵头,省财政厅参与。以下均需各市落实,不再列出]",
        [("省粮食局", L), ("省财政厅", C)],
    ),
    "remark_behind_label": (
        "建设粮仓。(责任单位:省粮食局。以下事项也需各市、县(区)人民政府落实,不再重复)",
        [("省粮食局", R)],
    ),
    "word_beats_label": ("建设粮仓。(责任单位:省粮食局牵头,省财政厅配合)", [("省粮食局", L), ("省财政厅", C)]),
    "lines_below": (
        "建设粮仓。\n主办单位:省粮食局;\n协同单位:省财政厅、省水利厅等部门。",
        [("省粮食局", L), ("省财政厅", C), ("省水利厅", C), ("〜等部门", C)],
    ),
    "people": ("建设粮仓。\n责任领导:王一山\n责任单位:省粮食局\n责任人:李二水", [("省粮食局", R)]),
    "time_label": ("建设粮仓。(责任单位:省粮食局;完成时限:2031年6月底)", [("省粮食局", R)]),
    "time_inside": ("建设粮仓。(牵头单位:省粮食局;责任单位:省财政厅,11月底完成)", [("省粮食局", L), ("省财政厅", R)]),
    "role_in_brackets": ("建设粮仓。(省粮食局(牵头)、省财政厅(配合))", [("省粮食局", L), ("省财政厅", C)]),
    "respectively": (
        "建设粮仓。责任单位:省粮食局、省财政厅分别牵头,省水利厅",
        [("省粮食局", L), ("省财政厅", L), ("省水利厅", R)],
    ),
    "other_kind_first": ("建设粮仓。(约束性指标,牵头单位:省粮食局)", [("省粮食局", L)]),
    "person_first": (
        "建设粮仓。由副市长陈某某负责,省粮食局牵头,省财政厅配合。",
        [("省粮食局", L), ("省财政厅", C)],
    ),
    "person_alone": (
        "由分管副县长钱某牵头负责,省粮食局落实,年内建成粮仓。",
        [("省粮食局", R)],
    ),
    "hotline_is_no_person": ("建设粮仓。(市长热线办公室、省财政厅负责)", [("市长热线办公室", R), ("省财政厅", R)]),
    "division_label": ("建设粮仓。\n部门分工:省粮食局牵头,省财政厅配合", [("省粮食局", L), ("省财政厅", C)]),
    "joint_office": (
        "建设粮仓。\n主办单位:省粮食局\n会办单位:省财政厅、省水利厅",
        [("省粮食局", L), ("省财政厅", C), ("省水利厅", C)],
    ),
    "office_alone": (
        "建设粮仓。(市委常委、副市长周某某负责,省粮食局牵头,有关部门配合)",
        [("省粮食局", L), ("〜有关部门", C)],
    ),
    "any_label": ("建设粮仓。\n责任落实:省粮食局牵头,各地各部门配合", [("省粮食局", L), ("〜各地各部门", C)]),
    "acts_alone": ("建设粮仓。\n承办:省粮食局\n协办:省财政厅", [("省粮食局", R), ("省财政厅", C)]),
    "bodies_and_persons": (
        "建设粮仓。责任单位及责任人:省粮食局 王一山、省财政厅(李二水)",
        [("省粮食局", R), ("省财政厅", R)],
    ),
    "any_label_in_brackets": ("建设粮仓。(总负责:省粮食局;会办单位:省财政厅)", [("省粮食局", R), ("省财政厅", C)]),
    "second_lead": (
        "建设粮仓。(第一牵头单位:省粮食局,第二牵头单位:省财政厅,参加单位:省水利厅)",
        [("省粮食局", L), ("省财政厅", L), ("省水利厅", C)],
    ),
    "boxed_in_front": ("【省粮食局、省财政厅】建设粮仓。", [("省粮食局", R), ("省财政厅", R)]),
    "colon_in_front": ("省粮食局:建设粮仓。", [("省粮食局", R)]),
    "name_too_long": (
        f"建设粮仓。(省粮食局牵头,省{'重大水利工程建设和安全饮水巩固提升工作' * 2}领导小组办公室配合)",
        [("省粮食局", L), (f"省{'重大水利工程建设和安全饮水巩固提升工作' * 2}领导小组办公室", C)],
    ),
    "never_closed": ("建设粮仓。(责任单位:省粮食局、省财政厅", [("省粮食局", R), ("省财政厅", R)]),
}

NAMES = {
    "and_inside": ("省住房和城乡建设厅、省工业和信息化厅", ["省住房和城乡建设厅", "省工业和信息化厅"]),
    "and_between": ("省文化和旅游厅和省财政厅", ["省文化和旅游厅", "省财政厅"]),
    "with_between": ("省水利厅与省林业局及省财政厅", ["省水利厅", "省林业局", "省财政厅"]),
    "commas": ("县水务局,县林草局、县财政局", ["县水务局", "县林草局", "县财政局"]),
    "semicolon": ("县水务局;县林草局", ["县水务局", "县林草局"]),
    "space": ("县水务局 县林草局", ["县水务局", "县林草局"]),
    "space_in_name": ("县水 务局、县林草局", ["县水务局", "县林草局"]),
    "defined": ("云山新区管委会(以下简称云管委)、县水务局", ["云山新区管委会", "县水务局"]),
    "company": ("国网云栖供电公司、云栖农业大学", ["国网云栖供电公司", "云栖农业大学"]),
}

CLASSES = {
    "towns": ("县水务局,各乡(镇)党委、政府", ["各乡(镇)党委、政府"]),
    "rest_departments": ("省水利厅等有关部门", ["等有关部门"]),
    "rest": ("省水利厅、省林业局等", ["等"]),
    "governments": ("各市(州)人民政府", ["各市(州)人民政府"]),
    "cities_counties": ("各市、县(区)人民政府", ["各市、县(区)人民政府"]),
    "levels": ("省水利厅,市(州)政府", ["市(州)政府"]),
    "by_level": ("县级各行业部门、县财政局", ["县级各行业部门"]),
    "banks": ("有关商业银行", ["有关商业银行"]),
    "bureaus_of_each": ("各设区市水利局、财政局", ["各设区市水利局", "财政局"]),
    "pilot": ("试点县农业农村局", ["试点县农业农村局"]),
    "alternatives": ("沿海县(市、区)政府", ["沿海县(市、区)政府"]),
    "by_river": ("省水利厅,沿江市、山区县(市)人民政府", ["沿江市", "山区县(市)人民政府"]),
    "county_cities": ("各区、县级市", ["各区", "县级市"]),
}


@pytest.mark.parametrize(("words", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_who_answers_and_how(words, expected):
    assert said(item_of(words)) == expected


@pytest.mark.parametrize("words", ["责任落实:要压实责任,层层抓好落实。", "工作分工:明确分工,密切配合。"])
def test_a_label_before_words_that_are_no_names_names_nobody(words):
    assert said(item_of(f"修好水渠。{words}")) == []


def test_a_line_with_an_unknown_label_stays_in_the_item_and_is_doubted():
    item = item_of("修好水渠。\n主办单位:省粮食局\n考评方式:书面评议\n完成时限:2031年5月")

    assert [doubt.code for doubt in item.doubts] == ["unknown_label"]
    assert [one.date for one in item.deadlines] == ["2031-05-31"]


def test_the_unit_of_a_heading_answers_for_the_work_below():
    draft = plan_of(
        "云栖市2031年重点任务分解\n一、市教育局牵头工作(2项)\n1.新建幼儿园。\n2.改造中学。配合单位:市财政局\n"
        "二、市水利局(1项)\n1.修建泵站。\n三、强化保障\n1.改造管网。(市水利局负责)\n"
    )

    assert [said(item) for item in draft.items] == [
        [("市教育局", L)],
        [("市教育局", L), ("市财政局", C)],
        [("市水利局", R)],
        [("市水利局", R)],
    ]
    assert {unit.rule for unit in draft.items[0].units} == {"heading_unit"}


@pytest.mark.parametrize("heading", ["聚焦市教育局重点", "市教育局", "深化改革(2项)"])
def test_a_heading_that_says_neither_count_nor_verb_or_no_unit_hands_nothing_down(heading):
    draft = plan_of(f"云栖市2031年重点任务分解\n一、{heading}\n1.新建幼儿园。\n2.改造中学。(市财政局负责)\n")

    assert [said(item) for item in draft.items] == [[], [("市财政局", R)]]


@pytest.mark.parametrize(("words", "expected"), NAMES.values(), ids=NAMES)
def test_names_are_parted_only_between_two_names(words, expected):
    item = item_of(f"修好水渠。(责任单位:{words})")

    assert ["".join(unit.name.split()) for unit in item.units] == expected
    assert item.open_units == ()


@pytest.mark.parametrize(("words", "expected"), CLASSES.values(), ids=CLASSES)
def test_a_class_of_units_is_kept_apart(words, expected):
    item = item_of(f"修好水渠。(责任单位:{words})")

    assert [one.name for one in item.open_units] == expected
    assert [doubt.code for doubt in item.doubts].count("open_unit") == len(expected)


@pytest.mark.parametrize(
    "words",
    [
        "支持省农科院与高校合作,由专家牵头申报项目。",
        "对“龙头企业牵头”的项目给予加分。",
        "省财政厅每季度通报一次资金进度。",
        "完善村党组织书记负责的工作机制。",
        "(含续建项目)开工建设。",
    ],
)
def test_a_unit_in_running_text_answers_for_nothing(words):
    draft = plan_of(f"{OPENING}1.{words}\n2.修好水渠。(省水利厅负责)\n")

    assert said(draft.items[0]) == []
    assert [doubt.code for doubt in draft.items[0].doubts] == ["no_unit"]


def test_each_list_answers_for_its_part():
    item = item_of("改善民生。养老方面,新建食堂(责任单位:县民政局)。教育方面,新建学校(责任单位:县教育局)。")

    assert [(unit.name, unit.scope) for unit in item.units] == [("县民政局", "养老"), ("县教育局", "教育")]


def test_sub_points_with_units_of_their_own_give_the_scope():
    item = item_of("抓好项目。一是修路;二是架桥(责任单位:县交通局);三是种树。(责任单位:县林草局)")

    assert [(unit.name, unit.scope) for unit in item.units] == [("县交通局", "一是至二是"), ("县林草局", "三是")]


def test_points_in_one_line_may_each_end_with_their_units():
    item = item_of("修好水渠。①清淤(省水利厅);②护坡(省财政厅)。")

    assert said(item) == [("省水利厅", R), ("省财政厅", R)]


def test_the_first_named_leads_where_the_document_says_so():
    draft = plan_of(
        f"{OPENING}1.修好水渠。(县水务局、县财政局。列第一位的为牵头单位,下同)\n2.种好林子。(县林草局、县财政局)\n"
    )

    assert [said(item) for item in draft.items] == [
        [("县水务局", L), ("县财政局", R)],
        [("县林草局", L), ("县财政局", R)],
    ]
    assert {unit.rule for item in draft.items for unit in item.units if unit.role == L} == {"first_leads"}


def test_names_behind_that_rule_are_read_too():
    item = item_of("修好水渠。(县水务局、县财政局,列第一位的为牵头单位,下同;各乡镇负责落实)")

    assert said(item) == [("县水务局", L), ("县财政局", R), ("〜各乡镇", R)]


@pytest.mark.parametrize(
    "note", ["注:标注“牵头”的为牵头单位,其余为配合单位。", "说明:加“(牵头)”的是牵头单位,其他单位均为协办单位。"]
)
def test_the_rest_of_a_list_helps_where_the_document_says_so(note):
    table = "序号|工作任务|责任单位\n1|修渠|县水务局(牵头)、县财政局、各乡镇\n2|种树|县林草局、县财政局\n"
    draft = plan_of(f"青石县2031年重点工作清单\n{table}{note}\n")

    assert said(draft.items[0]) == [("县水务局", L), ("县财政局", C), ("〜各乡镇", C)]
    assert said(draft.items[1]) == [("县林草局", R), ("县财政局", R)]


def test_without_such_a_note_the_rest_of_a_list_is_responsible():
    assert said(item_of("修渠。(县水务局(牵头)、县财政局)")) == [("县水务局", L), ("县财政局", R)]


def test_the_order_of_names_alone_makes_nobody_lead():
    assert {role for _, role in said(item_of("修好水渠。(省水利厅、省财政厅按职责分工负责)"))} == {S}


def test_a_page_number_inside_a_name_is_no_part_of_it():
    item = item_of("修好水渠。(责任单位:省财\n— 3 —\n政厅)")

    assert [unit.name for unit in item.units] == ["省财政厅"]


def test_an_elided_prefix_is_supplied_in_full():
    draft = plan_of(
        "云栖省人民政府办公厅关于印发2031年工作要点的通知\n各市人民政府:\n现印发给你们。\n云栖省人民政府办公厅\n2031年2月3日\n"
        "2031年工作要点\n1.管好土地。(自然资源厅、省委组织部、宣传部负责)\n"
    )

    assert [unit.full for unit in draft.items[0].units] == ["云栖省自然资源厅", "", "省委宣传部"]


ISSUED_BY = {
    "province": ("云栖省人民政府办公厅", "云栖省"),
    "city": ("澄江市人民政府办公室", "澄江市"),
}


@pytest.mark.parametrize(
    ("level", "name", "full"),
    [
        ("province", "住房和城乡建设厅", True),
        ("province", "市场监管局", True),
        ("province", "发展改革委", True),
        ("province", "教育局", False),
        ("province", "云栖银保监局", False),
        ("province", "民航西南监管局", False),
        ("province", "电信云栖分公司", False),
        ("province", "云栖理工学院", False),
        ("province", "气象局", False),
        ("city", "教育局", True),
        ("city", "乡村振兴局", True),
        ("city", "教育厅", False),
        ("city", "澄江海关", False),
        ("city", "国网澄江供电公司", False),
    ],
)
def test_only_a_bare_department_of_that_government_gets_its_place(level, name, full):
    body, place = ISSUED_BY[level]
    draft = plan_of(f"{body}关于做好2031年水利工作的通知\n各单位:\n1.管好土地。({name}、省财政厅负责)\n")

    assert draft.items[0].units[0].full == (f"{place}{name}" if full else "")


def test_the_heading_of_an_item_is_no_scope():
    item = item_of("促进就业。高校毕业生(省教育厅负责)、退役军人(省退役军人厅负责)和农民工(省人社厅负责)。")

    assert [unit.scope for unit in item.units] == ["高校毕业生", "退役军人", "农民工"]


def test_the_same_doubt_is_raised_once_or_once_for_each_part():
    plain = item_of("修好水渠。各乡镇牵头,各乡镇落实。")
    parts = item_of(
        "改善民生。养老方面,新建食堂(责任单位:县民政局、各乡镇)。教育方面,新建学校(责任单位:县教育局、各乡镇)。"
    )

    assert [doubt.code for doubt in plain.doubts] == ["open_unit"]
    assert [doubt.reason[:4] for doubt in parts.doubts] == ["“养老”", "“教育”"]


def test_a_label_that_the_words_contradict_is_doubted():
    item = item_of("修好水渠。(牵头单位:省水利厅,省财政厅配合)")

    assert said(item) == [("省水利厅", L), ("省财政厅", C)]
    assert "role_conflict" in [doubt.code for doubt in item.doubts]
