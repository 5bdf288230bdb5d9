"""Which lines of a text are pieces of one paragraph, and which begin another."""

from __future__ import annotations

import re

from documents.folding import Line
from documents.marks import mark_at
from documents.roles import LABEL

ENDED = "。!?;:"
OPENING, CLOSING = "([〔【《〈“", ")]〕】》〉”"
LONG_LINE = 36  # a line as long as this that stops in mid-sentence was broken by a page, not by its writer


def _wrap_width(lines: list[Line]) -> float | None:
    """The width the text was wrapped at, or None when every paragraph has a line of its own."""
    widths = [round(line.width()) for line in lines]
    if len(widths) < 8:
        return None
    counts: dict[int, int] = {}
    for width in widths:
        counts[width] = counts.get(width, 0) + 1
    near = {width: sum(counts.get(width - less, 0) for less in range(4)) for width in counts if 18 <= width <= 90}
    if not near:
        return None
    widest = max(near, key=lambda width: (near[width], width))
    longer = sum(count for width, count in counts.items() if width > widest + 2)
    return widest if near[widest] >= 0.3 * len(widths) and longer <= 0.05 * len(widths) else None


def joined(lines: list[Line]) -> list[list[Line]]:
    """Lines gathered into paragraphs."""
    full = _wrap_width(lines)
    paragraphs: list[list[Line]] = []
    depth = 0
    for line in lines:
        if paragraphs and _continues(paragraphs[-1][-1], line, full, depth):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
            depth = 0
        depth = _open_brackets(line.text, depth)
    return paragraphs


def _open_brackets(text: str, depth: int) -> int:
    for char in text[-300:]:
        if char in OPENING:
            depth += 1
        elif char in CLOSING and depth:
            depth -= 1
    return depth


def _continues(before: Line, line: Line, full: float | None, depth: int) -> bool:
    if mark_at(line.text) or (starts_block(line.text) and not depth):
        return False
    last = before.text[-1]
    if last in ",、" or (depth and last not in "。!?" and before.width() >= 12):
        return True
    if last in ENDED or (last == "”" and before.text[-2:-1] in tuple("。!?")):
        return False
    if full and len(line.text) <= 2 and before.width() >= full / 2 and not line.text.isdecimal():
        return True
    wide = full - 3 if full else LONG_LINE
    if last in ")]〕】":
        return bool(full) and before.width() >= wide and line.text[0] not in "(〔[【" and before.text[-2] not in "。责"
    return before.width() >= wide


STARTS = re.compile(
    r"附件\d{0,2}(?:[:.].*)?$|(?:主题词|抄送|发文机[关构]|发文字号|成文日期|发布日期|发布时间|印发日期|来源|索引号|关键[字词]|标题|名称)[:]"
    r"|[\u4e00-\u9fff]{1,12}[〔\[(【](?:19|20)\d\d[〕\])】]第?\d{1,5}号$|各(?:省|市|县|区|设区|地|乡|镇|有关|部门|单位)[^。]*[:]$"
    r"|[^。,;]{0,30}(?:19|20)\d\d年\d{1,2}月\d{1,2}日$|\(此件|[二〇○零一九]{4}年[一二三四五六七八九十]{1,3}月"
)


def starts_block(text: str) -> bool:
    """Whether a line cannot be the rest of the one above it."""
    return bool(LABEL.match(text) or STARTS.match(text[:60]))
