"""Which numbers of an item are targets: 不低于65%, 新增5个, 达到19198元, and not 奖励50万元 or 16周岁以上."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from documents.draft import Deadline, Span, Target
from documents.parsing import target_words as words
from documents.parsing.clauses import LONGEST, Clauses
from documents.parsing.dates import calendar_words
from documents.parsing.metrics import metric
from documents.parsing.quantities import Quantity, quantities

_BETWEEN_PARTS = frozenset(("、", "和", "及", "与", "以及"))
_NEAR = 20  # patterns that end at the number need no more of the clause
_SENTENCE = 400  # how far back the deadline of a sentence is looked for


@dataclass(frozen=True)
class _Verdict:
    comparator: str
    rule: str


def targets_in(text: str, deadlines: list[Deadline], *, year: int | None) -> list[Target]:
    """The targets of one item in order, each with the date of the deadline it stands under."""
    clauses = Clauses(text)
    dated = [one for one in deadlines if one.date]
    targets: list[Target] = []
    last: Quantity | None = None
    for group in _groups(text, [one for one in quantities(text) if not clauses.is_name(one.start)]):
        verdict = _judge(clauses, group, last)
        if verdict is None:
            continue
        for quantity in group:
            own = _comparator(clauses.before(quantity.start), clauses.after(quantity.end))
            sure = _Verdict(own or verdict.comparator, verdict.rule)
            targets.append(_target(clauses, quantity, sure, _date(text, quantity, dated, year)))
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


def _judge(clauses: Clauses, group: list[Quantity], last: Quantity | None) -> _Verdict | None:
    """Whether the numbers of a group are targets, and by which rule."""
    first = group[0]
    before, after = clauses.before(first.start), clauses.after(group[-1].end)
    if words.AWARDED.match(after):
        return None
    if _is_acted_on(before, after, first):
        return _Verdict(_comparator(before, after) or "=", "acted-on")
    if clauses.is_past(first.start) or _is_decoy(before, after, first, size=_is_size(after)):
        return None
    sign = _comparator(before, after)
    rule = _rule(clauses, before, after, first, sign)
    if rule is None and last is not None and _continues(clauses.text, last, first, before):
        rule = "listed"
    return _Verdict(sign or "=", rule) if rule else None


def _is_acted_on(before: str, after: str, quantity: Quantity) -> bool:
    """将300家企业纳入, 对5000户以上家庭实施."""
    if quantity.kind != "count" or words.ENDS_AS_CONDITION.match(after):
        return False
    if before.endswith("对") and after.startswith("以上") and quantity.value < words.FEW and "万" not in quantity.unit:
        return False
    return bool(words.ACTED_ON.search(before) and words.ACTION_AFTER.match(after))


def _comparator(before: str, after: str) -> str | None:
    left = _left(before)
    right = next((sign for sign, pattern in words.RIGHT if pattern.match(after)), None)
    if left is not None:
        return right if right == "~" and left == ">=" else left
    return right


@lru_cache(maxsize=8)  # asked several times for the same clause
def _left(before: str) -> str | None:
    adjacent = _adjacent(before)
    if adjacent is None and (words.SHARE_COMPARED.search(before) or words.AT_LEAST_DOING.search(before[-_NEAR:])):
        return words.sign_within(before)
    return adjacent


@lru_cache(maxsize=8)
def _adjacent(before: str) -> str | None:
    near = before[-_NEAR:]
    return next((sign for sign, pattern in words.LEFT if pattern.search(near)), None)


def _is_size(after: str) -> bool:
    """20亿元以上项目6个: the first number says which projects, the second how many."""
    return bool(words.SIZE_CLASS.match(after))


def _is_decoy(before: str, after: str, quantity: Quantity, *, size: bool) -> bool:
    if quantity.kind == "time":
        return not words.TIME_BEFORE.search(before)
    if words.DONE.search(before) or words.STOCK_BEFORE.search(before[-_NEAR:]) or _only_a_condition(before, after):
        return True
    if quantity.kind == "count":
        return _is_counted_class(before, after)
    near = before[-_NEAR:]
    if not words.REACHED.search(near) and not words.SHARE_REACHED.search(near):
        if words.SUBSIDY.search(before[-24:]) or words.SUBSIDY_AFTER.match(after):
            return True
        if quantity.kind == "percent" and words.RATE_OF.search(before) and not _adjacent(before):
            return True
    return quantity.kind == "money" and _is_price_class(before, after, size)


def _only_a_condition(before: str, after: str) -> bool:
    """对吸纳就业10人以上的,…: a clause that only says who is meant."""
    return bool(words.CONDITION_BEFORE.match(before) and words.ENDS_AS_CONDITION.match(after))


def _is_counted_class(before: str, after: str) -> bool:
    if words.ABSTRACT_AFTER.match(after) or words.FOCUS_BEFORE.search(before):
        return True
    if re.match(r"及?以下", after):
        return not _left(before)
    if words.WHO_QUALIFIES.match(after):
        return not words.VERB.search(before)
    if words.SIZE_OF_PLACE.match(after):
        return True
    return bool(words.SIZE_BEFORE_COUNT.match(after))


def _is_price_class(before: str, after: str, size: bool) -> bool:
    """10万元以下的, 亿元以上项目; a fund of a size (设立50亿元的基金) is none."""
    if size and not _left(before):
        return True
    if re.match(r"以下", after):
        return not _left(before)
    return after.startswith("的") and not words.FUNDED.search(before) and not re.match(r"的(?:目标|规模|任务)", after)


def _rule(clauses: Clauses, before: str, after: str, quantity: Quantity, sign: str | None) -> str | None:
    """Why the quantity counts, or None."""
    if quantity.chinese and quantity.value < 2 and quantity.unit != "%":
        return "compared" if words.AT_LEAST.search(before[-_NEAR:]) else None
    if _left(before):
        return "compared"
    if quantity.kind == "time":
        return "shortened"
    if quantity.kind == "percent":
        return _percent_rule(before, quantity, sign)
    if quantity.chinese:
        weak = quantity.unit in ("项", "种", "条", "位", "件", "部", "起")
        return "verb" if words.CHINESE_VERB.search(before[-_NEAR:]) and not weak else None
    ends = clauses.ends_at(quantity.end + (2 if sign else 0))
    if words.GROWTH.search(before[-_NEAR:]) or (words.AMOUNT_NOUN.search(before[-_NEAR:]) and (sign or ends)):
        return "amount"
    if words.VERB.search(before):
        return "verb"
    return "at-least" if sign == ">=" and ends and before else None


def _percent_rule(before: str, quantity: Quantity, sign: str | None) -> str | None:
    if words.GROWTH.search(before[-_NEAR:]):
        return "growth"
    if words.RATIO_NOUN.search(before[-_NEAR:]):
        return "ratio"
    if words.SHARE_OF.search(before) and words.VERB.search(before):
        return "share-of"
    if quantity.unit.endswith("百分点") and words.BETTER_THAN.search(before):
        return "compared"
    if sign in (">=", "~") and not re.search(r"持股|占股|股权|出资|股份", before):
        return "at-least"
    return "ratio" if re.search(r"(?:完成|实现|占)[^,。;]{0,16}的?$", before) else None


def _continues(text: str, last: Quantity, quantity: Quantity, before: str) -> bool:
    """A further member of a list whose verb stands at the first: 造林5万亩,封育3万亩."""
    if quantity.chinese or quantity.start - last.end > 40:
        return False
    between = text[last.end : quantity.start]
    if any(stop in between for stop in "。\n;") or len(between[between.rfind(",") + 1 :]) > 26:
        return False
    own = before[-len(between) :]
    return not words.LIST_BREAK.search(own) and not words.SUBSIDY.search(own)


def _target(clauses: Clauses, quantity: Quantity, verdict: _Verdict, date: str | None) -> Target:
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
