"""Numbers in front of paragraphs: 第一章, 一、, （一）, 1., (1), ①, ——."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
NUMERAL = "一二三四五六七八九十百零〇"
# The order in which offices nest them; a smaller rank stands above a larger one.
PART, CHAPTER, SECTION, ARTICLE, PLAIN, BRACKETED, FIGURE, BRACKETED_FIGURE, CIRCLED, BULLET = range(10)
NAMED_RANK = {"部": PART, "编": PART, "篇": PART, "章": CHAPTER, "节": SECTION, "条": ARTICLE}
MARK = re.compile(
    rf"(?P<named>第[{NUMERAL}\d]{{1,5}}(?:部分|[编篇章节条]))(?![约款中第、,]|例的)[、.:]?"
    rf"|(?P<plain>[{NUMERAL}]{{1,5}})[、.](?![{NUMERAL}]{{1,4}}、)"
    rf"|(?P<bracketed>[(〔【][{NUMERAL}]{{1,5}}[)〕】])[、.]?"
    r"|(?P<figure>\d{1,3})(?:[.、](?!\d)|[.、](?=20\d\d年))"
    r"|(?P<inner>\(\d{1,3}\)|【\d{1,3}】|\d{1,3}\))[、.]?"
    r"|(?P<circled>[\u2460-\u2473\u3251-\u325f])[、.]?"
    r"|(?P<bullet>[—–]{2,3}|[—–](?!\d)|[•●◆■▪◇★▶➢])(?![—–])"
)
RANK = {
    "plain": PLAIN,
    "bracketed": BRACKETED,
    "figure": FIGURE,
    "inner": BRACKETED_FIGURE,
    "circled": CIRCLED,
    "bullet": BULLET,
}


@dataclass(frozen=True)
class Mark:
    """`start`–`end` is the number itself, `after` where the text begins; `value` is 0 for a bullet."""

    rank: int
    start: int
    end: int
    after: int
    value: int


def mark_at(text: str, at: int = 0) -> Mark | None:
    match = MARK.match(text, at)
    if not match:
        return None
    kind = match.lastgroup or ""
    start, end = match.span(kind)
    number = text[start:end]
    rank = NAMED_RANK[next(char for char in number if char in NAMED_RANK)] if kind == "named" else RANK[kind]
    return Mark(rank, start, end, match.end(), 0 if kind == "bullet" else value_of(number))


TIGHT = re.compile(r"(?P<figure>\d{1,3})[.、](?=\d)")


# 「1优化…」, and not 「1个…」 or 「6月…」.
BARE = re.compile(
    r"(?P<figure>\d{1,2})(?=[\u4e00-\u9fff“])(?![年月日号时分秒个项名人元万亿千百家户所座处条件次类批期天周岁级届位套台辆亩公米吨平倍份场支张起余多至到]"
    r"|季度|小时|以上)"
)


def bare_at(text: str, value: int) -> Mark | None:
    """A figure with no stop behind it, where it is the one that comes next."""
    match = BARE.match(text)
    if not match or int(match["figure"]) != value:
        return None
    return Mark(FIGURE, match.start("figure"), match.end("figure"), match.end(), value)


def expected_at(text: str, value: int, *, bare: bool = False) -> Mark | None:
    """「5.3月底前…」: a figure before another is a number where it is the one that comes next."""
    if bare:
        return bare_at(text, value)
    match = TIGHT.match(text)
    if (
        not match
        or int(match["figure"]) != value
        or re.match(r"\d+(?:[.\d]*$|%|倍|亿|万|个百分点)", text[match.end() :])
    ):
        return None
    return Mark(FIGURE, match.start("figure"), match.end("figure"), match.end(), value)


def value_of(number: str) -> int:
    """第十二条, （十二）, 12. and ⑫ are all 12; what is no number is 0."""
    if number and "\u2460" <= number[0] <= "\u2473":
        return ord(number[0]) - 0x245F
    figures = "".join(char for char in number if char.isdecimal())
    if figures:
        return int(figures)
    return chinese_value("".join(char for char in number if char in NUMERAL))


def chinese_value(numeral: str) -> int:
    """Up to 999, or figures in a row as in 二〇二四."""
    if not any(char in "十百" for char in numeral):
        value = 0
        for char in numeral:
            value = value * 10 + DIGITS[char]
        return value
    total, figure = 0, 0
    for char in numeral:
        if char in "十百":
            total += (figure or (0 if total and char == "百" else 1)) * (10 if char == "十" else 100)
            figure = 0
        else:
            figure = DIGITS[char]
    return total + figure
