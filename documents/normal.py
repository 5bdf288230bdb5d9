"""Text as the parser reads it: folded, without white space and page residue, its broken lines joined.

Every character of the result knows the code point of the source it came from, so that whatever is found can be quoted
from the document itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from documents.draft import Span
from documents.folding import Line, squash_line
from documents.marks import mark_at
from documents.wrapping import CLOSING, OPENING, joined, starts_block

LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>|&(?:nbsp|ensp|emsp|amp|lt|gt|quot);", re.IGNORECASE)
BLOCK = re.compile(r"</?(?:p|div|br|tr|li|h\d|table)\b", re.IGNORECASE)
PAGE_NUMBER = re.compile(
    r"[-—–―·_]{1,8}\d{1,4}[-—–―·_]{1,8}|第\d{1,4}页(?:[,/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}|Page\d{1,4}"
)
RESIDUE = re.compile(
    r"[^。;,:]{2,24}(?:门户网站?|人民政府网站?|政府网|政务网|官方网站|信息公开(?:专栏|平台|网|目录))$|"
    r"(?:当前位置|您?(?:现在)?所?在?的?位置)[:>]|[^。;<>›»]{0,40}[>›»]{1,2}[^。;<>›»]{1,30}[>›»]|首页[>›»]|"
    r"(?:文件下载|附件下载|下载附件|相关附件|打印本?页?|关闭(?:窗口|本页)?|分享到?|扫一扫|返回顶部|返回首页|上一[篇条]|下一[篇条]"
    r"|责任编辑|浏览次数|访问次数|阅读次数|【?字体|【?字号|当前位置|您(?:现在)?的位置|首页>|版权所有|网站标识码|.{0,8}ICP备|.{0,6}公网安备"
    r"|\|$|相关(?:链接|阅读|文章|解读)|政策解读|收藏|我要纠错)"
)
FLATTENED_LINES, FLATTENED_LENGTH, FLATTENED_HEAD = 3, 400, 500


@dataclass(frozen=True)
class Normal:
    """The normalised text, its paragraphs parted by a line feed, and where each character stood."""

    text: str
    origins: list[int]
    gaps: list[int]

    def span(self, start: int, end: int) -> Span:
        """Where the stretch `start`–`end` of the normalised text stands in the source."""
        if end <= start:
            at = self.origins[start] if start < len(self.origins) else (self.origins[-1] + 1 if self.origins else 0)
            return Span(at, at)
        return Span(self.origins[start], self.origins[end - 1] + 1)

    def gaps_in(self, start: int, end: int) -> list[int]:
        """Offsets inside the stretch, counted from its start, before which white space stood."""
        low, high = bisect_left(self.gaps, start + 1), bisect_left(self.gaps, end)
        return [gap - start for gap in self.gaps[low:high]]

    def paragraphs(self) -> list[tuple[int, int]]:
        found, start = [], 0
        for piece in self.text.split("\n"):
            if piece:
                found.append((start, start + len(piece)))
            start += len(piece) + 1
        return found


def normalise(text: str, *, without: tuple[Span, ...] = ()) -> Normal:
    """`without` are stretches of `text` that somebody else reads, such as tables."""
    text = MARKUP.sub(_blank, text)
    lines = [line for line in lines_of(text, without) if line.text and not is_residue(line.text)]
    if len(lines) <= FLATTENED_LINES and sum(len(line.text) for line in lines) > FLATTENED_LENGTH:
        lines = [piece for line in lines for piece in _at_gaps(line)]
    return _assemble(joined(_drop_bare_page_numbers(lines)))


def _blank(match: re.Match[str]) -> str:
    """Room for a tag that keeps every offset; the end of a paragraph ends the line."""
    room = len(match.group())
    return "\n" + " " * (room - 1) if BLOCK.match(match.group()) else " " * room


def lines_of(text: str, without: tuple[Span, ...] = ()) -> list[Line]:
    found, start, holes = [], 0, sorted(without, key=lambda span: span.start)
    for match in [*LINE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        if start == end:
            start = match.end() if match else end
            continue
        while holes and holes[0].end <= start:
            holes.pop(0)
        if not (holes and holes[0].start < end and holes[0].end > start):
            found.append(squash_line(text, start, end))
        start = match.end() if match else end
    return found


def _at_gaps(line: Line) -> list[Line]:
    """The lines of a text whose line ends became spaces: white space before a number, a label or behind a stop."""
    cuts = [0]
    for gap in line.gaps:
        text = line.text[gap : gap + 60]
        if line.text[gap - 1] in "。;:" or mark_at(text) or starts_block(text) or _may_be_head(line.text, gap):
            cuts.append(gap)
    return [
        Line(line.text[low:high], line.origins[low:high], [gap - low for gap in line.gaps if low < gap < high])
        for low, high in pairwise([*cuts, len(line.text)])
    ]


def _may_be_head(text: str, gap: int) -> bool:
    """Titles, bodies and dates at the head of a document stand in lines of their own."""
    return gap < FLATTENED_HEAD and not (text[gap - 1] in OPENING or text[gap] in CLOSING or text[gap].isdecimal())


def is_residue(text: str) -> bool:
    """Page numbers and what a web page puts around a document."""
    return len(text) < 80 and bool(PAGE_NUMBER.fullmatch(text) or RESIDUE.match(text))


def _drop_bare_page_numbers(lines: list[Line]) -> list[Line]:
    """Lines of a figure alone are page numbers when they count up by one, far apart."""
    bare = [at for at, line in enumerate(lines) if len(line.text) <= 3 and line.text.isdecimal()]
    if not bare or len(lines) < 8 * len(bare):
        return lines
    values = [int(lines[at].text) for at in bare]
    if any(later - earlier != 1 for earlier, later in pairwise(values)):
        return lines
    drop = set(bare)
    return [line for at, line in enumerate(lines) if at not in drop]


def _assemble(paragraphs: list[list[Line]]) -> Normal:
    pieces: list[str] = []
    origins: list[int] = []
    gaps: list[int] = []
    for paragraph in paragraphs:
        for line in paragraph:
            gaps.extend(len(origins) + gap for gap in line.gaps)
            pieces.append(line.text)
            origins.extend(line.origins)
        pieces.append("\n")
        origins.append(origins[-1] + 1)
    if pieces:
        pieces.pop()
        origins.pop()
    return Normal("".join(pieces), origins, gaps)
