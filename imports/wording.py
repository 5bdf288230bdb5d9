"""Short forms of stretches of the source: a line, a title. The stretches themselves stay verbatim elsewhere."""

from __future__ import annotations

import re

from documents.draft import DraftItem

LONGEST_TITLE = 60
SHORTEST = 6
USUAL_TITLE = 30  # characters of a title taken from the text itself
SENTENCE_ENDS = "。；;！？!?"
PAUSES = "，,：:"
LISTING = "、"
# White space inside Chinese comes from the layout; between Latin words it parts them.
LAYOUT_SPACE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


def one_line(text: str, length: int) -> str:
    """Without line breaks and layout spaces, cut to `length` characters."""
    text = LAYOUT_SPACE.sub("", text[: length * 4].strip())
    return " ".join(text.split())[:length]


def cut(text: str, length: int) -> str:
    """At most `length` characters; a cut shows."""
    return text if len(text) <= length else text[: length - 1] + "…"


def title_of(text: str, item: DraftItem) -> str:
    """The item's own heading, else its first words: the reviewer will better them."""
    if item.head and (head := one_line(item.head.text, LONGEST_TITLE).rstrip(SENTENCE_ENDS + PAUSES + LISTING)):
        return head
    return first_words(text[item.starts : item.body.at.end]) or one_line(item.number, 20) or "未命名事项"


def first_words(text: str) -> str:
    """The first sentence when it is short, else as many of its clauses as make a title."""
    text = text.lstrip()
    end = next((place for place, letter in enumerate(text[:400]) if letter in SENTENCE_ENDS), min(len(text), 400))
    sentence = one_line(text[:end], 400)
    if len(sentence) <= USUAL_TITLE:
        return sentence
    pauses = [place for place, letter in enumerate(sentence[:USUAL_TITLE]) if letter in PAUSES and place >= SHORTEST]
    return sentence[: pauses[-1]] if pauses else cut(sentence, USUAL_TITLE)
