"""Calendar words of official documents (2024年6月底前, 三季度末, 上半年, 年内) and the day each of them ends on."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.parsing.numerals import chinese_number

# After these 内 and 前 belong to the next word (年内容, 月前期).
_INSIDE = r"内(?![容需部外置涵生])"
_BEFORE = r"前(?![期段置述往来沿瞻景])"
CALENDAR = re.compile(
    r"(?=[\d今本明次翌来二一三四五六七八九十第前上下年])(?:(?<!\d)(?P<year>(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})(?:年度?)"
    r"|(?P<relative>今年|本年度?|明年|次年|翌年|来年))?的?"
    r"(?:(?<!\d)(?P<month>(?:1[0-2]|0?[1-9])(?=月)|(?:十[一二]?|[一二三四五六七八九])(?=月[底末份上中下前]))月"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)[日号]?|(?P<part>份?[底末]|[上中下]旬|份))?"
    r"|(?P<half>上半年|下半年)(?:[底末])?"
    r"|(?P<quarter>第?[一二三四1-4]季度|前三(?:个)?季度)(?P<quarter_end>[底末])?"
    rf"|(?P<end>年?[底末](?!期)|年?{_INSIDE}))?"
    rf"(?P<edge>之前|以前|{_BEFORE}|之内|以内|{_INSIDE})?"
)
_NO_YEAR_END = frozenset("一二两三四五六七八九十几近多半余数百每学往历0123456789")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DECADE_DAYS = {"上旬": 10, "中旬": 20}


@dataclass(frozen=True)
class CalendarWord:
    """A stretch that names a calendar day or the period whose last day counts. `offset` is 1 for 明年."""

    start: int
    end: int
    year: int | None
    offset: int | None
    month: int | None
    day: int | None
    kind: str  # day, month, part (of a month: 底, 上旬), half, quarter, end (of a year), year
    edge: bool  # 前, 之前, 内

    def with_year(self, year: int) -> CalendarWord:
        return CalendarWord(self.start, self.end, year, None, self.month, self.day, self.kind, self.edge)

    def iso(self, plan_year: int | None) -> str | None:
        """The last day meant; None when no year is to be had or the day does not exist."""
        year = self.year
        if year is None:
            if plan_year is None:
                return None
            year = plan_year + (self.offset or 0)
        month = self.month or 12
        last = calendar.monthrange(year, month)[1]
        day = self.day or last
        return f"{year:04d}-{month:02d}-{day:02d}" if day <= last else None


def calendar_words(text: str) -> Iterator[CalendarWord]:
    """Every calendar word of `text`, from left to right; a year alone is one too."""
    if not any(unit in text for unit in "年月季"):
        return
    for found in CALENDAR.finditer(text):
        word = _word(found, text) if found.group() else None  # every part is optional, so most finds are empty
        if word is not None:
            yield word


def _word(found: re.Match[str], text: str) -> CalendarWord | None:
    parts = found.groupdict()
    body = next((name for name in ("month", "half", "quarter", "end") if parts[name]), None)
    if body is None and not parts["year"] and not parts["relative"]:
        return None
    start = found.start() + (1 if found.group().startswith("的") else 0)
    if body == "end" and not parts["year"] and not parts["relative"]:
        before = text[start - 1 : start] if start else ""
        if not parts["end"].startswith("年") or before in _NO_YEAR_END:
            return None
    month, day, kind = _period(parts, body)
    edge = bool(parts["edge"]) or (parts["end"] or "").endswith("内")
    offset = None if not parts["relative"] else int(parts["relative"] in ("明年", "次年", "翌年", "来年"))
    return CalendarWord(start, found.end(), _year(parts["year"]), offset, month, day, kind, edge)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else chinese_number(text)


def _period(parts: dict[str, str | None], body: str | None) -> tuple[int, int | None, str]:
    """(month, day or None for its last, kind) of the day the words end on."""
    if body == "month":
        month = parts["month"] or ""
        number = int(month) if month.isdigit() else chinese_number(month)
        if parts["day"]:
            return number or 12, int(parts["day"]), "day"
        part = (parts["part"] or "").removeprefix("份") or None
        return number or 12, _DECADE_DAYS.get(part or ""), "part" if part else "month"
    if body == "half":
        return (6 if parts["half"] == "上半年" else 12), None, "half"
    if body == "quarter":
        words = (parts["quarter"] or "").removeprefix("第")
        quarter = 3 if words.startswith("前三") else _QUARTERS[words[0]]
        return quarter * 3, None, "quarter_end" if parts["quarter_end"] else "quarter"
    return 12, None, "end" if body == "end" else "year"
