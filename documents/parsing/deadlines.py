"""Which dates of an item are deadlines: 6月底前, 到2025年, 2024年6月 in a table cell, and not 2016年以来."""

from __future__ import annotations

import re
from collections.abc import Iterator

from documents.draft import Deadline, Span
from documents.parsing.dates import CalendarWord
from documents.parsing.due_words import AIMED, STARTS_ACT, due_words
from documents.parsing.recurrences import recurring, within

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


def deadlines_in(text: str, *, year: int | None) -> list[Deadline]:
    """The deadlines of one item in order; a date whose year nobody states is left to `undated_in`."""
    found = [*_dated(text, year), *_cells(text, year), *_plan_periods(text), *recurring(text), *within(text)]
    return sorted(found, key=lambda deadline: (deadline.at.start, deadline.at.end))


def undated_in(text: str) -> list[Span]:
    """Deadlines no day can be given for: they need a year the text does not state (7月底前), or a season (春节前)."""
    spans = [
        Span(due.start, due.word.end)
        for due in due_words(text, None)
        if not due.yearly and due.word.iso(None) is None and due.word.iso(2024) is not None
    ]
    return sorted([*spans, *(Span(*found.span()) for found in _SEASON.finditer(text))], key=lambda span: span.start)


def _dated(text: str, year: int | None) -> Iterator[Deadline]:
    for due in due_words(text, year):
        day = due.word.iso(2023 if due.yearly else year)  # 每年2月底 is 02-28
        if day is None:
            continue
        at = Span(due.start, due.word.end)
        words = text[at.start : at.end]
        if due.yearly:
            yield Deadline(words, at, "yearly-on", recurrence={"freq": "yearly", "on": day[5:]})
        else:
            yield Deadline(words, at, due.rule, date=day)


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
        if found["end"].endswith("末") or AIMED.search(before) or STARTS_ACT.match(after):
            day = f"{_PLAN_PERIOD_END[found['n']]}-12-31"
            yield Deadline(found.group(), Span(*found.span()), "plan-period", date=day)
