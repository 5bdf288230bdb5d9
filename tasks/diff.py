"""What changed between last month's text and this month's, as parts that a template marks with ins and del."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

SAME, ADDED, GONE = "same", "add", "gone"
Parts = list[tuple[str, str]]

# A number with its decimals or a Latin word changes as a whole: 32,000 → 30,100, not digit by digit.
TOKEN = re.compile(r"[0-9０-９]+(?:[.,，][0-9０-９]+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)
SHORTEST_SAME = 2  # characters; a shorter common run between two changes makes the marks flicker
LONGEST = 4000  # characters compared; no field of a report comes near


def marked(new: str, old: str) -> tuple[Parts, Parts]:
    """The two texts cut into (kind, text): kinds `same` and `add` in the new one, `same` and `gone` in the old one.

    Joined together the parts give each text back unchanged. An empty old text marks all of the new one as added.
    """
    new_tokens, old_tokens = TOKEN.findall(new[:LONGEST]), TOKEN.findall(old[:LONGEST])
    new_parts: Parts = []
    old_parts: Parts = []
    for is_same, (start, end), (old_start, old_end) in _runs(new_tokens, old_tokens):
        _append(new_parts, SAME if is_same else ADDED, new_tokens[start:end])
        _append(old_parts, SAME if is_same else GONE, old_tokens[old_start:old_end])
    _append(new_parts, ADDED, [new[LONGEST:]])
    _append(old_parts, GONE, [old[LONGEST:]])
    return new_parts, old_parts


def _runs(new_tokens: list[str], old_tokens: list[str]):
    """(is same, range in the new, range in the old), with common runs too short to read as such given to the change."""
    matcher = SequenceMatcher(None, old_tokens, new_tokens, autojunk=False)
    codes = matcher.get_opcodes()
    for place, (tag, old_start, old_end, start, end) in enumerate(codes):
        inside = 0 < place < len(codes) - 1
        short = len("".join(new_tokens[start:end])) < SHORTEST_SAME
        yield tag == "equal" and not (inside and short), (start, end), (old_start, old_end)


def _append(parts: Parts, kind: str, tokens: list[str]) -> None:
    text = "".join(tokens)
    if not text:
        return
    if parts and parts[-1][0] == kind:
        parts[-1] = (kind, parts[-1][1] + text)
    else:
        parts.append((kind, text))
