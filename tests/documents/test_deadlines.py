"""Sentences of our own in the manner of official documents: what is a deadline, and what only looks like one."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.parsing.deadlines import deadlines_in, undated_in


def found(text, year=2024):
    """Dates as they are, recurrences as yearly 09-30, quarterly, within 10d."""
    keys = []
    for deadline in deadlines_in(text, year=year):
        assert text[deadline.at.start : deadline.at.end] == deadline.text
        assert deadline.rule
        assert (deadline.date is None) != (deadline.recurrence is None)
        rest = deadline.recurrence or {}
        within = f"within {rest['within']}" if "within" in rest else ""
        keys.append(deadline.date or within or " ".join(rest[key] for key in ("freq", "on") if key in rest))
    return keys


DATES = [
    ("2024年6月底前建成河长巡查平台", ["2024-06-30"]),
    ("6月底前完成摸底", ["2024-06-30"]),
    ("六月底前完成摸底", ["2024-06-30"]),
    ("于11月30日前报送自查报告", ["2024-11-30"]),
    ("2月底完成春耕备耕检查", ["2024-02-29"]),
    ("9月15日之前公布名单", ["2024-09-15"]),
    ("年底前全部投用", ["2024-12-31"]),
    ("今年年底前全部投用", ["2024-12-31"]),
    ("年内开工3条管线", ["2024-12-31"]),
    ("2024年内开工", ["2024-12-31"]),
    ("2024年度内办结", ["2024-12-31"]),
    ("明年3月底前验收", ["2025-03-31"]),
    ("次年1月底前完成复核", ["2025-01-31"]),
    ("到2027年建成环湖步道", ["2027-12-31"]),
    ("力争到2026年底,自来水普及率再上台阶", ["2026-12-31"]),
    ("2025年前形成产业集群", ["2025-12-31"]),
    ("2026年末基本建成", ["2026-12-31"]),
    ("力争在2026年三季度末通车", ["2026-09-30"]),
    ("第一季度完成编制", ["2024-03-31"]),
    ("一季度前完成编制", ["2024-03-31"]),
    ("第三季度,组织开展交叉检查", ["2024-09-30"]),
    ("前三季度完成全年任务的八成", ["2024-09-30"]),
    ("上半年完成招标", ["2024-06-30"]),
    ("2025年上半年建成投用", ["2025-06-30"]),
    ("下半年启动复垦", ["2024-12-31"]),
    ("10月达到序时进度", ["2024-10-31"]),
    ("10月份召开现场会", ["2024-10-31"]),
    ("5月中旬前完成育秧", ["2024-05-20"]),
    ("8月上旬报送", ["2024-08-10"]),
    ("8月下旬组织验收", ["2024-08-31"]),
    ("分别于4月底和8月底前报送进展", ["2024-04-30", "2024-08-31"]),
    ("4月15日、8月15日、12月15日前各报一次", ["2024-04-15", "2024-08-15", "2024-12-15"]),
    ("2025年4月底、8月底前各报一次", ["2025-04-30", "2025-08-31"]),
    ("2025年4月底前完成初验,8月底前完成终验", ["2025-04-30", "2025-08-31"]),
    ("9月1日正式投入使用", ["2024-09-01"]),
    ("5月、9月分别开展宣传", ["2024-05-31", "2024-09-30"]),
    ("2025年全部完成", ["2025-12-31"]),
    ("(2024年9月底前)", ["2024-09-30"]),
    ("建设文化礼堂(9月底)", ["2024-09-30"]),
    ("完成时限:2024年7月", ["2024-07-31"]),
    ("完成时限:2024年7月20日", ["2024-07-20"]),
    ("时间节点:第四季度", ["2024-12-31"]),
    ("建成冷库\t市商务局\t2024年7月", ["2024-07-31"]),
    ("建成冷库\n市商务局\n7月", ["2024-07-31"]),
    ("建成冷库市商务局7月", ["2024-07-31"]),
    ("6月、11月", ["2024-06-30", "2024-11-30"]),
    ("2024.10", ["2024-10-31"]),
    ("2024-10-15", ["2024-10-15"]),
    ("建成冷库\t2024/10/15", ["2024-10-15"]),
    ("全年", ["2024-12-31"]),
    ("“十四五”末达到全省前列", ["2025-12-31"]),
    ("力争“十四五”期间实现翻番", ["2025-12-31"]),
]

RECURRENCES = [
    ("每年9月底前公布上一年度名录", ["yearly 09-30"]),
    ("每年6月底、12月底前各报送一次", ["yearly 06-30", "yearly 12-31"]),
    ("每年2月底前上报", ["yearly 02-28"]),
    ("每年12月10日前报送总结", ["yearly 12-10"]),
    ("每年年底前开展考核", ["yearly 12-31"]),
    ("每年至少开展1次应急演练", ["yearly"]),
    ("每月调度一次", ["monthly"]),
    ("每个月报一篇信息", ["monthly"]),
    ("每月5日前报送进度", ["monthly"]),
    ("按月通报排名", ["monthly"]),
    ("逐月调度", ["monthly"]),
    ("每季度不少于2次", ["quarterly"]),
    ("按季度评估", ["quarterly"]),
    ("每个季度末开展督查", ["quarterly"]),
    ("一季一评比", ["quarterly"]),
    ("一月一调度", ["monthly"]),
    ("每周召开例会", ["weekly"]),
    ("按周报送", ["weekly"]),
    ("每日调度灾情", ["daily"]),
    ("每半年报告一次", ["halfyearly"]),
    ("半年一考核", ["halfyearly"]),
    ("收到申请后5个工作日内办结", ["within 5d"]),
    ("接到线索之日起15日内反馈", ["within 15d"]),
    ("三个月内完成整改", ["within 3m"]),
    ("两周内提出方案", ["within 2w"]),
]

NOT_DEADLINES = [
    "2016年以来的信访积案",
    "截至2024年6月底,已建成12座",
    "截至目前",
    "自2024年6月1日起施行,有效期至2026年5月31日",
    "政策执行期延长至2024年底",
    "阶段性缓缴政策实施至2024年12月底",
    "2023年度衔接项目资产移交",
    "梳理2021年以来的台账",
    "对2023年底前入库的项目",
    "2024年6月底前毕业的学生可申领",
    "入职1年内的新员工",
    "毕业2年内的高校毕业生",
    "从业3年以上",
    "参保6个月内的人员",
    "3个月内未缴费的单位",
    "2021-2025年农村公路规划",
    "2021年至2025年",
    "从2021年到2025年",
    "2024年1-6月",
    "6月1日起正式收费",
    "5月1日放假",
    "11月底前完成了河道清淤",
    "10月17日扶贫日活动",
    "对在2024年6月30日前开工的项目优先支持",
    "凡2024年6月底前登记的市场主体",
    "科学确定2024年监测范围",
    "做好2024年“数字周”活动",
    "落实《2025年前碳达峰行动方案》",
    "(市政发〔2024〕6号)",
    "省级第三轮督察反馈问题",
    "养老服务三年行动",
    "一季度经济运行良好",
    "每人每月发放300元",
    "每年补助5万元",
    "按月计发养老金",
    "每户每年不超过3000元",
    "将办理时限压缩至3个工作日内",
    "压缩企业开办时间至2个工作日内",
    "彻底前移关口",
    "市委办公室\n2024年3月5日",
    "比2023年底提高5个百分点",
    "2024年春季学期",
    "近年来",
    "30年前建成的住宅",
    "县域内就诊",
    "年度考核",
    "一月一",
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_a_date_something_is_due_by(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), RECURRENCES)
def test_work_that_comes_back_or_runs_from_an_event(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", NOT_DEADLINES)
def test_dates_that_are_no_deadlines(text):
    assert found(text) == []


def test_a_term_names_its_event_and_its_kind_of_days():
    (deadline,) = deadlines_in("自受理之日起10个工作日内答复", year=2024)
    assert deadline.recurrence == {"within": "10d", "days": "working", "from": "受理"}


def test_a_term_without_an_event_names_none():
    (deadline,) = deadlines_in("对符合条件的企业,在5日内完成审核", year=2024)
    assert deadline.recurrence == {"within": "5d"}


def test_without_a_year_a_month_is_offered_as_undated_and_nothing_is_invented():
    text = "3月底前完成摸底,2025年6月底前完成整改,每年9月底前复查"
    assert found(text, year=None) == ["2025-06-30", "yearly 09-30"]
    assert [text[span.start : span.end] for span in undated_in(text)] == ["3月底前"]


def test_a_year_carries_on_within_its_sentence_only():
    text = "2025年3月底前完成初验,5月底前移交。7月底前总结"
    assert found(text) == ["2025-03-31", "2025-05-31", "2024-07-31"]
    assert [text[span.start : span.end] for span in undated_in(text)] == ["7月底前"]


@pytest.mark.parametrize("words", ["春节前", "2025年春节前", "汛期来临前", "国庆节前"])
def test_a_season_is_offered_as_undated(words):
    text = words + "完成修缮"
    assert found(text) == []
    assert [text[span.start : span.end] for span in undated_in(text)] == [words]


def test_a_day_that_does_not_exist_is_no_deadline():
    assert found("2月30日前报送") == []
    assert undated_in("2月30日前报送") == []


@given(st.text(alphabet="年月日底前内末度季每到至截0123456789一二三半周个工作、,。\n()“”《》的", max_size=80))
def test_whatever_the_words_every_find_is_verbatim_and_dated(text):
    for deadline in deadlines_in(text, year=2024):
        assert text[deadline.at.start : deadline.at.end] == deadline.text != ""
        if deadline.date:
            date.fromisoformat(deadline.date)


@given(st.text(alphabet="年月日底前内每到至2024一二完成、,。", max_size=60))
def test_the_plan_year_decides_dates_but_never_spans_of_undated_words(text):
    for span in undated_in(text):
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "年",
        "年月日",
        "每",
        "每年",
        "2024年6月底前、",
        "6月底和",
        "十",
        "“",
        "《",
        "(",
        "到2024年",
        "1个工作日内",
        "月底前,",
    ],
)
def test_a_hostile_text_takes_linear_time(piece):
    text = piece * (50_000 // len(piece))
    started = time.process_time()
    deadlines_in(text, year=2024)
    undated_in(text)
    assert time.process_time() - started < 4


def test_a_limit_that_states_its_year_counts_whatever_the_plans_year_is():
    assert found("2025年底前新增两条,2026年6月底前完工", year=2027) == ["2025-12-31", "2026-06-30"]
    assert found("2025年底前新增两条,7月底前完工", year=None) == ["2025-12-31", "2025-07-31"]
