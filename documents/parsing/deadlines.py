"""Which dates of an item are deadlines: 6月底前, 到2025年, 每季度, 10个工作日内, and not 2016年以来 or 3年以上."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.draft import Deadline, Span
from documents.parsing.dates import CalendarWord, calendar_words
from documents.parsing.numerals import CHINESE, number

_LOOK = 24  # how far to either side the words that decide are looked for

_ACT = (
    r"(?:力争|争取|确保|基本|全面|全部|完全|累计|要|须|应|需|前|将|率先|共|再|实际|如期|初步|正式|启动|开始|组织|各|实现|完成|达到|建成|"
    r"开展|举办|召开|印发|出台|制定|发布|公布|报送|上报|提交|形成|建立|建设|开工|竣工|投用|投产|投入|交付|验收|实施|推出|落实|落地|"
    r"新增|新建|培育|打造|编制|上线|通过|取得|开通|通车|运行|试运行|评选|召集|办结|整改|申报|接受|下达|拨付|兑现|突破|超过|提高|增长|"
    r"降低|下降|推进|推动|见效|到位|销号|清零|总结|开发|成立|设立|进行|做好|不低于|不少于|提前|争创|创建|发放|支付|收官|见成效|结束)"
)
_STARTS_ACT = re.compile(rf"[,、:]?{_ACT}")
_ACT_SOON = re.compile(rf"[^,。;、:\n()]{{0,16}}?(?:{_ACT}|工作)")
# 截至… reports, 自…起 begins, 延长至… says how long a policy lasts, 2021-… and …至 are periods.
_NOT_DUE_BEFORE = re.compile(
    r"(?:截至|截止到?|截止至|自|从|早于|晚于|始于|距|(?:延长|延续|延期|顺延|执行|实施|施行|有效|适用|试行|存续|缓缴|保留|享受)期?(?:限)?[到至为]"
    r"|[\d年月日][—–\-~至到](?:当年|本年)?|有效期(?:限|至)?|执行期)(?:目前)?$"
)
_NOT_DUE_AFTER = re.compile(
    r"(?:以来|以后|之后|后(?!续)|起(?!草|步|到|用|航)|开始(?:施行|实施|执行)|以前(?:的|已)|[度份]?(?:已|曾|以来)|[—–\-~]\d|至(?!少)|到\d|同期|同比|公历|印发"
    r"|为?(?:基数|基年|基期)|出生|初(?!步)|版|出台的|施行|的(?:基础|水平))"
)
_WHO_QUALIFIES = re.compile(
    r"(?:[^,。;\n]{0,8})(?:毕业|入职|取得|登记|注册|成立|出生|签订|参保|缴纳|到期|发放|认定|建成|退役|返乡|纳入|入库|立项|批准|购买|购置|首次)"
    r"[^,。;\n、]{0,12}的[^,。;\n]"
)
_LABEL = re.compile(r"(?:时限|期限|时间(?:节点|要求|安排)?|节点|进度安排|目标时间)(?:要求)?[:为]?$")
_LEAD_IN = re.compile(r"(?:到|至|力争(?:到|至|在|于)?|争取(?:到|在|于)?|确保(?:到|在|于)?|在|于|预计|计划)$")
_JOIN = re.compile(r"(?:[、,]|和|及|以及|与|、并于|和于)(?:于|在)?")
_CELL_EDGE = frozenset("\n\t()")
_EVERY = re.compile(r"每年(?:的|于|在|应|要|应于|须于|度)?(?:的|于|在)?$")

_RECURRENCE = re.compile(
    r"(?:每(?P<count>两|半|一)?(?:个)?|按|逐)(?P<period>季度|季|月度?|周|星期|年度?|日|天)(?!度末?余|均|龄|子|轮|产|薪|租)"
    r"|(?P<chant>一(?P<chant_period>月|季度?|周|年|日)一(?=[^名个次年\d,。;]))"
)
_FREQUENCIES = {
    "季": "quarterly",
    "月": "monthly",
    "周": "weekly",
    "星": "weekly",
    "年": "yearly",
    "日": "daily",
    "天": "daily",
}
# 每人每月300元 and 每年补助5万元 are standards, 每月10日起 a beginning.
_RATE_BEFORE = re.compile(r"(?:每[人户名生位家亩车床]|人均|户均|按照?|标准|连续|累计|服务|工作)[^,。;\n]{0,2}$")
_RATE_AFTER = re.compile(
    r"[^,。;\n]{0,4}?(?:\d[\d.]*万?元|补助|补贴|给予|奖励|标准|最高|不超过|工资|租金|递增|小时|以上的)"
)
_YEARLY_ACT = re.compile(
    r"[^,。;\n]{0,8}?(?:至少|开展|组织|举办|召开|评|报|公布|发布|完成|检查|考核|评估|调整|更新|新增|新建|培育|培训|建设|选派|遴选|制定|编制|总结|安排部署|通报|不少于|实施)"
)

_WITHIN = re.compile(
    rf"(?<![\d.第])(?P<count>\d{{1,3}}|{CHINESE})(?P<unit>个?工作日|天|日|个月|周)(?:之内|以内|内)(?![容部外])"
)
_WITHIN_UNITS = {"个工作日": "wd", "工作日": "wd", "天": "d", "日": "d", "个月": "m", "周": "w"}
_FROM = re.compile(
    r"(?:自|从|收到|接到|接|在)?([^,。;\n、:()]{1,20}?)(?:之日起|当日起|之日|起|之?后|以后)?[,]?(?:的|在)?$"
)
_WITHIN_STATES = re.compile(r"(?:的|有效|免|未[^,。;\n]{0,10}的|[^,。;\n]{0,3}(?:免费|免息))")
_SHORTENED = re.compile(r"(?:压缩|缩短|压减|缩减|控制|减少|提速)(?:到|至|在|为)?$")

_PLAN_PERIOD = re.compile(r"[“\"]?十(?P<n>[三四五六])五[”\"]?(?:时?期)?(?:规划)?(?P<end>期?末|期间|时期)")
_PLAN_PERIOD_END = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}


@dataclass(frozen=True)
class _Dated:
    """A calendar word with what its surroundings make of it."""

    word: CalendarWord
    start: int  # with 到, 力争到 in front
    rule: str
    yearly: bool


def deadlines_in(text: str, *, year: int | None) -> list[Deadline]:
    """The deadlines of one item in order; a date whose year nobody states is left to `undated_in`."""
    found = [*_dated(text, year), *_recurring(text), *_within(text), *_plan_periods(text)]
    return sorted(found, key=lambda deadline: (deadline.at.start, deadline.at.end))


def undated_in(text: str) -> list[Span]:
    """Deadlines that need a year the text does not give (7月底前)."""
    return [
        Span(dated.start, dated.word.end)
        for dated in _due_words(text)
        if not dated.yearly and dated.word.iso(None) is None and dated.word.iso(2024) is not None
    ]


def _dated(text: str, year: int | None) -> list[Deadline]:
    deadlines = []
    for dated in _due_words(text):
        day = dated.word.iso(2024 if dated.yearly else year)  # a leap year, so that 2月底 is kept as 02-29
        if day is None:
            continue
        at = Span(dated.start, dated.word.end)
        words = text[at.start : at.end]
        if dated.yearly:
            on = {"freq": "yearly", "on": "02-28" if day[5:] == "02-29" else day[5:]}
            deadlines.append(Deadline(words, at, "yearly-on", recurrence=on))
        else:
            deadlines.append(Deadline(words, at, dated.rule, date=day))
    return deadlines


def _due_words(text: str) -> list[_Dated]:
    """The calendar words that are due dates; words joined by 、 or 和 share the verb, the year and 每年."""
    due: list[_Dated] = []
    for group in _joined(text, [word for word in calendar_words(text) if not _in_title(text, word)]):
        rule = next((rule for rule in (_rule(text, word, group) for word in group) if rule), None)
        if rule is None or any(_disqualified(text, word, group) for word in group):
            continue
        yearly = bool(_EVERY.search(text[max(0, group[0].start - _LOOK) : group[0].start]))
        known = _year_of(text, group[0], due)
        for word in group:
            known = word.year if word.year is not None else known
            settled = (
                word if word.year is not None or word.offset is not None or known is None else word.with_year(known)
            )
            due.append(_Dated(settled, _with_lead_in(text, word.start), rule, yearly))
    return due


def _joined(text: str, words: list[CalendarWord]) -> list[list[CalendarWord]]:
    groups: list[list[CalendarWord]] = []
    for word in words:
        between = text[groups[-1][-1].end : word.start] if groups else ""
        if groups and len(between) <= 4 and _JOIN.fullmatch(between) and word.year in (None, word.year):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _in_title(text: str, word: CalendarWord) -> bool:
    """Inside 《…》 or 〔…〕, where a date belongs to a name."""
    before = text[max(0, word.start - 60) : word.start]
    return max(before.rfind("《"), before.rfind("〔")) > max(before.rfind("》"), before.rfind("〕"))


def _year_of(text: str, word: CalendarWord, due: list[_Dated]) -> int | None:
    """A month without a year takes the year of the deadline before it in the same sentence."""
    if word.year is not None or not due or due[-1].word.year is None or due[-1].word.kind == "year":
        return None
    gap = text[due[-1].word.end : word.start]
    return None if len(gap) > 400 or "。" in gap or "\n" in gap else due[-1].word.year


def _with_lead_in(text: str, start: int) -> int:
    found = _LEAD_IN.search(text, max(0, start - 4), start)
    return found.start() if found else start


def _disqualified(text: str, word: CalendarWord, group: list[CalendarWord]) -> bool:
    before, after = _around(text, word)
    if _NOT_DUE_BEFORE.search(before) or _NOT_DUE_AFTER.match(after):
        return True
    return word is group[-1] and bool(_WHO_QUALIFIES.match(after))


def _around(text: str, word: CalendarWord) -> tuple[str, str]:
    return text[max(0, word.start - _LOOK) : word.start], text[word.end : word.end + _LOOK]


def _rule(text: str, word: CalendarWord, group: list[CalendarWord]) -> str | None:
    """What makes the word a due date, or None: its own 前 or 底, a label, a lead-in, a verb behind it."""
    before, after = _around(text, word)
    if _LABEL.search(before) or _whole_cell(before, after, word):
        return "labelled"
    if word.edge:
        return "before"
    if word.kind in ("part", "quarter_end", "end"):
        return "end-of-period"
    if word.kind == "day":
        return None
    if word.kind == "year":
        led = re.search(r"(?:到|力争|争取|确保|(?<![\d年])至|力争在)$", before)
        return "by-year" if led or (word.year and re.match(_YEAR_ACT, after)) else None
    if re.search(r"(?:到|力争|争取|确保)$", before) or _STARTS_ACT.match(after):
        return "in-period"
    return None


_YEAR_ACT = r"(?:力争|确保|实现|完成|达到|建成|全面完成|基本(?:实现|建成|完成)|全面(?:实现|建成))"


def _whole_cell(before: str, after: str, word: CalendarWord) -> bool:
    """The word fills a table cell, a line or a pair of brackets."""
    opens = not before or before[-1] in _CELL_EDGE
    closes = not after or after[0] in _CELL_EDGE or (after[0] in "。;" and after[1:2] in ("", "\n", "\t"))
    return opens and closes and not (before[-1:] == "(" and word.kind in ("year", "day"))


def _recurring(text: str) -> list[Deadline]:
    deadlines = []
    for found in _RECURRENCE.finditer(text):
        before = text[max(0, found.start() - 8) : found.start()]
        after = text[found.end() : found.end() + _LOOK]
        frequency = _FREQUENCIES[(found["period"] or found["chant_period"])[0]]
        if not _is_duty(found, before, after, frequency):
            continue
        at = Span(found.start(), found.end())
        if found["count"] == "半":
            for on in ("06-30", "12-31"):
                deadlines.append(Deadline(found.group(), at, "half-yearly", recurrence={"freq": "yearly", "on": on}))
        else:
            deadlines.append(Deadline(found.group(), at, "recurring", recurrence={"freq": frequency}))
    return deadlines


def _is_duty(found: re.Match[str], before: str, after: str, frequency: str) -> bool:
    if found["chant"]:
        return True
    if found["count"] == "两" or (found["count"] == "半" and frequency != "yearly"):
        return False
    if _RATE_BEFORE.search(before) or _RATE_AFTER.match(after):
        return False
    if frequency == "yearly" and found["count"] != "半":
        return not re.match(r"(?:的|于|在)?(?:1?\d月|年底|年末|上半年)", after) and bool(_YEARLY_ACT.match(after))
    if frequency == "daily":
        return bool(re.match(r"[^,。;\n]{0,4}(?:报|通报|调度|零报告|监测)", after))
    return not found.group().startswith("按") or bool(re.match(r"(?!份|龄|计[征算])", after))


def _within(text: str) -> list[Deadline]:
    deadlines = []
    for found in _WITHIN.finditer(text):
        value = number(found["count"])
        before = text[max(0, found.start() - _LOOK) : found.start()]
        after = text[found.end() : found.end() + _LOOK]
        if value is None or _SHORTENED.search(before) or _WITHIN_STATES.match(after):
            continue
        recurrence = {"within": f"{int(value)}{_WITHIN_UNITS[found['unit']]}"}
        origin = _FROM.search(before)
        if origin and len(origin.group(1)) > 1:
            recurrence["from"] = origin.group(1)
        deadlines.append(Deadline(found.group(), Span(found.start(), found.end()), "within", recurrence=recurrence))
    return deadlines


def _plan_periods(text: str) -> list[Deadline]:
    """“十四五”末 always; “十四五”期间 only where something is aimed at."""
    deadlines = []
    for found in _PLAN_PERIOD.finditer(text):
        before = text[max(0, found.start() - 4) : found.start()]
        aimed = re.search(r"(?:力争|确保|到)(?:在)?$", before) or _STARTS_ACT.match(text[found.end() : found.end() + 8])
        if not found["end"].endswith("末") and not aimed:
            continue
        day = f"{_PLAN_PERIOD_END[found['n']]}-12-31"
        deadlines.append(Deadline(found.group(), Span(found.start(), found.end()), "plan-period", date=day))
    return deadlines
