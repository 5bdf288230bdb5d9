"""Which calendar words are due dates: their own 前 or 底, a lead-in, a verb behind them, a label or a table cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.parsing.dates import CalendarWord, calendar_words

_LOOK = 24  # how far to either side the words that decide are looked for

# A period with one of these right behind it (9月达到75%, 上半年完成) is when something is due.
STARTS_ACT = re.compile(
    r"[,、:]?(?:力争|争取|确保|基本|全面|全部|完全|累计|要|须|应|需|前|将|率先|共|再|实际|如期|初步|正式|启动|开始(?!施)|组织|各|"
    r"实现|完成|达到|建成|开展|举办|召开|印发|出台|制定|发布|公布|报送|上报|提交|形成|建立|建设|开工|竣工|投用|投产|投入|交付|"
    r"验收|实施|推出|落实|落地|新增|新建|培育|打造|编制|上线|通过|取得|开通|通车|运行|试运行|评选|召集|办结|整改|申报|接受|"
    r"下达|拨付|兑现|突破|超过|提高|增长|降低|下降|推进|推动|见效|到位|销号|清零|总结|开发|成立|设立|进行|做好|不低于|不少于|"
    r"提前|争创|创建|发放|支付|收官|见成效|结束|分别|对(?!外))"
)
_YEAR_ACT = re.compile(r"(?:力争|确保|实现|完成|达到|建成|(?:全面|基本|全部)(?:实现|建成|完成))")
# A day with no 前 is when something is to be ready, not when something happens (5月1日放假).
_DAY_ACT = re.compile(r"(?:正式|全部|全面|如期)?(?:投入|投用|开通|通车|竣工|完工|建成|上线|启用|完成|报送|上报)")
AIMED = re.compile(r"(?:(?<!年)到|力争在?|争取|确保|(?<![\d年月日])至)$")
# 截至… reports, 自…起 begins, 延长至… says how long a policy lasts, 2021-… and …至 are periods.
_NOT_DUE_BEFORE = re.compile(
    r"(?:截至|截止到?|截止至|自|从|早于|晚于|始于|距|较|(?:对|凡)[在于]?|"
    r"(?:延长|延续|延期|顺延|执行|实施|施行|有效|适用|试行|存续|缓缴|保留|享受)期?(?:限)?[到至为]"
    r"|[\d年月日][—–\-~至到](?:当年|本年)?|有效期(?:限|至)?|执行期)(?:目前)?$"
)
_NOT_DUE_AFTER = re.compile(
    r"(?:以来|以后|之后|后(?!续)|起(?!草|步|到|用|航)|开始(?:施行|实施|执行)|以前的|[度份]?(?:已|曾|以来)|[—–\-~]\d|至(?!少)|到\d|"
    r"同期|同比|公历|印发|为?(?:基数|基年|基期)|(?:[^,。;\n]{0,4}?(?:完成|实现|建成|达到|举办|召开|印发|出台)了)|出生|初(?!步)|版|出台的|施行|的(?:基础|水平))"
)
_WHO_QUALIFIES = re.compile(
    r"[^,。;\n]{0,8}(?:毕业|入职|取得|登记|注册|成立|出生|签订|参保|缴纳|到期|发放|认定|建成|退役|返乡|纳入|入库|立项|批准|"
    r"购买|购置|首次)[^,。;\n、]{0,12}的[^,。;\n]"
)
_LABEL = re.compile(
    r"(?:时限|期限|时间(?:节点|要求|安排)?|节点|进度(?:安排|要求)|(?:办理|办结|完成)要求)(?:要求)?[:为]$"
)
_LEAD_IN = re.compile(r"(?:到|至|力争(?:到|至|在|于)?|争取(?:到|在|于)?|确保(?:到|在|于)?|在|于|预计|计划)$")
_JOIN = re.compile(r"(?:[、,]|和|及|以及|与|、并于|和于)(?:于|在)?")
_CELL_EDGE = frozenset("\n\t()|")
_UNIT_END = frozenset("局厅委办府部院心团司镇乡道处无县市区位社会队所行校")  # the cell in front names a department
_EVERY = re.compile(r"每年(?:的|于|在|应|要|须|度)*$")


@dataclass(frozen=True)
class Due:
    """A calendar word that is a due date."""

    word: CalendarWord
    start: int  # of 到 or 力争到 in front
    rule: str
    yearly: bool


def due_words(text: str, year: int | None) -> list[Due]:
    """The calendar words that are due dates; words joined by 、 or 和 share the verb, the year and 每年."""
    due: list[Due] = []
    for group in _joined(text, [word for word in calendar_words(text) if not _in_title(text, word)]):
        rule = _rule_of_cell(text, group) or next((rule for word in group if (rule := _rule(text, word))), None)
        if rule is None or any(_disqualified(text, word, word is group[-1]) for word in group):
            continue
        if rule != "labelled" and _bygone(text, group[0], year):
            continue
        before = text[max(0, group[0].start - _LOOK) : group[0].start]
        yearly = bool(_EVERY.search(before))
        known = _year_before(text, group[0], due)
        for word in group:
            known = word.year if word.year is not None else known
            settled = word if known is None or word.offset is not None else word.with_year(known)
            due.append(Due(settled, _with_lead_in(text, word.start), rule, yearly))
    return due


def _joined(text: str, words: list[CalendarWord]) -> list[list[CalendarWord]]:
    groups: list[list[CalendarWord]] = []
    for word in words:
        between = text[groups[-1][-1].end : word.start] if groups else ""
        if groups and _JOIN.fullmatch(between) and not (groups[-1][-1].edge and "," in between):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _in_title(text: str, word: CalendarWord) -> bool:
    """Inside 《…》 or 〔…〕, where a date belongs to a name."""
    before = text[max(0, word.start - 60) : word.start]
    return max(before.rfind("《"), before.rfind("〔")) > max(before.rfind("》"), before.rfind("〕"))


def _bygone(text: str, word: CalendarWord, year: int | None) -> bool:
    """A year before the plan's own is a scope or an as-of date, unless aimed at (到2023年) or a limit (2023年底前)."""
    if year is None or word.year is None or word.year >= year or word.edge:
        return False
    return not AIMED.search(text[max(0, word.start - 4) : word.start])


