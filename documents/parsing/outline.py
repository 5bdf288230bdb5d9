"""The numbered paragraphs of a document as a tree, part by part: the letter, what it encloses, each attachment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from documents.marks import BRACKETED, FIGURE, PLAIN, Mark, bare_at, expected_at, mark_at
from documents.normal import Normal
from documents.parsing.named import Statement
from documents.parsing.names import is_unit
from documents.parsing.statements import BARE_LABEL, statements_in
from documents.roles import LABEL

ATTACHMENT = re.compile(r"附件\d{0,2}[:.]?$|附件[一二三四五六七八九十]?[:.]?$|附件\d{1,2}[-—]\d$")
LISTED = re.compile(r"附件?[:]1[.、]")
DATE_LINE = re.compile(
    r"[^。,;:]{0,40}?(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日|[一二][〇○零Oo0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
    r"\)?(?:印发|发布|公布)?(?:\((?:此件)?.{0,8}公开.{0,6}\))?$"
)
# A signature's date that is damaged or has no day: it ends the letter all the same.
_DAMAGED = r"[\dOoIl〇○零一二三四五六七八九十?□×*_ ]"
DATEISH = re.compile(rf"[12一二]{_DAMAGED}{{3,4}}年{_DAMAGED}{{0,3}}月(?:{_DAMAGED}{{0,3}}日)?\)?$")
ATTACHMENT_LIST = re.compile(r"附件?[:]$")
NOT_BODY = re.compile(
    r"(?:主题词|抄送|抄报|附件\d{0,2}[:.]|附:|发至|印发份数|公开方式|公开属性|联系人:|文件下载|来源:|信息来源|责任编辑)|.{0,40}\d日印发"
)
CLOSING = re.compile(
    r"(?:各地|各级|各部门|各单位|各市|各区县|各县|各乡镇|各有关|各责任|各牵头|各成员|请各|以上|此件|本(?:方案|要点|措施|清单|通知|意见|办法|计划)(?:自|由|有效)|省[直级]各|县[直级]各|市[直级]各)"
)
INLINE = re.compile(
    r"(?<=[。;!?)\]〕])(?=[一二三四五六七八九十]{1,4}、|[(〔][一二三四五六七八九十]{1,4}[)〕]|\d{1,3}[.、](?:(?!\d)|(?=20\d\d年)))"
)
FIRST_INSIDE = re.compile(r"(?<=[:。])(?=一、)|(?<=[\u4e00-\u9fff”)])(?=\(一\)[\u4e00-\u9fff])")
FIRSTS = ("一、", "(一)")
HEADING = 45
UNKNOWN_LABEL = re.compile(r"[\u4e00-\u9fff]{2,6}[:][^\s]")  # a line of an item that says something else about it


@dataclass
class Node:
    """A numbered paragraph: `paragraphs` are its own stretches of the normalised text, the first from its number on."""

    mark: Mark | None
    start: int
    after: int
    number: str = ""
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    is_item: bool = False
    why: str = ""
    below: bool = False

    @property
    def rank(self) -> int:
        return self.mark.rank if self.mark else -1

    @property
    def value(self) -> int:
        return self.mark.value if self.mark else 0

    @property
    def end(self) -> int:
        last = self.children[-1].end if self.children else 0
        return max(last, self.paragraphs[-1][1] if self.paragraphs else self.start)


@dataclass
class Part:
    """A stretch of the document with a numbering of its own; `loose` are its paragraphs outside any number."""

    root: Node
    loose: list[tuple[int, int]] = field(default_factory=list)
    paragraphs: list[tuple[int, int]] = field(default_factory=list)


def outline(normal: Normal) -> list[Part]:
    parts = [Part(Node(None, 0, 0))]
    builder = _Builder(normal)
    listed = 0  # how many attachments the letter has listed, one a line
    pieces = _cut_inline(normal)
    for at, (start, end, mark) in enumerate(pieces):
        words = normal.text[start:end]
        heads_list = bool(ATTACHMENT_LIST.match(words)) and _is_signed_list(normal, pieces[at + 1 : at + 12])
        listed = _attachments_listed(words, mark, listed, heads_list=heads_list)
        mark = None if listed else mark
        if ATTACHMENT.match(words) and not heads_list:
            parts.append(builder.new_part())
        parts[-1].paragraphs.append((start, end))
        builder.add(parts[-1], start, end, mark)
        if (DATE_LINE.match(words) or DATEISH.match(words)) and not words.startswith("("):
            parts.append(builder.new_part())
    return [part for part in parts if part.paragraphs]


def _attachments_listed(words: str, mark: Mark | None, before: int, *, heads_list: bool) -> int:
    """「附件:1.… / 2.… / 3.…」 at the foot of a letter: one more than the attachments named so far, else 0."""
    if heads_list or LISTED.match(words):
        return 1 if heads_list else 2
    goes_on = before and mark and mark.rank == FIGURE and mark.value == before
    return before + 1 if goes_on and _names_attachment(words) else 0


def _names_attachment(words: str) -> bool:
    return len(words) <= 80 and not words.endswith("。")


def _is_signed_list(normal: Normal, pieces: list[tuple[int, int, Mark | None]]) -> bool:
    """Whether 「附件:」 heads a list of titles with the letter's signature below, and not an attachment itself."""
    for count, (start, end, mark) in enumerate(pieces):
        words = normal.text[start:end]
        if not (mark and mark.rank == FIGURE and mark.value == count + 1 and _names_attachment(words)):
            signed = [normal.text[low:high] for low, high, _ in pieces[count : count + 3]]
            return count > 0 and any(DATE_LINE.match(line) or DATEISH.match(line) for line in signed)
    return False


