"""Which numbered paragraphs are pieces of work, and which are headings, aims or demands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from documents.marks import BRACKETED_FIGURE, BULLET
from documents.parsing.named import Named, Statement
from documents.parsing.names import is_unit
from documents.parsing.outline import Node, Part
from documents.roles import LEAD, RESPONSIBLE

NOT_WORK = re.compile(
    r"(?:(?:工作)?(?:总体|指导|基本)(?:要求|思路|目标|部署|思想|原则|考虑|安排)|(?:主要|工作|总|发展|年度|行动|具体|预期|总体)目标|工作原则|目标要求"
    r"|(?:工作|有关|相关|几点|纪律|落实)要求|(?:组织|工作|政策|实施|要素|支撑|强化)?保障(?:措施|机制|体系)?$|保障措施|强化(?:组织)?保障|组织(?:实施|领导|保障|推进)"
    r"|(?:加强|强化|切实加强)组织(?:领导|实施|保障)|(?:实施|工作|推进|方法)步骤|时间(?:安排|步骤)|进度安排|附则|有关事项|其他事项|工作机制$"
    r"|(?:基本|发展)(?:情况|现状|形势)|形势(?:和|与)?|现状|背景|重要意义|存在(?:的)?(?:主要)?问题|工作(?:开展)?情况|适用范围|本(?:办法|措施|意见|方案|规定|细则|政策|要点|计划)(?:自|由|有效|所称|中)|编制依据|重大意义)"
)
HEAD = re.compile(r"[^。;:!?]{2,40}(?=[。:!?])")
HEADED = re.compile(
    r"(?P<unit>[\u4e00-\u9fff()]{3,30}?)(?P<verb>牵头|主办|负责|承担|承办)?(?:负责|落实|推进)?的?(?:重点|主要)?(?:工作|任务|事项|项目)?"
    r"(?P<count>\((?:共计?)?\d{1,3}[项件条个]\))?[:。]?"
)
DEEPEST_WORK = BRACKETED_FIGURE  # below this only a unit of its own makes a piece of work


def settle(parts: list[Part], text: str, *, planned: bool) -> None:
    """Mark the items. `planned`: the title says it is a plan, so that numbered work counts even with no unit named."""
    _settle_lifts(parts)
    for part in parts:
        _hand_down(part.root, text)
    for part in parts:
        _carriers(part.root)
    for part in parts:
        _promote_neighbours(part.root, text)
    if not any(node.is_item for part in parts for node in walk(part.root)) and planned:
        _take_leaves(parts, text)


def _hand_down(root: Node, text: str) -> None:
    """「一、市教育局牵头任务(8项)」: the unit of a heading answers for the work below it."""
    for node in walk(root):
        named = _headed(node, text) if node.children else None
        if named is None:
            continue
        for child in walk(node):
            taken = {(name.name, name.role) for one in child.statements for name in one.names}
            leads = any(role == LEAD for _, role in taken)
            if (
                not child.children
                and named.name not in {name for name, _ in taken}
                and not (named.role == LEAD and leads)
            ):
                child.statements.insert(0, Statement(named.start, named.end, (named,), named.rule))


def _headed(node: Node, text: str) -> Named | None:
    start, end = node.after, node.paragraphs[0][1]
    match = HEADED.fullmatch(text, start, end) if end - start <= 60 else None
    if not match or not (match["verb"] or match["count"]) or not is_unit(match["unit"]):
        return None
    role = LEAD if match["verb"] in ("牵头", "主办") else RESPONSIBLE
    return Named(*match.span("unit"), match["unit"], role, "heading_unit", spoken=True)


def walk(node: Node) -> Iterator[Node]:
    stack = list(reversed(node.children))
    while stack:
        at = stack.pop()
        yield at
        stack.extend(reversed(at.children))


def head_of(node: Node, text: str) -> tuple[int, int] | None:
    """The short heading of a numbered paragraph: its whole first line, or its first sentence when text follows."""
    start, end = node.after, node.paragraphs[0][1]
    match = HEAD.match(text, start, end)
    if match:
        return match.span()
    return (start, end) if 0 < end - start <= 45 and (len(node.paragraphs) > 1 or node.children) else None


def is_not_work(node: Node, text: str) -> bool:
    return bool(NOT_WORK.match(text[node.after : node.after + 40].split("。")[0].split(":")[0].split("\n")[0]))


def below_not_work(node: Node, text: str) -> bool:
    at: Node | None = node
    while at is not None and at.mark:
        if is_not_work(at, text):
            return True
        at = at.parent
    return False


def _carriers(node: Node) -> bool:
    """A paragraph that names units is an item; returns whether anything here does."""
    below = False
    for child in node.children:
        below = _carriers(child) or below
    node.below = below
    if node.mark and node.statements:
        node.is_item, node.why = True, "own_units"
    return below or bool(node.mark and node.statements)


def _promote_neighbours(root: Node, text: str) -> None:
    groups = [node for node in [root, *walk(root)] if node.children]
    last: dict[int, tuple[int, bool]] = {}
    for parent in groups:
        if any(_inside_item(parent)) and not parent.below:
            continue
        children = [child for child in parent.children if not child.below]
        has_items = any(child.is_item for child in children)
        if has_items or _runs_on(children, last) or _like_its_sisters(parent, text):
            for child in children:
                if not child.is_item and not below_not_work(child, text) and child.rank != BULLET:
                    child.is_item, child.why = True, "neighbours"
        for child in children:
            last[child.rank] = (child.value, child.is_item)


def _inside_item(node: Node) -> Iterator[bool]:
    at: Node | None = node
    while at is not None:
        if at.is_item:
            yield True
        at = at.parent


def _runs_on(children: list[Node], last: dict[int, tuple[int, bool]]) -> bool:
    if not children:
        return False
    value, was_item = last.get(children[0].rank, (0, False))
    return was_item and children[0].value > 1 and children[0].value == value + 1


def _like_its_sisters(parent: Node, text: str) -> bool:
    """Most of the sections beside this one hold items of the same kind, and its title is not one of aims or demands."""
    if not parent.mark or parent.parent is None or below_not_work(parent, text):
        return False
    rank = parent.children[0].rank
    sisters = [
        one for one in parent.parent.children if one is not parent and one.children and not is_not_work(one, text)
    ]
    alike = [one for one in sisters if any(child.is_item and child.rank == rank for child in one.children)]
    return bool(alike) and 2 * len(alike) >= len(sisters)


def _take_leaves(parts: list[Part], text: str) -> None:
    for part in parts[1:] if any(walk_any(part) for part in parts[1:]) else parts:
        for node in walk(part.root):
            deep = node.rank >= DEEPEST_WORK
            leaf = all(child.rank >= DEEPEST_WORK for child in node.children)
            if leaf and not deep and not below_not_work(node, text):
                node.is_item, node.why = True, "numbered"


def walk_any(part: Part) -> bool:
    return sum(1 for _ in walk(part.root)) > 1


def _settle_lifts(parts: list[Part]) -> None:
    """Units at the end of the last sub-point belong to the paragraph above, where the document does so throughout."""
    for part in parts:
        for parents in _by_rank(part.root).values():
            last_only = [node for node in parents if _only_last(node)]
            spread = [node for node in parents if sum(1 for child in node.children if child.statements) > 1]
            lone = [node for node in parents if not node.children and node.statements]
            apart = [node for node in last_only if _stands_apart(node.children[-1])]
            if last_only and not spread and (len(last_only) > 1 or lone or apart):
                alone = [node for node in parents if len(node.children) == 1 and _stated_apart(node)]
                for node in [*last_only, *alone]:
                    node.statements.extend(node.children[-1].statements)
                    node.children[-1].statements = []


def _by_rank(root: Node) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = {}
    for node in walk(root):
        found.setdefault(node.rank, []).append(node)
    return found


def _stated_apart(node: Node) -> bool:
    child = node.children[0]
    return bool(child.statements) and not child.children and not node.statements and _stands_apart(child)


def _stands_apart(node: Node) -> bool:
    """Whether its units stand in a paragraph of their own below it."""
    return node.statements[0].start >= node.paragraphs[0][1]


def _only_last(node: Node) -> bool:
    """Two sub-points or more, none with anything below, units in the last alone."""
    children = node.children
    if len(children) < 2 or node.statements or any(child.children for child in children):
        return False
    return bool(children[-1].statements) and not any(child.statements for child in children[:-1])
