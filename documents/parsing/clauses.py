"""The words in front of and behind a number that can say what it means: its own clause, read over brackets."""

from __future__ import annotations

import re

STOPS = ",。;:!?\n\t"
LONGEST = 60  # how far a clause is read, so that the work for one number is bounded
_LAST_YEAR = re.compile(r"(?<![比较于超在])(?:去年|上年)(?!末|底|同期|基础|水平|度)[^今]*$")
_QUOTES = {"“": "”", "《": "》", "〔": "〕", "「": "」"}


class Clauses:
    """Clauses of one text; what stands in brackets is left out of a clause around it."""

    def __init__(self, text: str):
        self.text = text
        self._outer = _without_brackets(text)
        self._named = _in_names(text)

    def is_name(self, place: int) -> bool:
        """Within “…” or 《…》, where numbers are parts of names."""
        return self._named[place]

    def before(self, place: int) -> str:
        """The clause up to `place`."""
        lower = max(0, place - LONGEST)
        if self._outer[place] == " ":
            clause = self.text[max(lower, self.text.rfind("(", lower, place) + 1) : place]
        else:
            clause = self._outer[lower:place]
        return clause[max(clause.rfind(stop) for stop in STOPS) + 1 :].replace(" ", "")

    def after(self, place: int) -> str:
        """What follows `place`, beyond the clause as well."""
        return self.text[place : place + LONGEST]

    def is_past(self, place: int) -> bool:
        """截至6月,建成20个: the sentence tells what was reached, not what is to be."""
        sentence = self.text[max(0, place - LONGEST) : place]
        sentence = sentence[max(sentence.rfind(stop) for stop in "。;\n") + 1 :]
        return "截至" in sentence or "以来" in sentence or bool(_LAST_YEAR.search(sentence))

    def ends_at(self, place: int) -> bool:
        return self.text[place : place + 1] in ("", ")", "、", "(", *STOPS)


def _without_brackets(text: str) -> str:
    characters, depth = [], 0
    for char in text:
        if char in "(〔[":
            depth += 1
        characters.append(" " if depth and char != "\n" else char)
        if char in ")〕]" and depth:
            depth -= 1
        elif char == "\n":
            depth = 0
    return "".join(characters)


def _in_names(text: str) -> list[bool]:
    within, closing, opened = [], "", 0
    for place, char in enumerate(text):
        if not closing and char in _QUOTES:
            closing, opened = _QUOTES[char], place
        elif closing and (char == closing or char == "\n" or place - opened > LONGEST):
            closing = ""
        within.append(bool(closing))
    return within