class _Builder:
    """Takes paragraphs in order and hangs each below the number it belongs to."""

    def __init__(self, normal: Normal):
        self.normal = normal
        self.current: Node | None = None

    def new_part(self) -> Part:
        self.current = None
        return Part(Node(None, 0, 0))

    def add(self, part: Part, start: int, end: int, mark: Mark | None) -> None:
        if mark:
            self._open(part, mark, start, end)
        elif self.current is None or not self._take(self.normal.text[start:end], start, end):
            part.loose.append((start, end))

    def _open(self, part: Part, mark: Mark, start: int, end: int) -> None:
        parent = part.root
        while parent.children and parent.children[-1].rank < mark.rank:
            parent = parent.children[-1]
        node = Node(
            mark, start, start + mark.after, self.normal.text[start + mark.start : start + mark.end], parent=parent
        )
        parent.children.append(node)
        self.current = node
        self._own(node, start, end)

    def _own(self, node: Node, start: int, end: int) -> list[Statement]:
        found = stated(self.normal, start, end)
        node.paragraphs.append((start, end))
        node.statements.extend(found)
        return found

    def _take(self, words: str, start: int, end: int) -> bool:
        """Whether the unnumbered paragraph belongs to the number above it."""
        node = self.current
        assert node is not None
        if is_furniture(words):
            self.current = None
            return False
        if LABEL.match(words) or UNKNOWN_LABEL.match(words) or not node.statements:
            self._own(node, start, end)
            return True
        found = stated(self.normal, start, end)
        if not found:
            self.current = None
            return False
        node.paragraphs.append((start, end))
        node.statements.extend(found)
        return True


def stated(normal: Normal, start: int, end: int) -> list[Statement]:
    """Statements of one paragraph, in offsets of the whole normalised text."""
    found = statements_in(normal.text[start:end], normal.gaps_in(start, end))
    return [one.moved(start) for one in found]


def is_furniture(words: str) -> bool:
    """Signatures, dates and what is printed below a document."""
    signed = len(words) < 30 and is_unit(words) and not BARE_LABEL.match(words)
    return bool(DATE_LINE.match(words) or DATEISH.match(words) or NOT_BODY.match(words) or signed)


def _cut_inline(normal: Normal) -> list[tuple[int, int, Mark | None]]:
    """Paragraphs, and the pieces of those in which several numbers follow one another."""
    found: list[tuple[int, int, Mark | None]] = []
    last: dict[int, int] = {}
    bare = _numbers_stand_bare(normal)
    for start, end in normal.paragraphs():
        words = normal.text[start:end]
        mark = mark_at(words) or expected_at(words, last.get(FIGURE, 0) + 1, bare=bare)
        cuts = _cuts(words, mark, last, normal.gaps_in(start, end))
        bounds = [0, *cuts, len(words)]
        for low, high in pairwise(bounds):
            if high > low:
                found.append((start + low, start + high, mark if low == 0 else mark_at(words[low : low + 12])))
    return found


def _numbers_stand_bare(normal: Normal) -> bool:
    """「1优化… / 2修建…」: no number of the document has a stop behind it, and 1 and 2 both begin a paragraph."""
    wanted = 1
    for start, end in normal.paragraphs():
        words = normal.text[start : min(end, start + 12)]
        mark = mark_at(words)
        if mark and mark.rank == FIGURE:
            return False
        wanted += bool(bare_at(words, wanted))
    return wanted > 2


def _cuts(words: str, mark: Mark | None, last: dict[int, int], gaps: list[int]) -> list[int]:
    """Where a number continues the count, at this level or above, behind the end of a sentence."""
    if mark:
        _count(mark, last)
    cuts: list[int] = []
    here, begin = mark, 0
    spaces = set(gaps)
    places = {match.start() for pattern in (INLINE, FIRST_INSIDE) for match in pattern.finditer(words)}
    places |= {gap for gap in gaps if words[gap] in "一(" and words.startswith(FIRSTS, gap)}
    for at in sorted(places):
        inner = mark_at(words, at)
        if not inner or not _goes_on(words, here, inner, last, begin, at_gap=at in spaces):
            continue
        cuts.append(at)
        here, begin = inner, at
        _count(inner, last)
    return cuts


def _goes_on(words: str, here: Mark | None, inner: Mark, last: dict[int, int], begin: int, *, at_gap: bool) -> bool:
    before = words[inner.start - 1]
    if here is None:
        # The first number of a text that lost its line ends stands behind a stop or white space.
        return inner.value == 1 and inner.rank in (PLAIN, BRACKETED) and (before in ":。" or at_gap)
    if inner.value == 1 and inner.rank == BRACKETED and here.rank < BRACKETED:
        heading = words[here.after : inner.start]
        return len(heading) <= HEADING and not any(char in "。;:" for char in heading) and inner.start > begin
    return (
        inner.rank <= here.rank
        and inner.value == last.get(inner.rank, 0) + 1
        and before != ":"
        and inner.rank <= FIGURE
    )


def _count(mark: Mark, last: dict[int, int]) -> None:
    last[mark.rank] = mark.value
