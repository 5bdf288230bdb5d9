"""One list of units with its verbs: 「A、B牵头,C等部门配合」 → who does what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from documents.parsing.named import Named
from documents.parsing.names import (
    DEFINITION,
    LONGEST,
    PLAIN_GOVERNMENT,
    is_class,
    is_unit,
    parted,
    rest_at,
)
from documents.roles import COOPERATE, LABEL, LEAD, RESPONSIBLE, STRICT_LABEL, TAIL, label_role, tail_of

SEPARATORS = "、,;。/|\n\t"
FRONT = re.compile(r"(?:分?别?由|请|其中[,:]?|以上工作由|该项工作由|本项工作由|[\d]{1,2}[.、]|[(\[]\d{1,2}[)\]])")
JOINT = re.compile(r"(?:牵头)?,?(?:会同|联合|商(?=[省市县区]))|牵头,?(?:协调|组织)(?=[^落实推进开展工作])")
BARE_LEVEL = re.compile(
    r"(?:各|有关|相关)?(?:设区的?)?(?:市|州|县|区|盟|旗|市州|区县|县区|地市|乡|镇|乡镇|街道|市\(州\)|县\(市、区\)){1,2}$"
)
# 副市长某某: a person is no unit, and what he is said to answer for is answered for by those named behind him.
_OFFICE = "省长|市长|县长|区长|州长|盟长|旗长|镇长|乡长|书记|常委|秘书长|厅长|局长|主席|部长|主任|专员|总指挥|党组成员"
_BODY_OF_OFFICE = r"[\u4e00-\u9fff]*(?:[办室会局厅部委]|中心|电话|热线|信箱)$"  # 市长热线 is a body again
PERSON = rf".{{0,10}}(?:{_OFFICE})(?!{_BODY_OF_OFFICE})(?:[\u4e00-\u9fff]{{2,4}})?(?:同志)?$"
PERSON_BEHIND = re.compile(r"\([\u4e00-\u9fff]{2,4}\)$")
BRACKETED_TAIL = re.compile(r"\((?:按照?(?:各自)?职责(?:分工)?(?:负责|落实)?|(?P<lead>(?:分别|共同|联合)牵头))\)$")
GOVERNED = re.compile(r"(?:政府|党委|党工委|管委会|部门|单位)(?:\(.{1,12}\))?$")
NO_UNIT = re.compile(
    rf"{PERSON}|"
    r"(?:无|/|-+|—+|见附件.*|同上|待定|(?:长期|常年|持续|常态|全年|每[年月季周]|上半年|下半年|年[底末内中]|\d{1,4}[年月日]|第[一二三四]季度|立即|适时).*|(?:以下|具体|其中|均|不再|除|并).*|下同.*|.{0,3}排名.{0,16}|.*[列排](?:在|名)?(?:第一|首)位?的?.{0,12})$"
)
SCOPED = re.compile(r"(?:其中:?)?[^由、,;。]{1,24}(?<![自理缘])由(?=[\u4e00-\u9fff]{2})")  # 「燃气由市住建局负责」
FIRST_LEADS = re.compile(
    r"[列排](?:在|名)?(?:第[一1]|首)(?:位|个)?的?(?:责任|实施)?(?:单位|部门|者)?(?:均?为|是|作为|系)(?:总?牵头|第一责任|主要?责任|主办)"
)


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int


def read_segments(text: str, start: int, end: int, gaps: frozenset[int]) -> list[Named]:
    """Everything named between `start` and `end`, whose lists may each have a label in front."""
    labels = list(LABEL.finditer(text, start, end))
    found: list[Named] = []
    if not labels or labels[0].start() > start:
        front = read_list(text, start, labels[0].start() if labels else end, None, gaps)
        found += [name for name in front if name.is_open or is_unit(name.name)]
    for at, label in enumerate(labels):
        until = labels[at + 1].start() if at + 1 < len(labels) else end
        if label.lastgroup == "unit":
            names = read_list(text, label.end(), until, label_role(label.group()), gaps)
            if "人" in label.group():
                names = _bodies(names)
            found += names if STRICT_LABEL.fullmatch(label.group()) or plausible(names) else []
    return found


def _bodies(names: list[Named]) -> list[Named]:
    """Behind 责任单位及责任人 only the bodies, without the persons in brackets behind them."""
    kept = [name for name in names if name.is_open or is_unit(name.name)]
    bare = [PERSON_BEHIND.sub("", name.name) for name in kept]
    return [replace(name, name=words, end=name.start + len(words)) for name, words in zip(kept, bare, strict=True)]


def read_list(text: str, start: int, end: int, role: str | None, gaps: frozenset[int]) -> list[Named]:
    """Names between `start` and `end`; a verb behind them gives the role, else the label's `role`, else none yet."""
    done: list[Named] = []
    pending: list[Named] = []
    led = False
    for piece in _pieces(text, start, end, gaps):
        for at, until, joint in _joint_parts(text, piece):
            words = text[at:until]
            if FIRST_LEADS.search(words) and "(" not in words:
                continue
            tail = _bracketed_tail(words) or tail_of(words)
            if tail and tail[1] != 1:  # one character before a verb is no name
                verb_role, cut = tail
                pending += _names(text, at, at + cut, role)
                if led and joint and verb_role == RESPONSIBLE:
                    verb_role = COOPERATE
                if role == LEAD and verb_role == COOPERATE:
                    # 「牵头单位:A,B配合」: the verb is B's, the label A's.
                    kept = _before_last_comma(text, pending)
                    done += [replace(name, role=LEAD, rule="label_lead") for name in pending[:kept]]
                    pending = pending[kept:]
                done += [_spoken(name, verb_role) for name in pending]
                led = led or verb_role == LEAD
                pending = []
            else:
                pending += _names(text, at, until, role)
    left = role or (COOPERATE if led else RESPONSIBLE)
    rule = f"label_{role}" if role else ("after_lead" if led else "bare_list")
    done += [name if name.spoken else replace(name, role=left, rule=rule) for name in pending]
    return _merged(text, sorted(done, key=lambda name: name.start))