def _year_before(text: str, word: CalendarWord, due: list[Due]) -> int | None:
    """A month without a year takes the year of the deadline before it in the same sentence."""
    if word.year is not None or not due or due[-1].yearly or due[-1].word.kind == "year":
        return None
    lower = due[-1].word.end
    if word.start - lower > 200 or any(stop in text[lower : word.start] for stop in "。\n"):
        return None
    return due[-1].word.year


def _with_lead_in(text: str, start: int) -> int:
    found = _LEAD_IN.search(text, max(0, start - 4), start)
    return found.start() if found else start


def _disqualified(text: str, word: CalendarWord, last: bool) -> bool:
    before, after = _around(text, word)
    if _NOT_DUE_BEFORE.search(before) or _NOT_DUE_AFTER.match(after):
        return True
    return last and bool(_WHO_QUALIFIES.match(after))


def _around(text: str, word: CalendarWord) -> tuple[str, str]:
    return text[max(0, word.start - _LOOK) : word.start], text[word.end : word.end + _LOOK]


def _rule_of_cell(text: str, group: list[CalendarWord]) -> str | None:
    before, after = _around(text, group[0])[0], _around(text, group[-1])[1]
    return "labelled" if _LABEL.search(before) or _fills_cell(before, after, group[-1]) else None


def _rule(text: str, word: CalendarWord) -> str | None:
    """What makes the word a due date, or None: its own 前 or 底, a lead-in, a verb behind it."""
    before, after = _around(text, word)
    if word.edge:
        return "before"
    if word.kind in ("part", "quarter_end", "end"):
        return "end-of-period"
    if word.kind == "day":
        return "on-day" if _DAY_ACT.match(after) else None
    if word.kind == "year":
        return "by-year" if AIMED.search(before) or (word.year and _YEAR_ACT.match(after)) else None
    return "in-period" if AIMED.search(before) or STARTS_ACT.match(after) else None


def _fills_cell(before: str, after: str, word: CalendarWord) -> bool:
    """The words fill a table cell, a line or a pair of brackets, or a month with its year ends a row."""
    closes = not after or after[0] in _CELL_EDGE or (after[0] in "。;" and after[1:2] in ("", "\n", "\t", "|"))
    if not closes:
        return False
    if word.kind == "month" and word.year is not None and before[-1:] != "(" and after[:1] != ")":
        return True
    if word.kind in ("month", "quarter", "half") and before[-1:] in _UNIT_END and after[:1] in ("", "\n", "\t", "|"):
        return True
    if word.kind == "day" and before[-1:] == "\n":  # a date on a line of its own is a signature's
        return False
    return (not before or before[-1] in _CELL_EDGE) and not (before[-1:] == "(" and word.kind in ("year", "day"))
