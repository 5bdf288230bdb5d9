"""The people and the texts of the month that `test_month.py` plays: every word is fixed, so that the workbook can be
written down beforehand (`expected_october.py`)."""

from accounts.choices import Role
from accounts.models import User
from tasks import services
from tasks.choices import Light, MonthKind
from tasks.models import Plan, ReportingPeriod
from tests.e2e.desk import PASSWORD
from tests.factories import anhui_plan, beijing, make_user, report_of

APPROVER = "周正清"
NEXT_STEP = "继续按计划推进。"

# Who files in the browser; the others file through the services. 民航安徽监管局 has a liaison, and he never files.
LIAISONS = {
    "省国资委": ("guozi", "郑文斌"),
    "省应急厅": ("yingji", "冯雪梅"),
    "省住房和城乡建设厅": ("zhujian", "褚国强"),
    "证监会安徽监管局": ("zhengjian", "卫东升"),
    "民航安徽监管局": ("minhang", "蒋远航"),
}

# What each department reports on each item through the services on 22 October: 有新进展, self-rated 正常.
PROGRESS = {
    ("1", "省发展改革委"): "下达中央预算内投资2.1亿元。后续项目正在储备。",
    ("1", "省财政厅"): "发行专项债券3.4亿元。",
    ("2", "省财政厅"): "下达衔接资金9.8亿元。",
    ("2", "省农业农村厅"): "审核帮扶项目412个。",
    ("3", "人民银行安徽省分行"): "20县贷款余额同比增长11.2%。",
    ("3", "金融监管总局安徽监管局"): "督促3家银行下沉网点。",
    ("3", "省农业农村厅"): "新发放小额信贷1.6亿元。",
    ("3", "省人力资源社会保障厅"): "发放创业担保贷款0.7亿元。",
    ("4", "金融监管总局安徽监管局"): "新增特色险种6个；理赔平均5天办结。",
    ("6", "省委组织部"): "完成驻村队员轮训1200人。",
    ("6", "省教育厅"): "选派教师帮扶团队20个。",
    ("6", "省农业农村厅"): "选派科技特派员380人。",
    ("6", "省卫生健康委"): "选派医疗人才帮扶团队20个。",
    ("7", "省人力资源社会保障厅"): "落实乡镇工作补贴1.9万人。",
    ("7", "省农业农村厅"): "推荐基层农技职称评审96人。",
    ("9", "省农业农村厅"): "调度14对结对县帮扶资金到位情况。",
    ("10", "省工商联"): "组织对接民营企业214家。",
    ("10", "省民政厅"): "动员社会组织结对83个村。",
    ("10", "省农业农村厅"): "评选示范项目12个。",
    ("11", "省农业农村厅"): "完成第三季度集中排查。",
    ("12", "省教育厅"): "18所中职学校达到办学标准。",
    ("13", "省卫生健康委"): "22家三级医院派驻医师168人。",
    ("14", "省医保局"): "推送高额费用预警5300人次。",
    ("14", "省财政厅"): "下达医疗救助资金4.2亿元。",
    ("17", "省民政厅"): "发放低保金6.3亿元。",
    ("18", "省发展改革委"): "安置区新增就业岗位740个。",
    ("19", "省农业农村厅"): "认定帮扶产业龙头企业35家。",
    ("20", "省发展改革委"): "“金秋行动”销售农产品2.8亿元。",
    ("21", "省文旅厅"): "遴选文旅融合试点4个。",
    ("21", "省林业局"): "下达木竹加工项目用林定额320公顷。",
    ("23", "省人力资源社会保障厅"): "脱贫人口务工规模196万人。",
    ("23", "省农业农村厅"): "帮扶车间吸纳就业3.1万人。",
    ("24", "省自然资源厅"): "批复村庄规划186个。",
    ("25", "省水利厅"): "开工重点水利工程9处。",
    ("25", "省通信管理局"): "行政村5G通达率98%。",
    ("26", "省发展改革委"): "3个支线机场前期工作获批。",
    ("26", "省交通运输厅"): "新改建农村公路612公里。",
    ("26", "省邮政管理局"): "建成村级寄递站点1430个。",
    ("26", "省商务厅"): "建成县域物流中心11个。",
    ("28", "省民政厅"): "探访留守儿童2.6万人次。",
    ("29", "省农业农村厅"): "开展前三季度监测评价。",
    ("30", "省农业农村厅"): "举办专题培训班1期86人。",
}
# Those who report something else than plain progress, as columns of the report.
OTHERS = {
    ("8", "省自然资源厅"): {
        "progress_text": "单列下达用地指标4200亩。",
        "problems": "两县用地指标尚未落实。",
        "coordination": "请省发展改革委提前确认项目用地清单。",
        "self_light": Light.BEHIND,
    },
    ("16", "省水利厅"): {
        "progress_text": "供水工程完成投资3.2亿元。",
        "problems": "征迁滞后，两处管线未开工。",
        "coordination": "请省级协调引调水征迁资金。",
        "next_step": "11月底前完成征迁并开工。",
        "self_light": Light.FAR_BEHIND,
    },
    ("25", "省能源局"): {
        "progress_text": "完成农网改造项目57个。",
        "problems": "两座变电站征地未完成。",
        "self_light": Light.BEHIND,
    },
    ("28", "省残联"): {"kind": MonthKind.NO_CHANGE, "no_change_reason": "两项补贴按季发放。"},
}
LATE = {("5", "证监会安徽监管局"): "新增上市辅导备案企业2家。"}  # on 28 October


def settle() -> tuple[Plan, dict[str, User]]:
    """The plan and its people; the office: 王文博 administrator, 赵晓琳 staff, 陈建国 leader."""
    people = {
        "admin": _person("wangwb", "王文博", roles=(Role.OFFICE_ADMIN, Role.OFFICE_STAFF)),
        "staff": _person("zhaoxl", "赵晓琳", roles=(Role.OFFICE_STAFF,)),
        "leader": _person("chenjg", "陈建国", roles=(Role.LEADER,)),
    }
    plan = anhui_plan(by=people["admin"])
    for at, name in enumerate(dict.fromkeys(name for _, name in (*PROGRESS, *OTHERS, *LATE))):
        if name not in LIAISONS:
            people[name] = _person(f"lianluo{at:02d}", f"{name}联络员", department=name)
    for name, (username, person) in LIAISONS.items():
        people[name] = _person(username, person, department=name)
    return plan, people


def _person(username: str, name: str, **rights) -> User:
    return make_user(username, name=name, password=PASSWORD, **rights)


def file_by_services(period: ReportingPeriod, people: dict[str, User]) -> None:
    """What 22 departments hand in on the 22nd."""
    for key, text in PROGRESS.items():
        _file(period, key, people, progress_text=text)
    for key, values in OTHERS.items():
        _file(period, key, people, **values)


def file_late(period: ReportingPeriod, people: dict[str, User]) -> None:
    for key, text in LATE.items():
        _file(period, key, people, progress_text=text)


def _file(period: ReportingPeriod, key: tuple[str, str], people: dict[str, User], **values) -> None:
    report, by = report_of(period, *key), people[key[1]]
    signed = {"approver": APPROVER, "approved_on": beijing("2024-10-21 00:00").date()}
    said = {"kind": MonthKind.PROGRESS, "next_step": NEXT_STEP, "self_light": Light.NORMAL} | signed | values
    if said["kind"] == MonthKind.NO_CHANGE:
        said |= {"next_step": "", "self_light": "", "approved_on": None}
    report = services.save_draft(report, by=by, version=report.version, **said)
    services.submit(report, by=by, version=report.version)
