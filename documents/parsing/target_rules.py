"""What makes a number a target, and what makes it a subsidy, a size class, a condition or a stock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from documents.parsing import target_words as words
from documents.parsing.clauses import Clauses
from documents.parsing.quantities import Quantity

_NEAR = 20  # patterns that end at the number need no more of the clause


@dataclass(frozen=True)
class Verdict:
    comparator: str
    rule: str


def judge(clauses: Clauses, group: list[Quantity], last: Quantity | None) -> Verdict | None:
    """Whether the numbers of a group are targets, and by which rule."""
    first = group[0]
    before, after = clauses.before(first.start), clauses.after(group[-1].end)
    if words.AWARDED.match(after):
        return None
    if _is_acted_on(before, after, first):
        return Verdict(comparator(before, after) or "=", "acted-on")
    if clauses.is_past(first.start) or _is_decoy(before, after, first, size=_is_size(after)):
        return None
    sign = comparator(before, after)
    rule = _rule(clauses, before, after, first, sign)
    if rule is None and last is not None and _continues(clauses.text, last, first, before):
        rule = "listed"
    return Verdict(sign or "=", rule) if rule else None


def _is_acted_on(before: str, after: str, quantity: Quantity) -> bool:
    """将300家企业纳入, 对5000户以上家庭实施."""
    if quantity.kind != "count" or words.ENDS_AS_CONDITION.match(after):
        return False
    if before.endswith("对") and after.startswith("以上") and quantity.value < words.FEW and "万" not in quantity.unit:
        return False
    if words.PLACED_IN.search(before) and words.PLACED_AFTER.match(after):
        return True
    return bool(words.ACTED_ON.search(before) and words.ACTION_AFTER.match(after))


def comparator(before: str, after: str) -> str | None:
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
    if words.DONE.search(before) or _is_stock(before) or _only_a_condition(before, after):
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


def _is_stock(before: str) -> bool:
    if not words.STOCK_BEFORE.search(before[-_NEAR:]):
        return False
    return not (before.endswith("等") and words.EXAMPLES_OF_WORK.search(before))


def _only_a_condition(before: str, after: str) -> bool:
    """对吸纳就业10人以上的,…: a clause that only says who is meant."""
    if words.ATTRIBUTE_BEFORE.search(before) and words.ATTRIBUTE_AFTER.match(after):
        return True
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
    if not before and words.DONE_BEHIND.match(after):
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