def _bracketed_tail(words: str) -> tuple[str, int] | None:
    """「省财政厅(按职责分工)」: the verb of the whole list in brackets behind it."""
    match = BRACKETED_TAIL.search(words)
    return ("lead" if match["lead"] else "shared", match.start()) if match else None


def _spoken(name: Named, role: str) -> Named:
    return name if name.spoken else replace(name, role=role, rule=f"verb_{role}", spoken=True)


def _before_last_comma(text: str, names: list[Named]) -> int:
    """How many of `names` stand before the last comma between two of them."""
    for at in range(len(names) - 1, 0, -1):
        if "," in text[names[at - 1].end : names[at].start]:
            return at
    return 0


def _pieces(text: str, start: int, end: int, gaps: frozenset[int]) -> list[_Piece]:
    """The stretches between separators that stand outside brackets."""
    pieces, depth, begin = [], 0, start
    for at in range(start, end):
        char = text[at]
        if char in "([〔【":
            depth += 1
        elif char in ")]〕】":
            depth = max(0, depth - 1)
        elif not depth and char in SEPARATORS:
            pieces.append(_Piece(begin, at))
            begin = at + 1
        if not depth and at in gaps and at > begin and _gap_parts(text[begin:at], text[at : min(end, at + LONGEST)]):
            pieces.append(_Piece(begin, at))
            begin = at
    pieces.append(_Piece(begin, end))
    return [piece for piece in pieces if piece.end > piece.start]


def _gap_parts(left: str, right: str) -> bool:
    """White space between two names parts them; inside a name it is damage."""
    words = re.split(r"[、,;。\n]", right, maxsplit=1)[0]
    tail = tail_of(left)
    return (is_unit(left) or is_class(left) or bool(tail)) and len(words) >= 2 and not TAIL.fullmatch(words)


