"""What a target measures: the noun behind a count, the noun in front of a share or an amount."""

from __future__ import annotations

import re

from documents.parsing import target_words as words
from documents.parsing.clauses import Clauses
from documents.parsing.dates import calendar_words
from documents.parsing.quantities import Quantity, quantities

_NOUN = re.compile(r"(?![、和及])[^,。;:\n\t()]{1,24}")
_TRAILING = re.compile(
    r"(?:分别|均|都|要|力争|实现|不|约|为|在|到|至|由|从|再|各|和|及|使|将|把|对|完成|确保|以|占|、)+$"
)
_LEADING = re.compile(r"^(?:[并要使在到于和及将、]|并且|力争|争取|确保|其中|实现|推动|持续|加快|全年|努力|每年)+")
_LISTED = re.compile(r".*\d[^\d、]{1,4}[、和及]")  # up to the number before, of another member of the list
_LONGEST = 40


def metric(clauses: Clauses, before: str, quantity: Quantity, end: int) -> str:
    """`before` is the clause up to the quantity, `end` where its comparator ends."""
    noun = _NOUN.match(clauses.text, end)
    behind = _first_part(noun.group()) if noun else ""
    sized = quantity.kind == "money" and behind.startswith(("的", "规模的"))  # 50亿元的基金
    if len(behind) > 1 and (quantity.kind == "count" or sized):
        return behind.removeprefix("规模").removeprefix("的")
    front = _in_front(before)
    return behind if len(behind) > 1 and (len(front) < 2 or words.VERB.fullmatch(front)) else front or behind


def _first_part(noun: str) -> str:
    """Up to the next number: 个国家级试点和4个省级试点 names two things."""
    following = next(quantities(noun), None)
    return (noun[: following.start] if following else noun).rstrip("和及、与")


def _in_front(before: str) -> str:
    plain = before[-_LONGEST:]
    for _, pattern in words.LEFT:
        plain = pattern.sub("", plain)
    listed = _LISTED.search(plain)
    if listed:
        plain = plain[listed.end() :]
    for word in reversed(list(calendar_words(plain))):
        plain = plain[: word.start] + plain[word.end :]
    return _LEADING.sub("", _TRAILING.sub("", plain))
