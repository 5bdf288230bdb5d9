from difflib import SequenceMatcher
from random import Random

import pytest

from tasks.validators import SAME_AS_LAST_MONTH, is_same_as_last, warnings


@pytest.mark.parametrize(
    ("now", "before", "same"),
    [
        ("已下达补助资金三百二十万元。", "已下达补助资金三百二十万元。", True),
        ("已下达补助资金三百三十万元。", "已下达补助资金三百二十万元。", True),
        ("两县水厂通水。", "已下达补助资金三百二十万元。", False),
        ("元万十二百三金资助补达下已", "已下达补助资金三百二十万元", False),  # the same characters in another order
        ("", "已下达补助资金。", False),
        ("已下达补助资金。", "", False),
    ],
)
def test_a_text_repeated_is_noticed(now, before, same):
    assert is_same_as_last({"progress_text": now}, {"progress_text": before}) is same
    assert bool(warnings({"progress_text": now}, {"progress_text": before})) is same


def test_without_a_last_month_nothing_is_repeated():
    assert not is_same_as_last({"progress_text": "已下达补助资金。"}, None)


def test_the_bounds_never_change_the_answer():
    letters = Random(11)
    for _ in range(300):
        before = "".join(letters.choices("甲乙丙丁戊", k=letters.randint(1, 30)))
        place = letters.randrange(len(before))
        now = before[:place] + letters.choice(["", "己", "甲乙"]) + before[place + 1 :]

        exact = bool(now) and SequenceMatcher(None, now, before, autojunk=False).ratio() >= SAME_AS_LAST_MONTH

        assert is_same_as_last({"progress_text": now}, {"progress_text": before}) is exact
