"""Sentences and clauses that say who answers without brackets or a label."""

from __future__ import annotations

import re

from documents.parsing.lists import plausible, read_list
from documents.parsing.named import Named, Statement
from documents.roles import tail_of

LAST_SENTENCE = 260


def last_sentence(text: str, gaps: frozenset[int], found: list[Statement]) -> list[Statement]:
    """「…体系。省教育厅牵头,省财政厅配合。」: a last sentence made of names and verbs alone."""
    end = len(text.rstrip("。;,."))
    if end < 4:
        return []
    start = max((text.rfind(mark, 0, end) for mark in "。;!?\n"), default=-1) + 1
    start = max(start, found[-1].end if found else 0)
    if not 4 <= end - start <= LAST_SENTENCE or start == 0 or not tail_of(text[start:end]):
        return []
    names = read_list(text, start, end, None, gaps)
    if plausible(names) and all(name.spoken for name in names) and not _only_vague(names):
        return [Statement(start, end, tuple(names), "sentence_verb")]
    return []


BY = re.compile(r"(?<![自理缘])由(?=[\u4e00-\u9fff]{3})")


def spoken(text: str, gaps: frozenset[int]) -> list[Statement]:
    """「义务教育由省教育厅牵头,各县政府落实;…」: clauses that say by whom, each up to the last clause made of names."""
    found = []
    for match in re.finditer(r"[^。;!?\n]{6,600}", text):
        by = BY.search(text, match.start(), match.end())
        if not by:
            continue
        ends = [comma.start() for comma in re.finditer(",", text[by.end() : match.end()])][:8]
        names: list[Named] = []
        end = by.end()
        for stop in [*(by.end() + at for at in ends), match.end()]:
            more = read_list(text, by.end(), stop, None, gaps)
            if tail_of(text[by.end() : stop]) and plausible(more) and all(name.spoken for name in more):
                names, end = more, stop
        if names and not _only_vague(names):
            found.append(Statement(by.start(), end, tuple(names), "clause_verb"))
    return found


FRONT = re.compile(r"[^\u4e00-\u9fff【]{0,8}(?:【(?P<boxed>[^】]{3,200})】|(?P<bare>[^。;:,(]{3,60}):)")

FRONT_NAME = re.compile(
    r"^[\u4e00-\u9fff]{1,16}(?:厅|局|委|办|部|委员会|办公室|政府|管委会|中心|法院|检察院|集团|公司|联)$"
)


def in_front(text: str, gaps: frozenset[int]) -> list[Statement]:
    """「【省教育厅】改造校舍。」 and 「省教育厅:改造校舍。」: units alone in front of the work."""
    match = FRONT.match(text)
    if not match or match.end() >= len(text):
        return []
    start, end = match.span("boxed") if match["boxed"] else match.span("bare")
    names = read_list(text, start, end, None, gaps)
    if not names or any(name.is_open or not FRONT_NAME.search(name.name) for name in names):
        return []
    return [Statement(start, end, tuple(names), "front_names")]


def _only_vague(names: list[Named]) -> bool:
    return all(len(name.name) < 3 for name in names)
