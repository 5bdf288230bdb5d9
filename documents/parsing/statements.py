"""Where in a paragraph units are named as responsible: in brackets, behind a label, in the last sentence."""

from __future__ import annotations

import re
from bisect import bisect_left

from documents.folding import FOLD
from documents.parsing.lists import FIRST_LEADS, plausible, read_list, read_segments
from documents.parsing.named import Named, Statement
from documents.parsing.names import LONGEST, is_unit
from documents.parsing.sentences import in_front, last_sentence, spoken
from documents.roles import LABEL, label_role, tail_of

OPENING, CLOSING = "([〔【", ")]〕】"
LONGEST_LIST = 1500
REST_HELPS = re.compile(
    r"牵头[”\")]{0,2}(?:字样)?的?(?:单位|部门)?(?:均?为|是|系)牵头(?:单位|部门)?[,;。]?其[余他它](?:单位|部门|的)?(?:均?为|是|系)"
    r"(?:配合|协办|协同|参与|会办)"
)
NEXT_POINT = re.compile(r"[。;,]?(?:[\u2461-\u2473]|\([2-9]\)|[二三四五六七八九]是)")
REMARK = re.compile("。(?=以下|上述|以上|下列|其余|其他|下同|各地)")  # for the reader, behind the names
BARE_LABEL = re.compile(
    r"(?:牵头|责任|配合|主办|协办|协同|参与|落实|承办)(?:单位|部门)(?![:\u4e00-\u9fff]{0,1}[的要应])"
)


def statements_in(text: str, gaps: list[int]) -> list[Statement]:
    """In the order of the text. `gaps` are the offsets where white space stood in the source."""
    spaces = frozenset(gaps)
    found = _bracketed(text, spaces)
    labelled = _labelled(text, spaces, [(one.start, one.end) for one in found if one.rule == "bracket_label"])
    reach = [(one.start, one.end) for one in labelled]
    found = [one for one in found if one.rule == "bracket_label" or not _within(one.start, reach)] + labelled
    if not found or found[-1].end < len(text) - 2:
        found += last_sentence(text, spaces, found)
    if not found:
        found = spoken(text, spaces) or in_front(text, spaces)
    return sorted(found, key=lambda statement: statement.start)


def _groups(text: str) -> list[tuple[int, int]]:
    """Outermost bracket pairs; one that is never closed runs to the end when it begins with a label."""
    found, depth, begin = [], 0, 0
    for match in re.finditer(r"[(\[〔【)\]〕】]", text):
        char, at = match.group(), match.start()
        if char in OPENING:
            if not depth:
                begin = at
            elif LABEL.match(text, at + 1):
                begin, depth = at, 0  # the bracket before was never closed
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                found.append((begin, at + 1))
    if depth and LABEL.match(text, begin + 1):
        found.append((begin, len(text)))
    return found


def _bracketed(text: str, gaps: frozenset[int]) -> list[Statement]:
    found = []
    for start, end in _groups(text):
        if not 4 <= end - start <= LONGEST_LIST:
            continue
        inner_end = end - 1 if text[end - 1] in CLOSING else end
        names, rule = _inside(
            text,
            start + 1,
            inner_end,
            gaps,
            last=not text[end : end + LONGEST_LIST].strip("。;,.") or bool(NEXT_POINT.match(text, end)),
        )
        if names:
            found.append(Statement(start, end, tuple(names), rule))
    return found