def _joint_parts(text: str, piece: _Piece) -> list[tuple[int, int, bool]]:
    """「A牵头会同B负责」 is two stretches; the flag says that the second was joined to the first."""
    parts, begin, joint = [], piece.start, False
    for match in JOINT.finditer(text, piece.start, piece.end):
        cut = match.start()
        if text.startswith("牵头", cut):
            parts.append((begin, cut + 2, joint))
        elif cut > begin:
            parts.append((begin, cut, joint))
        begin, joint = match.end(), True
    if begin < piece.end:
        parts.append((begin, piece.end, joint))
    return parts


def _names(text: str, start: int, end: int, role: str | None) -> list[Named]:
    """The names of one stretch: with 和 between, 等部门 behind, a role in brackets."""
    scoped = SCOPED.match(text, start, end)
    start = scoped.end() if scoped else start
    front = FRONT.match(text, start, end)
    if front and front.end() < end:
        start = front.end()
    found: list[Named] = []
    for low, high in parted(text[start:end]):
        at, until = start + low, start + high
        words = text[at:until]
        bracket = re.search(r"\(((?:牵头|负责|配合|主办|协办|参与|协同|责任)(?:单位|部门)?)\)$", words)
        if bracket:
            until = at + bracket.start()
            bracket_role = label_role(bracket[1])
        definition = DEFINITION.search(text[at:until])
        if definition:
            until = at + definition.start()
        for named in _named(text, at, until):
            found.append(
                replace(named, role=bracket_role, rule=f"bracket_{bracket_role}", spoken=True) if bracket else named
            )
    return found


def _named(text: str, start: int, end: int) -> list[Named]:
    words = text[start:end]
    stripped = words.strip(" .·:【】*\"'")
    if not stripped or NO_UNIT.match(stripped):
        return []
    start += words.index(stripped[0])
    end = start + len(stripped)
    rest = rest_at(stripped)
    if rest is None:
        return [_name(text, start, end)]
    head = [_name(text, start, start + rest)] if rest else []
    return [*head, Named(start + rest, end, stripped[rest:], "", "", is_open=True)]


def _name(text: str, start: int, end: int) -> Named:
    return Named(start, end, text[start:end], "", "", is_open=is_class(text[start:end]))


def _merged(text: str, names: list[Named]) -> list[Named]:
    """各乡(镇)党委、政府 and 各市、县人民政府 are one class each, though a comma stands inside."""
    found: list[Named] = []
    for name in names:
        before = found[-1] if found else None
        if before and before.is_open and name.start - before.end == 1 and before.role == name.role:
            party = before.name.endswith(("委", "党组织")) and PLAIN_GOVERNMENT.fullmatch(name.name)
            level = (
                BARE_LEVEL.fullmatch(before.name)
                and re.match(r"[市县区州镇乡旗(]", name.name)
                and not name.name.startswith("各")
            )
            if party or (level and GOVERNED.search(name.name)):
                found[-1] = replace(before, end=name.end, name=text[before.start : name.end])
                continue
        if (
            before
            and not before.is_open
            and BARE_LEVEL.fullmatch(before.name)
            and name.is_open
            and name.start - before.end == 1
        ):
            found[-1] = replace(before, end=name.end, name=text[before.start : name.end], is_open=True)
            continue
        if before and before.is_open and _same_kind_of_class(before, name):
            name = replace(name, is_open=True)
        found.append(name)
    return found


def _same_kind_of_class(before: Named, name: Named) -> bool:
    """「各设区市农业农村局、财政局」: the second is the finance bureau of each of them."""
    return (
        name.start - before.end == 1
        and before.role == name.role
        and bool(re.search(r"[省市县区州旗乡镇].{2,12}[局委办]$", before.name))
        and bool(re.fullmatch(r"(?![省市县区州旗乡镇])[\u4e00-\u9fff]{2,10}[局委办]", name.name))
    )


def plausible(names: list[Named]) -> bool:
    """Whether a list without a label reads as units alone."""
    return bool(names) and all(name.is_open or is_unit(name.name) for name in names)
