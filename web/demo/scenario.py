"""What happens in the example. Months are counted from the plan's first: 0 to 5 are issued, 6 is the present one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.conf import settings

from tasks.choices import Light

PRESENT = 6
Duty = tuple[str, str]  # item number, short name of the department


class Turn(StrEnum):
    """What one department's month comes to."""

    FILED = "filed"  # in time, accepted
    LATE = "late"  # 补报, accepted
    NIL = "nil"
    COMPLETED = "completed"
    REFILED = "refiled"  # returned, filed again, accepted
    RETURNED = "returned"  # returned and left so
    WAIVED = "waived"
    MISSING = "missing"
    DRAFT = "draft"
    WAITING = "waiting"  # handed in, not yet decided
    WAITING_AGAIN = "waiting_again"  # returned, handed in again, not yet decided
    EXTENDED = "extended"  # not filed, with more time


VACANT = "省残联"  # nobody holds its post: the office files for it by telephone
FARMS = "省农业农村厅"

PAST_TURNS: dict[int, dict[Duty, Turn]] = {
    0: {
        ("26", "省商务厅"): Turn.WAIVED,
        ("12", "省教育厅"): Turn.REFILED,
        ("21", "省林业局"): Turn.LATE,
    },
    1: {
        ("26", "省交通运输厅"): Turn.LATE,
        ("28", "省民政厅"): Turn.NIL,
        ("28", VACANT): Turn.NIL,
        ("16", "省水利厅"): Turn.REFILED,
    },
    2: {
        ("26", "民航安徽监管局"): Turn.MISSING,
        ("7", "省人力资源社会保障厅"): Turn.NIL,
        ("22", "省国资委"): Turn.LATE,
    },
    3: {
        ("25", "省能源局"): Turn.RETURNED,
        ("26", "省邮政管理局"): Turn.LATE,
        ("8", "省自然资源厅"): Turn.REFILED,
        ("14", "省财政厅"): Turn.NIL,
    },
    4: {
        ("30", FARMS): Turn.COMPLETED,
        ("21", "省林业局"): Turn.MISSING,
        ("5", "证监会安徽监管局"): Turn.NIL,
        ("15", "省住房和城乡建设厅"): Turn.LATE,
        ("23", FARMS): Turn.REFILED,
    },
    5: {
        ("26", "民航安徽监管局"): Turn.MISSING,
        ("26", "省交通运输厅"): Turn.LATE,
        ("16", "省水利厅"): Turn.LATE,
        ("10", FARMS): Turn.LATE,
        ("3", "人民银行安徽省分行"): Turn.REFILED,
        ("24", "省自然资源厅"): Turn.RETURNED,
        ("14", "省医保局"): Turn.NIL,
        ("14", "省财政厅"): Turn.NIL,
    },
}

PRESENT_TURNS: dict[Duty, Turn] = {
    ("6", "省卫生健康委"): Turn.MISSING,
    ("10", FARMS): Turn.MISSING,
    ("13", "省卫生健康委"): Turn.MISSING,
    ("15", "省住房和城乡建设厅"): Turn.MISSING,
    ("21", "省林业局"): Turn.MISSING,
    ("22", "省国资委"): Turn.MISSING,
    ("26", "民航安徽监管局"): Turn.MISSING,
    ("28", VACANT): Turn.MISSING,
    ("25", "省通信管理局"): Turn.EXTENDED,
    ("18", "省发展改革委"): Turn.DRAFT,
    ("19", FARMS): Turn.DRAFT,
    ("24", "省自然资源厅"): Turn.DRAFT,
    ("25", "省水利厅"): Turn.DRAFT,
    ("16", "省水利厅"): Turn.RETURNED,
    ("23", FARMS): Turn.RETURNED,
    ("26", "省邮政管理局"): Turn.RETURNED,
    ("26", "省商务厅"): Turn.WAIVED,
    ("12", "省教育厅"): Turn.WAITING_AGAIN,
    ("1", "省发展改革委"): Turn.WAITING,
    ("1", "省财政厅"): Turn.WAITING,
    ("3", "金融监管总局安徽监管局"): Turn.WAITING,
    ("4", "金融监管总局安徽监管局"): Turn.WAITING,
    ("9", FARMS): Turn.WAITING,
    ("10", "省工商联"): Turn.WAITING,
    ("17", "省民政厅"): Turn.WAITING,
    ("20", "省发展改革委"): Turn.WAITING,
    ("23", "省人力资源社会保障厅"): Turn.WAITING,
    ("25", "省能源局"): Turn.WAITING,
    ("27", "省应急厅"): Turn.WAITING,
    ("29", FARMS): Turn.WAITING,
    ("5", "证监会安徽监管局"): Turn.NIL,
    ("7", FARMS): Turn.NIL,
    ("14", "省财政厅"): Turn.NIL,
    ("11", FARMS): Turn.COMPLETED,
}

