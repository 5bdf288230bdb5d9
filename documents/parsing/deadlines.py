"""Which dates of an item are deadlines: 6月底前, 到2025年, 2024年6月 in a table cell, and not 2016年以来."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.draft import Deadline, Span
from documents.parsing.dates import CalendarWord, calendar_words
from documents.parsing.recurrences import recurring, within

_LOOK = 24  # how far to either side the words that decide are looked for

# A period with one of these right behind it (9月达到75%, 上半年完成) is when something is due.
_STARTS_ACT = re.compile(
    r"[,、:]?(?:力争|争取|确保|基本|全面|全部|完全|累计|要|须|应|需|前|将|率先|共|再|实际|如期|初步|正式|启动|开始(?!施)|组织|各|"
    r"实现|完成|达到|建成|开展|举办|召开|印发|出台|制定|发布|公布|报送|上报|提交|形成|建立|建设|开工|竣工|投用|投产|投入|交付|"
    r"验收|实施|推出|落实|落地|新增|新建|培育|打造|编制|上线|通过|取得|开通|通车|运行|试运行|评选|召集|办结|整改|申报|接受|"
    r"下达|拨付|兑现|突破|超过|提高|增长|降低|下降|推进|推动|见效|到位|销号|清零|总结|开发|成立|设立|进行|做好|不低于|不少于|"
    r"提前|争创|创建|发放|支付|收官|见成效|结束|分别|对(?!外))"
)
_YEAR_ACT = re.compile(r"(?:力争|确保|实现|完成|达到|建成|(?:全面|基本|全部)(?:实现|建成|完成))")
# A day with no 前 is when something is to be ready, not when something happens (5月1日放假).
_DAY_ACT = re.compile(r"(?:正式|全部|全面|如期)?(?:投入|投用|开通|通车|竣工|完工|建成|上线|启用|完成|报送|上报)")
_AIMED = re.compile(r"(?:(?<!年)到|力争在?|争取|确保|(?<![\d年月日])至)$")
# 截至… reports, 自…起 begins, 延长至… says how long a policy lasts, 2021-… and …至 are periods.
_NOT_DUE_BEFORE = re.compile(
    r"(?:截至|截止到?|截止至|自|从|早于|晚于|始于|距|较|(?:对|凡)[在于]?|"
    r"(?:延长|延续|延期|顺延|执行|实施|施行|有效|适用|试行|存续|缓缴|保留|享受)期?(?:限)?[到至为]"
    r"|[\d年月日][—–\-~至到](?:当年|本年)?|有效期(?:限|至)?|执行期)(?:目前)?$"
)
_NOT_DUE_AFTER = re.compile(
    r"(?:以来|以后|之后|后(?!续)|起(?!草|步|到|用|航)|开始(?:施行|实施|执行)|以前的|[度份]?(?:已|曾|以来)|[—–\-~]\d|至(?!少)|到\d|"
    r"同期|同比|公历|印发|为?(?:基数|基年|基期)|出生|初(?!步)|版|出台的|施行|的(?:基础|水平))"
)
_WHO_QUALIFIES = re.compile(
    r"[^,。;\n]{0,8}(?:毕业|入职|取得|登记|注册|成立|出生|签订|参保|缴纳|到期|发放|认定|建成|退役|返乡|纳入|入库|立项|批准|"
    r"购买|购置|首次)[^,。;\n、]{0,12}的[^,。;\n]"
)
_LABEL = re.compile(r"(?:时限|期限|时间(?:节点|要求|安排)?|节点|进度安排)(?:要求)?[:为]$")
_LEAD_IN = re.compile(r"(?:到|至|力争(?:到|至|在|于)?|争取(?:到|在|于)?|确保(?:到|在|于)?|在|于|预计|计划)$")
_JOIN = re.compile(r"(?:[、,]|和|及|以及|与|、并于|和于)(?:于|在)?")
_CELL_EDGE = frozenset("\n\t()|")
_UNIT_END = frozenset("局厅委办府部院心团司镇乡道处无县市区位社会队所行校")  # the cell in front names a department
_EVERY = re.compile(r"每年(?:的|于|在|应|要|须|度)*$")

_SEASON = re.compile(
    r"(?:(?:20\d\d年)?(?:春节|元旦|清明|五一|端午|中秋|国庆|主?汛期?|雨季|春耕|秋冬?种|秋季开学|春季开学|开学|入冬|入汛|供暖季?|采暖季)"
    r"(?:节|来临|到来|开始)?(?:之前|以前|前(?![期段置述往来夕后])))"
)
_WHOLE_YEAR = re.compile(r"(?:^|(?<=[\n\t(|])|(?<=[时期]限:)|(?<=时间:))全年(?=$|[\n\t)|。;])")
_NUMERIC = re.compile(
    r"(?:^|(?<=[\n\t(|])|(?<=[时期]限:)|(?<=时间:))(?P<year>20\d\d)[./-](?P<month>1[0-2]|0?[1-9])"
    r"(?:[./-](?P<day>3[01]|[12]\d|0?[1-9])(?:00:00(?::00)?)?)?(?:之前|前)?(?=$|[\n\t)|。;])"
)
_PLAN_PERIOD = re.compile(r"[“\"]?十(?P<n>[三四五六])五[”\"]?(?:时?期)?(?:规划)?(?P<end>期?末|期间|时期)")
_PLAN_PERIOD_END = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}


@dataclass(frozen=True)
class _Due:
    """A calendar word that is a due date."""

    word: CalendarWord
    start: int  # of 到 or 力争到 in front
    rule: str
    yearly: bool


def deadlines_in(text: str, *, year: int | None) -> list[Deadline]:
    """The deadlines of one item in order; a date whose year nobody states is left to `undated_in`."""
    found = [*_dated(text, year), *_cells(text, year), *_plan_periods(text), *recurring(text), *within(text)]
    return sorted(found, key=lambda deadline: (deadline.at.start, deadline.at.end))


def undated_in(text: str) -> list[Span]:
    """Deadlines no day can be given for: they need a year the text does not state (7月底前), or a season (春节前)."""
    spans = [
        Span(due.start, due.word.end)
        for due in _due_words(text, None)
        if not due.yearly and due.word.iso(None) is None and due.word.iso(2024) is not None
    ]
    return sorted([*spans, *(Span(*found.span()) for found in _SEASON.finditer(text))], key=lambda span: span.start)


def _dated(text: str, year: int | None) -> Iterator[Deadline]:
    for due in _due_words(text, year):
        day = due.word.iso(2023 if due.yearly else year)  # 每年2月底 is 02-28
        if day is None:
            continue
        at = Span(due.start, due.word.end)
        words = text[at.start : at.end]
        if due.yearly:
            yield Deadline(words, at, "yearly-on", recurrence={"freq": "yearly", "on": day[5:]})
        else:
            yield Deadline(words, at, due.rule, date=day)


def _due_words(text: str, year: int | None) -> list[_Due]:
    """The calendar words that are due dates; words joined by 、 or 和 share the verb, the year and 每年."""
    due: list[_Due] = []
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
            due.append(_Due(settled, _with_lead_in(text, word.start), rule, yearly))
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
    """A year before the plan's own is a scope or an as-of date, unless it is aimed at (到2023年)."""
    if year is None or word.year is None or word.year >= year:
        return False
    return not _AIMED.search(text[max(0, word.start - 4) : word.start])


