"""Which numbers of an item are targets: 不低于65%, 新增5个, 达到19198元, and not 奖励50万元 or 16周岁以上."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from documents.draft import Deadline, Span, Target
from documents.parsing import target_words as words
from documents.parsing.clauses import LONGEST, Clauses
from documents.parsing.dates import calendar_words
from documents.parsing.metrics import metric
from documents.parsing.quantities import Quantity, quantities
from documents.parsing.target_rules import Verdict, comparator, judge

_BETWEEN_PARTS = frozenset(("、", "和", "及", "与", "以及"))
_SENTENCE = 400  # how far back the deadline of a sentence is looked for


def targets_in(text: str, deadlines: list[Deadline], *, year: int | None) -> list[Target]:
    """The targets of one item in order, each with the date of the deadline it stands under."""
    clauses = Clauses(text)
    dated = [one for one in deadlines if one.date]
    targets: list[Target] = []
    last: Quantity | None = None
    for group in _groups(text, [one for one in quantities(text) if not clauses.is_name(one.start)]):
        verdict = judge(clauses, group, last)
        if verdict is None:
            continue
        for quantity in group:
            own = comparator(clauses.before(quantity.start), clauses.after(quantity.end))
            sure = Verdict(own or verdict.comparator, verdict.rule)
            found = _target(clauses, quantity, sure, _date(text, quantity, dated, year))
            # 分别增长7%、8%: the second number has no words of its own to say what it measures.
            targets.append(found if found.metric or not targets else replace(found, metric=targets[-1].metric))
        last = group[-1]
    return targets


def _groups(text: str, found: list[Quantity]) -> list[list[Quantity]]:
    """Quantities that follow each other directly (1820元、1360元和1360元) are judged as one."""
    groups: list[list[Quantity]] = []
    for quantity in found:
        between = text[groups[-1][-1].end : quantity.start] if groups else ""
        if between in _BETWEEN_PARTS and quantity.kind == groups[-1][-1].kind:
            groups[-1].append(quantity)
        else:
            groups.append([quantity])
    return groups


def _target(clauses: Clauses, quantity: Quantity, verdict: Verdict, date: str | None) -> Target:
    before = clauses.before(quantity.start)
    start, end = _with_comparators(clauses.text, quantity)
    whole = words.SHARE_OF.search(before)
    return Target(
        text=clauses.text[start:end],
        at=Span(start, end),
        rule=verdict.rule,
        metric=metric(clauses, before, quantity, end),
        comparator=verdict.comparator,
        value=quantity.value,
        unit=quantity.unit,
        date=date,
        of=whole.group(1) if whole and quantity.kind == "percent" else None,
    )


def _with_comparators(text: str, quantity: Quantity) -> tuple[int, int]:
    lower = max(0, quantity.start - 8)
    left = next((hit for _, pattern in words.LEFT if (hit := pattern.search(text[lower : quantity.start]))), None)
    right = next((hit for _, pattern in words.RIGHT if (hit := pattern.match(text, quantity.end))), None)
    return lower + left.start() if left else quantity.start, right.end() if right else quantity.end


def _date(text: str, quantity: Quantity, dated: list[Deadline], year: int | None) -> str | None:
    """The nearest deadline in front within the sentence, else the end of a year named in the clause."""
    lower = max(0, quantity.start - _SENTENCE)
    opening = max(text.rfind(stop, lower, quantity.start) for stop in "。\n") + 1
    place = bisect_left(dated, quantity.start, key=lambda one: one.at.start)
    if place and dated[place - 1].at.start >= max(opening, lower):
        return dated[place - 1].date
    near = text[max(opening, quantity.start - LONGEST) : quantity.start]
    years = [word for word in calendar_words(near) if word.kind == "year" and word.year] if "年" in near else []
    return years[-1].iso(year) if years and (years[-1].year or 0) >= (year or 0) else None