def _inside(text: str, start: int, end: int, gaps: frozenset[int], *, last: bool) -> tuple[list[Named], str]:
    note = FIRST_LEADS.search(text, start, end)
    if note and note.start() > start and text[note.start() - 1] == "。":
        end = note.start() - 1  # the names stand before the note that the first of them leads
    if note and note.start() == start and text[note.end() : end].strip(",。下同"):
        start = text.find("。", note.end(), end) + 1 or start  # or behind it
    remark = REMARK.search(text, start, end)
    if remark and remark.start() > start:
        end = remark.start()
    content = text[start:end]
    label = LABEL.search(content)
    if not label and "。" in content[:-1]:
        end = start + content.index("。")  # remarks for the reader stand behind the first full stop
        content = text[start:end]
    if label:
        return (
            ([name for name in read_segments(text, start, end, gaps) if _fits(name)], "bracket_label")
            if (label.lastgroup == "unit" or "责任" in content or "牵头" in content)
            else ([], "")
        )
    bare = BARE_LABEL.match(content)
    if bare and end - start > bare.end():
        role_end = start + bare.end() + (content[bare.end() : bare.end() + 1] in "为是")
        return [
            name for name in read_list(text, role_end, end, label_role(bare.group()), gaps) if _fits(name)
        ], "bracket_label"
    if _speaks(content) and "。" not in content[:-1]:
        names = read_list(text, start, end, None, gaps)
        if names and _mostly_units(names):
            return names, "bracket_verb"
        return [], ""
    if last and len(content) >= 3 and "。" not in content[:-1]:
        names = read_list(text, start, end, None, gaps)
        if plausible(names) and any(len(name.name) > 2 for name in names):
            return names, "bracket_bare"
    return [], ""


def _speaks(content: str) -> bool:
    """Whether a verb of responsibility ends the content, or ends a clause of it before a date or a remark."""
    return bool(tail_of(content.rstrip("。;,"))) or any(tail_of(clause) for clause in re.split("[,;]", content)[:8])


def _fits(name: Named) -> bool:
    return len(name.name) <= LONGEST + 8 and not re.search(r"[“”!?%]|\d{4}年", name.name)


def _mostly_units(names: list[Named]) -> bool:
    good = sum(1 for name in names if name.is_open or is_unit(name.name))
    # A name too long for a unit is kept and doubted: dropping it would drop the whole list.
    return good * 2 >= len(names) and good > 0 and all(_fits(name) or len(name.name) > LONGEST for name in names)


def _labelled(text: str, gaps: frozenset[int], taken: list[tuple[int, int]]) -> list[Statement]:
    """Labels outside brackets: to the end of the sentence, or to the next label that is no unit's."""
    labels = [
        label
        for label in LABEL.finditer(text)
        if not _within(label.start(), taken) and _opens(text, label.start(), gaps)
    ]
    found = []
    for at, label in enumerate(labels):
        if label.lastgroup != "unit":
            continue
        until = labels[at + 1].start() if at + 1 < len(labels) else len(text)
        stop = _sentence_end(text, label.end(), until)
        names = [name for name in read_segments(text, label.start(), stop, gaps) if _fits(name)]
        if names and (is_unit(names[0].name) or names[0].is_open or len(names[0].name) <= 16):
            found.append(Statement(label.start(), min(stop + 1, until), tuple(names), "label_line"))
    return found or _label_without_colon(text, gaps)


def _label_without_colon(text: str, gaps: frozenset[int]) -> list[Statement]:
    """「牵头单位  省水利厅」 in a line of its own: white space does for the colon."""
    label = BARE_LABEL.match(text)
    if not label or label.end() not in gaps:
        return []
    names = read_list(text, label.end(), len(text), label_role(label.group()), gaps)
    return [Statement(0, len(text), tuple(names), "label_line")] if plausible(names) else []


def _opens(text: str, at: int, gaps: frozenset[int]) -> bool:
    return at == 0 or text[at - 1] in "。;,!?)]〕】【\n:、·" or at in gaps


def _within(at: int, taken: list[tuple[int, int]]) -> bool:
    place = bisect_left(taken, (at + 1, 0)) - 1
    return place >= 0 and taken[place][0] <= at < taken[place][1]


def _sentence_end(text: str, start: int, until: int) -> int:
    """The first full stop outside brackets, at most LONGEST_LIST characters on."""
    depth = 0
    for at in range(start, min(until, start + LONGEST_LIST)):
        char = text[at]
        if char in OPENING:
            depth += 1
        elif char in CLOSING:
            depth -= 1
        elif char in "。\n" and depth <= 0:
            return at
    return min(until, start + LONGEST_LIST)


def states_rest_helps(text: str) -> bool:
    """标注“牵头”的为牵头单位,其余为配合单位: said once, of every list."""
    if "牵头" not in text or not ("其余" in text or "其他" in text):
        return False
    return bool(REST_HELPS.search("".join(text.split()).translate(FOLD)))


def states_first_leads(text: str) -> bool:
    return bool(FIRST_LEADS.search(text))
