"""Sentences of our own in the manner of official documents: which numbers are targets, and which only look like one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.parsing.deadlines import deadlines_in
from documents.parsing.quantities import quantities
from documents.parsing.targets import targets_in


def targets(text, year=2024):
    return targets_in(text, deadlines_in(text, year=year), year=year)


def found(text):
    """Each target as >=5个."""
    keys = []
    for target in targets(text):
        assert text[target.at.start : target.at.end] == target.text
        assert target.rule
        keys.append(f"{target.comparator}{target.value:g}{target.unit}")
    return keys


COMPARED = [
    ("农村自来水普及率不低于92%", [">=92%"]),
    ("秸秆综合利用率达到95%以上", [">=95%"]),
    ("城镇污水收集率达90%", [">=90%"]),
    ("每村培育示范户不少于3户", [">=3户"]),
    ("每季度至少开展1次联合执法", [">=1次"]),
    ("至少举办一次观摩会", [">=1次"]),
    ("旅游收入突破20亿元", [">20亿元"]),
    ("高新技术企业超过300家", [">300家"]),
    ("城镇调查失业率控制在5.5%以内", ["<=5.5%"]),
    ("公路货运事故起数降至12起", ["<=12起"]),
    ("居民消费价格涨幅低于3%", ["<3%"]),
    ("地区生产总值增长6%左右", ["~6%"]),
    ("培育特色农庄60家左右", ["~60家"]),
    ("粮食产量稳定在45万吨以上", [">=45万吨"]),
    ("绿化覆盖率提高到41.5%", [">=41.5%"]),
    ("平均浓度控制在35微克/立方米以内", ["<=35微克/立方米"]),
    ("补助标准提高到每人每月420元", [">=420元"]),
    ("补贴标准达到每人每月420元", [">=420元"]),
    ("办理时限压缩至2个工作日", ["<=2个工作日"]),
    ("空气优良天数达到310天", [">=310天"]),
    ("不低于年度供地计划的30%", [">=30%"]),
    ("增速高于全省平均0.5个百分点", ["=0.5个百分点"]),
    ("超过三分之一的行政村", [">33.33%"]),
    ("九成以上行政村完成整治", [">=90%"]),
    ("达到百分之八十", [">=80%"]),
    ("中等职业学校调整至48所", [">=48所"]),
]

COUNTED = [
    ("新增公办幼儿园5所", ["=5所"]),
    ("新建改建公厕12座", ["=12座"]),
    ("完成造林5万亩,封山育林3万亩", ["=5万亩", "=3万亩"]),
    ("建成5G基站260个", ["=260个"]),
    ("配备急救设备(AED)80台", ["=80台"]),
    ("新建养老驿站8个(其中农村新建3个)", ["=8个", "=3个"]),
    ("培训家政人员1.2万人次", ["=1.2万人次"]),
    ("培育农业企业3-5家", ["=3家"]),
    ("新建三所学校", ["=3所"]),
    ("打造四个特色小镇", ["=4个"]),
    ("改造老旧小区42个、惠及居民1.1万户", ["=42个", "=1.1万户"]),
    ("推动6户危房改造、4户抗震改造", ["=6户", "=4户"]),
    ("惠及企业2000家以上", [">=2000家"]),
    ("推广800个以上应用场景", [">=800个"]),
    ("将300家企业纳入培育库", ["=300家"]),
    ("对5000户以上困难家庭实施改造", [">=5000户"]),
    ("对全市6万栋自建房开展排查", ["=6万栋"]),
    ("争取上级资金8000万元以上", [">=8000万元"]),
    ("统筹安排资金1.8亿元", ["=1.8亿元"]),
    ("设立总规模20亿元的产业基金", ["=20亿元"]),
    ("建立500亿元规模项目库", ["=500亿元"]),
    ("全年接待游客300万人次、实现旅游收入25亿元", ["=300万人次", "=25亿元"]),
    ("固定资产投资增长8%", ["=8%"]),
    ("单位产值能耗下降3.5%", ["=3.5%"]),
    ("占比提高2个百分点", ["=2个百分点"]),
    ("户厕整改率100%", ["=100%"]),
    ("比上年增长7%", ["=7%"]),
    ("完成年度目标1.2万人的90%", ["=1.2万人", "=90%"]),
    ("机构、散居孤儿标准达到每人每月1900元、1400元", [">=1900元", ">=1400元"]),
    ("由10万吨增加到12万吨", [">=12万吨"]),
    ("投入不低于60%、县级不低于40%的比例", [">=60%", ">=40%"]),
    ("新增规上企业1,200家", ["=1200家"]),
    ("建设冷库3座\n新建泵站2座", ["=3座", "=2座"]),
    ("资助120名青年教师研修", ["=120名"]),
    ("村集体年收入20万元以上的比例达到70%", [">=70%"]),
    ("完成投资3亿元以上的项目6个", ["=6个"]),
    ("招引20亿元以上项目不少于4个", [">=4个"]),
    ("改造100亩以上连片茶园8个", ["=8个"]),
    ("全年减贫1.5万人,36个贫困村退出", ["=1.5万人", "=36个"]),
    ("每万人口全科医生数3.5名", ["=3.5名"]),
    ("完成白石村等18个项目", ["=18个"]),
    ("加快实施青石、云溪等4条渠道改造", ["=4条"]),
    ("工业气价由每立方米4.1元降到每立方米3.6元", ["<=3.6元"]),
    ("托位数达到每千人4.8个", [">=4.8个"]),
    ("供热管网新增覆盖6.2万户", ["=6.2万户"]),
    ("疏浚河道,新增库容15万空方", ["=15万空方"]),
    ("义务植树60万株", ["=60万株"]),
    ("在6所中学增设心理课", ["=6所"]),
    ("新入库项目60个", ["=60个"]),
    ("困难学生资助率100%", ["=100%"]),
    ("优良天数比例、颗粒物浓度分别达到90%、30微克/立方米", [">=90%", "=30微克/立方米"]),
]

NOT_TARGETS = [
    "给予50万元奖励",
    "给予一次性奖励10万元",
    "最高不超过500万元",
    "贴息率不高于同期利率的50%",
    "按投资总额的2%予以奖补",
    "按照不高于合同金额的30%给予补助",
    "分别给予100万元、50万元、30万元的奖励",
    "处5000元罚款",
    "每户每年最高3000元",
    "月销售额10万元以下的小规模纳税人",
    "单户授信1000万元以下",
    "年满16周岁",
    "3岁以下婴幼儿",
    "毕业2年内",
    "从业5年以上",
    "连续3年",
    "对吸纳就业10人以上的,优先支持",
    "年产值1亿元以上的企业",
    "现有12个社区",
    "等8个领域",
    "工业、建筑等6类项目",
    "全市15个县区",
    "推进工业、建筑等6个领域减排",
    "支持青石村等18个村",
    "在6所中学调研",
    "涉及9个乡镇",
    "会同5个部门",
    "围绕10个重点产业链",
    "聚焦6个方面",
    "与昆明、曲靖和8个省属企业对接",
    "第3批",
    "排名前10位",
    "“百县千村5个”工程",
    "《支持100家企业行动方案》",
    "(市政办发〔2024〕12号)",
    "12345热线",
    "5G网络",
    "PM2.5监测",
    "1+2+N模式",
    "按4:2:2:2分担",
    "已建成20个站点",
    "截至6月,建成20个站点",
    "完成了20个站点",
    "2016年以来办理300件",
    "7×24小时服务",
    "15分钟便民生活圈",
    "2024年6月30日前报送",
    "建立一个平台",
    "形成一项制度",
    "坚持两个毫不动摇",
    "实施十大行动",
    "一二三产业融合",
    "通30户以上自然村硬化路",
    "总投资30亿元的钢厂",
    "由原来的5个工作日",
    "占地200亩",
    "裁员率不高于5%的参保企业可以申请",
    "将征收率由3%降至1%",
    "督察组反馈的38个问题",
    "真正落地的只有3个",
    "去年引进项目12个,投产5个",
    "提前15分钟入场",
    "对产值增长10%以上的企业,给予20万元奖励",
    "对上年用电量不低于前年80%的企业,按每人500元奖补",
    "新增产值1亿元以上的企业,奖励20万元",
    "对20名以上集中居住的老年人提供助餐",
    "涉及居民楼156栋、居民4300户",
    "50户以上的村通硬化路",
]


@pytest.mark.parametrize(("text", "expected"), COMPARED)
def test_a_number_with_a_comparator(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), COUNTED)
def test_a_quantity_that_has_to_be_done(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", NOT_TARGETS)
def test_numbers_that_are_no_targets(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("农村自来水普及率达到92%", "农村自来水普及率"),
        ("新增3个省级示范社和2个市级示范社", "省级示范社"),
        ("力争到2025年旅游收入突破20亿元", "旅游收入"),
        ("设立20亿元的产业基金", "产业基金"),
        ("改造老旧小区42个、惠及居民1.1万户", "惠及居民"),
    ],
)
def test_what_is_measured(text, metric):
    assert metric in [target.metric for target in targets(text)]


def test_a_target_stands_under_the_deadline_before_it_in_its_sentence():
    text = "3月底前完成率达到30%,9月底前达到80%。全年完成率不低于95%"
    assert [target.date for target in targets(text)] == ["2024-03-31", "2024-09-30", None]


def test_a_bare_year_dates_the_target():
    (target,) = targets("2025年全县粮食产量40万吨以上")
    assert target.date == "2025-12-31"


def test_a_share_says_what_it_is_a_share_of():
    assert [target.of for target in targets("完成年度目标1.2万人的90%")] == [None, "1.2万人"]


def test_the_words_of_a_target_include_its_comparators():
    assert [target.text for target in targets("覆盖率达到80%以上,培育企业不少于12家")] == ["达到80%以上", "不少于12家"]


@given(
    st.text(
        alphabet="0123456789.,%个家户人元万亿不低于达到以上左右的新增建给予奖励、。;\n()“”《》百分之一二三年月日",
        max_size=80,
    )
)
def test_whatever_the_words_every_find_is_verbatim_and_holds_a_number(text):
    for target in targets(text):
        assert text[target.at.start : target.at.end] == target.text != ""
        assert target.value is not None
        assert target.unit


@given(st.integers(min_value=1, max_value=999_999), st.sampled_from(["个", "家", "万元", "公里", "万亩", "人次"]))
def test_a_count_behind_a_verb_is_read_as_written(value, unit):
    (quantity,) = quantities(f"新增{value}{unit}")
    assert (quantity.value, quantity.unit) == (value, unit)
    assert found(f"新增{value}{unit}") == [f"={value:g}{unit}"]


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "9个",
        "9个、",
        "新增9个,",
        "达到9%",
        "不低于",
        "一",
        "9.",
        "9,999",
        "百分之",
        "(",
        "“",
        "的",
        "9-",
        "建成9万元",
        "对9户以上的,",
        "6月底前完成9个,",
    ],
)
def test_a_hostile_text_takes_linear_time(piece):
    text = piece * (50_000 // len(piece))
    started = time.process_time()
    targets(text)
    assert time.process_time() - started < 8
