"""Uploads made to harm. No file may come through with more than its harmless words, or cost more than the limits."""

import time
from collections import Counter

import pytest

from documents.limited import ORDINARY, read_and_parse
from documents.refusal import ImportRefused
from tests.documents.samples.evil import ALL, WORDS

NIGHTLY = [pytest.param(evil, id=str(evil), marks=[] if evil.daily else pytest.mark.nightly) for evil in ALL]
# What an inert file may show besides its words: its own text, never the target of a link or the result of a program.
SECRETS = ("root:", "uid=", "哈哈哈哈哈哈")


def test_there_are_enough_of_them():
    assert len(ALL) >= 80
    assert len({evil.kind for evil in ALL}) >= 14
    assert max(Counter(map(str, ALL)).values()) == 1
    assert (ORDINARY.seconds, ORDINARY.memory) == (10, 512 * 1024 * 1024)


@pytest.mark.parametrize("evil", NIGHTLY)
def test_evil_file_is_refused_or_inert(evil):
    data = evil.make()
    text = None

    started = time.monotonic()
    try:
        text = read_and_parse(data, evil.file)[0].text
    except ImportRefused as refused:
        assert refused.message.endswith("。")
        assert "Error" not in refused.message
    took = time.monotonic() - started

    assert took <= 10
    assert (text is not None) == evil.inert
    if text is not None:
        assert WORDS in text
        assert not any(secret in text for secret in SECRETS)
