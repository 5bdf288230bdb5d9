"""Work that comes back or runs from an event: 每季度, 按月, 一月一调度, 10个工作日内."""

from __future__ import annotations

import re

from documents.draft import Deadline, Span
from documents.parsing.numerals import CHINESE, number

_LOOK = 24

_RECURRENCE = re.compile(
    r"(?:每(?P<count>两|半|一)?(?:个)?|按|逐)(?P<period>季度|季|月度?|周|星期|年度?|日|天)(?!均|龄|子|轮|产|薪|租)"
    r"|(?P<chant>(?:一(?P<chant_period>月|季度?|周|年|日)|(?P<half>半年))一(?=[^名个次年\d,。;]))"
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
# 每人每月300元 and 每年补助5万元 are rates, 按月计算 is a way to count.
_RATE_BEFORE = re.compile(r"(?:每[人户名生位家亩车床]|人均|户均|按照?|标准|连续|累计|服务|工作)[^,。;\n]{0,2}$")
_RATE_AFTER = re.compile(
    r"[^,。;\n]{0,4}?(?:\d[\d.]*万?元|补助|补贴|给予|奖励|标准|最高|不超过|工资|租金|递增|小时|以上的)|[份龄]|计[征算发]|[^,。;\n]{0,3}?发放"
)
_YEARLY_DATE = re.compile(
    r"(?:的|于|在|应|要)*(?:1?\d月|[一二三四五六七八九十]{1,2}月|年?[底末]|[上下]半年|第?[一二三四]季度)"
)
_YEARLY_ACT = re.compile(
    r"[^,。;\n]{0,8}?(?:至少|开展|组织|举办|召开|评|报|公布|发布|完成|检查|考核|评估|调整|更新|新增|新建|培育|培训|"
    r"建设|选派|遴选|制定|编制|总结|安排部署|通报|不少于|实施)"
)
_DAILY_ACT = re.compile(r"[^,。;\n]{0,4}(?:报|调度|监测)")

_WITHIN = re.compile(
    rf"(?<![\d.第])(?P<count>\d{{1,3}}|{CHINESE})(?P<unit>个?工作日|天|日|个月|周)(?:之内|以内|内)(?![容部外])"
)
_WITHIN_UNITS = {"个工作日": "d", "工作日": "d", "天": "d", "日": "d", "个月": "m", "周": "w"}
_FROM = re.compile(r"(?:自|从|在)?([^,。;\n、:()]{2,20}?)(?:之日起|当日起|之日|起|之?后|以后),?(?:的|在)?$")
# 入职6个月内的, 3个月内未缴费的, 1个月内有效: who or how long, not by when.
_STATE = re.compile(r"(?:的|有效|免|未[^,。;\n]{0,10}的|[^,。;\n]{0,3}(?:免费|免息))")
_SHORTENED = re.compile(r"(?:压缩|缩短|压减|缩减|控制|减少|提速)(?:[^,。;\n]{0,12}(?:到|至|在|为))?$")


def recurring(text: str) -> list[Deadline]:
    """每月, 每季度, 按季度 and the like where they say how often something is to be done."""
    deadlines = []
    for found in _RECURRENCE.finditer(text):
        frequency = _FREQUENCIES[(found["period"] or found["chant_period"] or "年")[0]]
        if not _is_duty(found, text, frequency):
            continue
        if found["count"] == "半" or found["half"]:
            frequency = "halfyearly"
        at = Span(found.start(), found.end())
        deadlines.append(Deadline(found.group(), at, "recurring", recurrence={"freq": frequency}))
    return deadlines


def _is_duty(found: re.Match[str], text: str, frequency: str) -> bool:
    if found["chant"]:
        return True
    if found["count"] == "两" or (found["count"] == "半" and frequency != "yearly"):
        return False
    before = text[max(0, found.start() - 8) : found.start()]
    after = text[found.end() : found.end() + _LOOK]
    if _RATE_BEFORE.search(before) or _RATE_AFTER.match(after):
        return False
    if frequency == "yearly" and found["count"] != "半":
        return not _YEARLY_DATE.match(after) and bool(_YEARLY_ACT.match(after))
    return frequency != "daily" or bool(_DAILY_ACT.match(after))


def within(text: str) -> list[Deadline]:
    """Terms counted from an event; working days say so under `days`."""
    deadlines = []
    for found in _WITHIN.finditer(text):
        value = number(found["count"])
        before = text[max(0, found.start() - _LOOK) : found.start()]
        after = text[found.end() : found.end() + _LOOK]
        if value is None or _SHORTENED.search(before) or _STATE.match(after):
            continue
        recurrence = {"within": f"{int(value)}{_WITHIN_UNITS[found['unit']]}"}
        if found["unit"].endswith("工作日"):
            recurrence["days"] = "working"
        origin = _FROM.search(before)
        if origin:
            recurrence["from"] = origin.group(1)
        deadlines.append(Deadline(found.group(), Span(found.start(), found.end()), "within", recurrence=recurrence))
    return deadlines