def _year_before(text: str, word: CalendarWord, due: list[_Due]) -> int | None:
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
        return "by-year" if _AIMED.search(before) or (word.year and _YEAR_ACT.match(after)) else None
    return "in-period" if _AIMED.search(before) or _STARTS_ACT.match(after) else None


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


def _cells(text: str, year: int | None) -> Iterator[Deadline]:
    """What only a table's deadline column writes: 全年, 2024.12, 2024-06-30."""
    for found in _WHOLE_YEAR.finditer(text):
        if year is not None:
            yield Deadline(found.group(), Span(*found.span()), "labelled", date=f"{year:04d}-12-31")
    for found in _NUMERIC.finditer(text):
        month, day = int(found["month"]), int(found["day"]) if found["day"] else None
        word = CalendarWord(*found.span(), int(found["year"]), None, month, day, "day", True)
        date = word.iso(year)
        if date is not None:
            yield Deadline(found.group(), Span(*found.span()), "labelled", date=date)


def _plan_periods(text: str) -> Iterator[Deadline]:
    """“十四五”末 always; “十四五”期间 only where something is aimed at."""
    for found in _PLAN_PERIOD.finditer(text):
        before = text[max(0, found.start() - 4) : found.start()]
        after = text[found.end() : found.end() + 8]
        if found["end"].endswith("末") or _AIMED.search(before) or _STARTS_ACT.match(after):
            day = f"{_PLAN_PERIOD_END[found['n']]}-12-31"
            yield Deadline(found.group(), Span(*found.span()), "plan-period", date=day)
