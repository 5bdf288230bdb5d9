"""The year of a plan: by its title, its date, its preamble, and last by limits that agree."""

from __future__ import annotations

import re

YEAR = re.compile(r"((?:19|20)\d\d)(?=年|[-—–~至])")
YEARS = re.compile(r"((?:19|20)\d\d)年?[-—–~至到]{1,2}((?:19|20)\d\d)年")
PLAN_YEAR = re.compile(r"((?:19|20)\d\d)年?度?[^。,;]{0,30}?(?:要点|方案|计划|措施|清单|分工|任务)")
FROM_YEAR = re.compile(r"(?<![自从到至截])(20\d\d)年起(?=[^,。;]{0,4}(?:年内|[,全在实开组]))")
# Not 截至2030年底, 较2030年底, nor 2030年底已.
LIMIT_YEAR = re.compile(
    r"(?<![较比截至与同自])(20\d\d)年(?:\d{1,2}月(?:[\d底末上中下旬日]{1,3}|份)?|年?[底末])(?:之?前|以前)(?!的|已|[^,。;]{0,6}了)"
)
LONGEST_LOOK = 60_000


def year_of_limits(text: str) -> int | None:
    """The year the work starts (2031年起), else the only one its limits name (2031年6月底前); never an aim's."""
    text = text[:LONGEST_LOOK]
    first = FROM_YEAR.search(text)
    if first:
        return int(first[1])
    years = {int(match[1]) for match in LIMIT_YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else None


def year_of_titles(titles: list[str], issued: int | None) -> int | None:
    """The year a title names: of a span the one the document was issued in."""
    for title in titles:
        span = YEARS.search(title)
        if span:
            return issued if issued and int(span[1]) <= issued <= int(span[2]) else int(span[1])
        match = YEAR.search(title)
        if match and not (issued and int(match[1]) > issued + 1):  # 2035年远景目标 is not the plan's year
            return int(match[1])
    return None


def year_of_head(lines: list[str]) -> int | None:
    """The year in a bracketed line of the head, else the one the preamble gives the plan."""
    for line in lines:
        if line.startswith("(") and (match := YEAR.search(line)):
            return int(match[1])
    found = next((match for line in lines if (match := PLAN_YEAR.search(line))), None)
    return int(found[1]) if found else None
