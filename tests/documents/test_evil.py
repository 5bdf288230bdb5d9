"""Uploads made to harm. No file may come through with more than its harmless words, or cost more than the limits."""

import resource
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

    before = seconds_of_children()
    text, message = outcome(data, evil.file)

    assert seconds_of_children() - before <= 11  # the limit and a second to end
    if evil.inert:
        assert WORDS in text
        assert not any(secret in text for secret in SECRETS)
    else:
        assert message.endswith("。")
        assert "Error" not in message


def outcome(data, name):
    """(text, "") of a file that was read, ("", message) of one that was refused."""
    try:
        return read_and_parse(data, name)[0].text, ""
    except ImportRefused as refused:
        return "", refused.message


def seconds_of_children():
    """Of processor time: a busy machine makes no file look worse than it is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
