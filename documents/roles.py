"""The words that say who does what: labels in front of a list and verbs behind it."""

from __future__ import annotations

import re

LEAD, SHARED, RESPONSIBLE, COOPERATE = "lead", "shared", "responsible", "cooperate"

_ACTS = (
    "牵头|主办|会办|协管|主责|主管|主体|责任|落实|完成|配合|协办|协同|协助"
    "|协作|参与|参加|承办|承担|实施|负责|支持|执行|办理|共同|组织|分工|会办|会同|联办|主抓|协管|承接"
)
_BODY = "单位|部门|处室|科室|机构|主体|方"
_LEVEL = r"(?:[省市县区州乡]{1,2}[级直]?)?(?:主要|具体|第[一二三]|总|各)?"
# 「牵头单位为省水利厅」 is a label only in front of a name.
_IS = r"为(?=[\u4e00-\u9fff]{2,14}?(?:厅|局|委|办|部|政府|中心|队|院|公司)(?:[、,。;]|$))"
# 牵头单位:, 市级责任部门:, 牵头及责任单位:, 配合:
_UNIT_LABEL = (
    rf"{_LEVEL}(?:{_ACTS})(?:[和及与、/]?(?:{_ACTS})){{0,2}}(?:[省市县区州]{{1,2}}[级直])?(?:{_BODY})(?:[和及与、/,](?:{_ACTS})(?:{_BODY})?)?"
    rf"(?:\(部门\)|\(单位\)|\(责任人\)|[和及与、/](?:具体)?(?:责任|负责)人)?(?:[:】]|{_IS})"
    r"|(?:牵头|主办|责任|配合|协办|协同|参与|会办)[:]"
)
# 部门分工:, 责任落实:, 会办:; a label only where a list of names follows.
_LOOSE_LABEL = (
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{0,4}"
    r"(?:分工|落实|责任|负责|承办|牵头|主办|会办|协办|配合|协同|参与)(?:情况|安排|如下)?[:】]"
)
_PEOPLE_LABEL = (
    r"(?:牵头|责任|分管|包抓|包联|联系|主管|挂钩|挂帅|督办|具体责任|主要|直接)?(?:负责)?[省市县区州乡镇]{0,2}(?:责任)?"
    r"(?:领导|责任人|负责人|联系人|联络员|经办人)(?:和[\u4e00-\u9fff]{2,6})?[:]"
)
_TIME_LABEL = (
    r"(?:计划|预计|拟|办结|整改|办理|任务|工作|进度)?(?:完成时限|完成时间|时限要求|时间要求|时间节点|时间安排|时限|完成期限|办理期限|实施时间"
    r"|起止时间|(?:办理|办结|完成|进度)要求)[:]"
)
_OTHER_LABEL = (
    r"(?:工作|目标|年度|进度|主要|预期|具体|任务|整改|阶段)(?:目标任务|目标|任务|措施|要求|安排|内容|举措|成效|标志)[:]"
    r"|(?:完成|进展|落实|推进|办理)(?:情况|进度|结果)[:]|(?:备注|联系电话|联系方式|电话|考核指标|成果形式|资金来源)[:]"
)
LABEL = re.compile(rf"(?P<unit>{_UNIT_LABEL}|{_LOOSE_LABEL})|(?P<other>{_PEOPLE_LABEL}|{_TIME_LABEL}|{_OTHER_LABEL})")
STRICT_LABEL = re.compile(_UNIT_LABEL)
LEAD_WORDS = re.compile("牵头|主办|主责|主管")
COOPERATE_WORDS = re.compile("配合|会办|协办|协管|协同|协助|协作|协管|参与|参加|支持|会办|会同|联办")

# 按职责分工, 按照各自职责, 根据工作分工
_DUTY = (
    r"(?:按照?|根据|依据|依|结合|在)(?:照)?(?:各自)?(?:工作)?(?:的)?(?:职责|职能|分工)(?:任务|职责)?(?:和|与)?"
    r"(?:职责|职能|分工|任务|范围)?(?:范围)?(?:内)?"
)
_DOING = (
    r"(?:负责|督促落实|督促|督导|统筹|协调|指导|抓总|落实|实施"
    r"|推进|组织实施|抓好落实|抓落实|承担|办理|做好|开展|推动|执行|完成)"
)
# The verb at the end of a name or list; the longest reading wins because the alternatives are ordered.
_SHARED = rf",?(?:{_DUTY},?(?:分别|分工|共同)?(?:{_DOING}){{1,2}}|{_DUTY}|分工负责|各负其责)"
_MUST = rf"(?:要|应)?(?:{_DUTY})?"
_LEAD = _MUST + rf"(?:分别|共同|联合|总)?(?:负责)?(?:牵头|主办|(?<=为)牵头单位)(?:{_DOING}|协调|组织|推进){{0,2}}"
_HELPING = r"(?:积极|共同|协同|做好|予以|给予|密切|参与|协助)?(?:配合|协同|协助|协办|参与|参加|协作|支持)(?:单位|部门)?"
_HELP = _MUST + _HELPING + rf"(?:{_DOING}|工作){{0,2}}"
_HOW = r"(?:要|应)?(?:结合(?:工作|本地)?实际|因地制宜)?(?:具体|分别|共同|分头|联合|独立|直接|为主|单独)?"
_ANSWER = _HOW + rf"(?:{_DOING}|承办|主责|实施){{1,2}}|为?责任单位"
TAIL = re.compile(rf"(?P<shared>{_SHARED})$|(?P<lead>{_LEAD})$|(?P<cooperate>{_HELP})$|(?P<responsible>{_ANSWER})$")


def label_role(label: str) -> str:
    """牵头 wins in a label that names several acts, because the list begins with the one who leads."""
    if LEAD_WORDS.search(label):
        return LEAD
    helps, answers = COOPERATE_WORDS.search(label), label.find("责任")
    return COOPERATE if helps and (answers < 0 or helps.start() < answers) else RESPONSIBLE


def tail_of(words: str) -> tuple[str, int] | None:
    """The role a verb at the end of `words` gives, and where the verb begins."""
    window = max(0, len(words) - 30)
    match = TAIL.search(words, window)
    return (match.lastgroup or "", match.start()) if match else None