# Self-ratings month by month; a duty that is not here is 正常 throughout.
LIGHTS: dict[Duty, str] = {
    ("5", "证监会安徽监管局"): "▲▲▲▲▲▲▲",
    ("8", "省自然资源厅"): "▲■■■■■■",
    ("12", "省教育厅"): "▲▲●●●●●",
    ("15", "省住房和城乡建设厅"): "●●●●▲▲▲",
    ("22", "省国资委"): "■■▲▲●▲▲",
    ("24", "省自然资源厅"): "●●▲▲▲▲▲",
    ("25", "省水利厅"): "●▲▲▲▲▲▲",
    ("26", "省交通运输厅"): "●●▲▲■■■",
    ("26", "省邮政管理局"): "▲▲▲■■■■",
    ("27", "省应急厅"): "▲▲●●●●●",
}
GLYPHS = {"●": Light.NORMAL, "▲": Light.BEHIND, "■": Light.FAR_BEHIND}

# Where the office confirmed another light than the department's own, month → item → (light, reason).
OVERRULED: dict[int, dict[str, tuple[Light, str]]] = {
    4: {"16": (Light.BEHIND, "两处标段停工未复工，与自评正常不符，经与省水利厅核对认定为滞后。")},
    5: {
        "16": (Light.BEHIND, "征迁问题仍未解决，通水节点受影响。"),
        "19": (Light.BEHIND, "“调整一批”项目处置方案未按时报送。"),
    },
}

# Requests to the province: month → duty → text.
REQUESTS: dict[int, dict[Duty, str]] = {
    2: {("22", "省国资委"): "请协调加快两个省属企业项目的环评和用林审批。"},
    3: {("8", "省自然资源厅"): "请协调有关市加快补充耕地项目验收入库。"},
    4: {("25", "省通信管理局"): "请协调解决山区基站引接电源费用偏高的问题。"},
    5: {
        ("16", "省水利厅"): "请协调有关市尽快完成引调水工程两处标段的征迁交地。",
        ("26", "省邮政管理局"): "请协调5个县落实县级共配中心场地和运营补助。",
    },
    6: {
        ("8", "省自然资源厅"): "请省级统筹解决9个县耕地占补平衡指标缺口，约1200亩。",
        ("26", "省交通运输厅"): "请协调落实3个县农村公路提质改造配套资金缺口。",
    },
}

RETURNS: dict[Duty, tuple[str, str]] = {
    ("16", "省水利厅"): ("数字口径不一致：完成投资与上月累计数衔接不上，请核对。", "progress_text"),
    ("23", FARMS): ("缺少数据：请补充帮扶车间数量和统计截止日期。", "progress_text"),
    ("26", "省邮政管理局"): ("缺下一步：5个县共配中心请逐县写明开工时间。", "next_step"),
    ("24", "省自然资源厅"): ("与上月雷同，请补充本月新批复的县。", "progress_text"),
    ("8", "省自然资源厅"): ("存在问题写得笼统，请列明占补平衡缺口的县。", "problems"),
}
OVERDUE_RETURNS = {("26", "省邮政管理局")}
SAME_AS_LAST_MONTH = {("29", FARMS)}
USUAL_RETURN = ("缺少数据：请注明统计截止日期。", "progress_text")


@dataclass(frozen=True)
class Story:
    """What one department tells of one item: three texts in turn, with numbers that grow month by month."""

    numbers: tuple[int, int, int, int]
    progress: tuple[str, ...]
    problem: str
    next: tuple[str, ...]

    def progress_in(self, month: int, *, until: str) -> str:
        first, step, second, second_step = self.numbers
        n, m = first + step * month, second + second_step * month
        figures = {"n": n, "m": m, "n_tenth": f"{n / 10:.1f}", "m_tenth": f"{m / 10:.1f}"}
        text = self.progress[month % len(self.progress)].format(day=until, **figures)
        return text if text.startswith(until) else f"截至{until}，{text}"

    def next_in(self, month: int) -> str:
        return self.next[month % len(self.next)]


@cache
def stories() -> dict[Duty, Story]:
    rows = json.loads((settings.BASE_DIR / "fixtures" / "demo_stories.json").read_text(encoding="utf-8"))["stories"]
    return {
        (row["item"], row["department"]): Story(
            tuple(row["numbers"]), tuple(row["progress"]), row["problem"], tuple(row["next"])
        )
        for row in rows
    }


def turn_of(duty: Duty, month: int) -> Turn:
    turns = PRESENT_TURNS if month == PRESENT else PAST_TURNS[month]
    return turns.get(duty, Turn.FILED)


def light_of(duty: Duty, month: int) -> Light:
    return GLYPHS[LIGHTS.get(duty, "●●●●●●●")[month]]


def is_on_behalf(duty: Duty) -> bool:
    return duty[1] == VACANT
