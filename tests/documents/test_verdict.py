"""What kind of document it is, and what is refused as no plan."""

import pytest

from documents.parsing.verdict import kind_of
from tests.documents.drafts import plan_of


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2031年水利工作要点", "work_points"),
        ("云栖省水利实施方案", "implementation_plan"),
        ("云栖省水利建设三年行动计划", "action_plan"),
        ("关于支持水利发展的若干措施", "measures"),
        ("2031年办实事清单", "task_list"),
        ("《政府工作报告》重点任务分工", "task_division"),
        ("云栖省水利厅关于印发2031年水利工作要点的通知", "work_points"),
        ("在全省水利工作会议上的讲话", "speech"),
        ("2031年水利工作总结", "report"),
        ("《2031年水利工作要点》政策解读", "notice"),
        ("关于召开会议的通知", "notice"),
    ],
)
def test_the_kind_is_what_the_title_names_last(title, kind):
    assert kind_of(title) == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "云栖省水利厅关于2031年中秋节放假的通知\n各处室：\n一、放假：9月6日至8日放假，共3天。\n二、值班：各处室安排好值班。\n",
            "放假",
        ),
        (
            "在全省水利工作会议上的讲话\n（2031年3月1日）\n同志们：\n一、认清形势，增强信心。过去一年成绩很大。\n二、突出重点，抓好落实。\n",
            "讲话",
        ),
        (
            "云栖省水利厅2030年工作总结\n一、主要成效。修渠300公里，完成投资20亿元。\n二、存在问题。进度不快。\n",
            "报告或总结",
        ),
        ("关于召开水利工作会议的通知\n一、时间：3月1日。\n二、地点：省水利厅。\n", "没有写明责任单位"),
        ("今天天气很好。\n", "没有读到"),
    ],
)
def test_what_is_no_plan_is_refused_in_plain_words(text, words):
    draft = plan_of(text)

    assert not draft.trackable
    assert words in draft.reason
    assert draft.doubts == ()
    assert (draft.deadlines, draft.targets) == ((), ())


def test_its_numbered_paragraphs_are_listed_all_the_same():
    draft = plan_of("关于召开水利工作会议的通知\n一、时间：3月1日。\n二、地点：省水利厅。\n")

    assert [item.number for item in draft.items] == ["一", "二"]


def test_a_plan_of_another_level_is_a_plan_with_a_warning():
    draft = plan_of(
        "青石县2031年水利工作要点\n一、修渠。（责任单位：县水务局，各乡镇）\n二、种树。（责任单位：县林草局）\n"
    )

    assert draft.trackable
    assert "lower_level" in [doubt.code for doubt in draft.doubts]


def test_a_plan_of_the_province_has_no_such_warning():
    draft = plan_of("云栖省2031年水利工作要点\n一、修渠。（责任单位：省水利厅，各县政府）\n")

    assert "lower_level" not in [doubt.code for doubt in draft.doubts]


def test_what_a_report_achieved_is_neither_target_nor_deadline():
    draft = plan_of("云栖省2031年水利工作情况的报告\n一、建成泵站18座。\n二、2031年12月底前完成了清淤,达到98%以上。\n")

    assert not draft.trackable
    assert [(item.deadlines, item.targets) for item in draft.items] == [((), ()), ((), ())]


@pytest.mark.parametrize("label", ["完成情况：已建成4个，完成全年的80%。", "进展情况：达到3座。", "办理结果：已办结。"])
@pytest.mark.parametrize("title", ["云栖市2031年民生实事进展情况", "云栖市2031年重点任务台账"])
def test_a_list_that_tells_how_far_each_task_has_come_is_a_report(title, label):
    task = f"修建泵站5座。\n牵头单位：市水利局\n{label}\n"
    draft = plan_of(f"{title}\n1.{task}2.{task}3.种树。\n牵头单位：市林业局\n")

    assert (draft.kind, draft.trackable) == ("report", False)
    assert len(draft.items) == 3
    assert {item.targets for item in draft.items} == {()}


def test_a_plan_that_asks_for_a_report_of_progress_is_a_plan():
    assert plan_of(
        "云栖市2031年水利工作要点\n1.修建泵站。每季度报送进展情况：以简报为准。（市水利局负责）\n2.种树。（市林业局负责）\n"
    ).trackable
