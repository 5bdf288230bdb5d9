"""Lists of counties that a document attaches."""

from __future__ import annotations

import re

from documents.draft import Found
from documents.normal import Normal

HEADING = re.compile(r"[^。;]{0,40}(?:县|区|市|旗)[^。;]{0,14}名单(?:\(.{0,20}\))?$")
COUNTY = re.compile(r"[\u4e00-\u9fff]{1,12}[县市区旗]$")
NOT_COUNTY = re.compile(r"各|全|其他|等|名单|合计|小计|共|个")
GROUP = re.compile(r"[^、,;:]{2,12}(?:\(\d{1,3}个?\))?[:]|[一二三四五六七八九十\d]{1,3}[、.]|\(\d{1,3}个.{0,4}\)")


def counties_in(normal: Normal, source: str) -> tuple[Found, ...]:
    """Names under a heading 「…县名单」, to the first paragraph that is no list of counties."""
    found: list[Found] = []
    listing = False
    for start, end in normal.paragraphs():
        words = normal.text[start:end]
        if HEADING.match(words):
            listing = True
            continue
        if not listing:
            continue
        names = _names(words)
        if not names:
            listing = False if len(words) > 12 else listing
            continue
        for low, high in names:
            at = normal.span(start + low, start + high)
            found.append(Found(source[at.start : at.end], at, "county_list"))
    return tuple(found)


def _names(words: str) -> list[tuple[int, int]]:
    names, at = [], 0
    for piece in re.split(r"[、,;。\s]", words):
        begin = at
        group = GROUP.match(piece)
        if group:
            begin += group.end()
            piece = piece[group.end() :]
        if COUNTY.match(piece) and not NOT_COUNTY.search(piece):
            names.append((begin, begin + len(piece)))
        at = begin + len(piece) + 1
    pieces = [piece for piece in re.split(r"[、,;。\s]", words) if piece]
    return names if 2 * len(names) >= len(pieces) else []
