"""What kind of document it is, and whether there is anything in it to track."""

from __future__ import annotations

import re

KINDS = (
    ("work_points", r"工作要点|工作重点|重点工作(?:任务|安排)?|要点|重点"),
    ("implementation_plan", r"实施方案|工作方案|安排方案|方案|工作安排|实施细则|规划|工作计划"),
    ("action_plan", r"(?:[三五]年|专项|攻坚)?行动(?:方案|计划)?|攻坚计划"),
    ("task_division", r"分工|责任分解|任务分解|分解|重点任务"),
    ("task_list", r"清单|任务表|台账|任务书|事项表|项目表|一览表"),
    ("measures", r"措施|举措|意见|办法|若干政策|政策|十条|条$|规定|计划"),
    ("speech", r"讲话|致辞|发言|讲稿"),
    ("notice", r"公示|情况说明|名单$"),
    ("report", r"工作报告|报告|工作总结|总结|汇报|述职|通报|公报|情况$|进展情况"),
)
NOT_PLANS = {"speech", "report", "notice"}
TAIL = re.compile(r"(?:的)?(?:通知|函|通告|公告|决定|批复)(?:\(.{0,10}\))?$")
EXPLAINS = re.compile(r"解读(?:$|[《〈“\d])|答记者问|图解")
PROGRESS = re.compile(
    r"(?:完成|进展|落实|推进|办理|工作进展|实施)(?:情况|进度|结果|成效)\s?[:：】]?\s?[^。；;\n]{0,60}?(?:已|达到|达成|完成|建成|实现|正在|了)"
)
HOLIDAY = re.compile(r"放假|节假日|调休|值班")
REASONS = {
    "holiday": "这是一份放假安排通知，不是工作要点或实施方案：编号段落没有责任单位，"
    "日期是放假日期而不是办理期限，不应生成台账。",
    "speech": "这是一篇讲话，没有写明由哪个单位负责什么工作，不是可以跟踪的计划，不应生成台账。",
    "report": "这是一份报告或总结，所列数字是已经完成的情况，没有交办给单位的任务，不应生成台账。",
    "notice": "这份文件没有写明责任单位，也不是工作要点、方案或清单，没有可以跟踪的工作任务，不应生成台账。",
    "too_long": "编号段落或行数过多，不像一份工作要点或方案。请确认文件是否正确，或只粘贴其中的任务部分。",
    "empty": "没有读到带编号的工作任务，不应生成台账。请确认文件是否完整。",
}


def kind_of(title: str) -> str:
    """The kind the title names last: 「工作报告重点任务分工」 is a division of tasks."""
    core = TAIL.sub("", title.replace("\n", "").rstrip("》”)"))
    core = TAIL.sub("", core.rstrip("》”"))
    if EXPLAINS.search(core):
        return "notice"
    found = [
        (match.end(), match.end() - match.start(), kind) for kind, words in KINDS for match in re.finditer(words, core)
    ]
    return max(found, key=lambda one: one[:2])[2] if found else "notice"


def is_plan_title(title: str) -> bool:
    return kind_of(title) not in NOT_PLANS


def tells_progress(items: list[str]) -> bool:
    """Whether most items say under 完成情况 how far they have come."""
    told = sum(1 for words in items if PROGRESS.search(words))
    return told > 0 and 2 * told >= len(items)


def why_not(kind: str, title: str, *, items: int, with_units: int) -> str:
    """The reason why a document is not a plan; empty when it is one."""
    if not items:
        return REASONS["empty"]
    if kind in ("speech", "report") and with_units * 2 <= items:
        return REASONS[kind]
    if with_units or kind not in NOT_PLANS:
        return ""
    return REASONS["holiday"] if HOLIDAY.search(title) else REASONS["notice"]
