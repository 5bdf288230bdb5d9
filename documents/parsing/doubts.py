"""What a person should look at, and why, in the office's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from documents.draft import Doubt, DraftItem, DraftUnit, Span
from documents.folding import FOLD
from documents.marks import value_of
from documents.normal import Normal
from documents.parsing.names import ENDING, PLACE, is_class, strip_brackets
from documents.parsing.outline import UNKNOWN_LABEL, Node
from documents.roles import LABEL, label_role

ENDS = "。;!?)]〕】”:.,、；！？）］：．，｡"


def item_doubts(item: DraftItem, node: Node, normal: Normal) -> DraftItem:
    """The item of a numbered paragraph with what is doubtful in it."""
    found = list(_words_against_labels(node, normal))
    found += list(_unread_labels(node, normal))
    lowest = node
    while lowest.children and not node.below:
        lowest = lowest.children[-1]
    last = lowest.paragraphs[-1]
    stated = any(one.end >= last[1] - 1 for one in (*node.statements, *lowest.statements))
    labelled = LABEL.search(normal.text, max(last[0], normal.text.rfind("。", *last)), last[1]) or UNKNOWN_LABEL.match(
        normal.text, last[0]
    )
    if not stated and not labelled and item.body.text.rstrip()[-1:] not in ENDS and "。" in item.body.text:
        found.append(Doubt("cut_off", "这一条的末尾没有句号，文字可能不完整，请对照原文。", _tail(item)))
    return replace(item, doubts=tuple(found))


def without_year(words: str, at: Span) -> Doubt:
    return Doubt("undated", f"“{words}”没有写年份，文件也没有写明年度，请补上日期。", at)


def _unread_labels(node: Node, normal: Normal) -> Iterable[Doubt]:
    """Lines below an item whose label is none of ours, so that what they say may count for more than it was read as."""
    for start, end in node.paragraphs[1:]:
        label = UNKNOWN_LABEL.match(normal.text, start, end)
        stated = any(one.start < end and start < one.end for one in node.statements)
        if label and not stated and not LABEL.match(normal.text, start):
            name = normal.text[start : label.end() - 2]
            reason = f"“{name}”这一行不知道写的是单位、时限还是要求，请核对。"
            yield Doubt("unknown_label", reason, normal.span(start, end))


def open_and_missing(item: DraftItem, *, year_stated: bool) -> DraftItem:
    """Doubts of any item: units that are not named, names that do not look like any, years that were not written."""
    found = [*item.doubts, *_units(item)]
    if not item.units and not item.open_units:
        found.append(Doubt("no_unit", "没有写明责任单位，请确认由谁负责。", _tail(item)))
    for deadline in () if year_stated else item.deadlines:
        if deadline.date and "年" not in deadline.text:
            reason = f"“{deadline.text}”没有写年份，按推定的年度算作{deadline.date}。"
            found.append(Doubt("year_assumed", reason, deadline.at))
    once = {(doubt.code, doubt.reason): doubt for doubt in reversed(found)}  # the first of those with the same words
    return replace(item, doubts=tuple(doubt for doubt in found if once[doubt.code, doubt.reason] is doubt))


def _tail(item: DraftItem) -> Span:
    return Span(max(item.body.at.start, item.body.at.end - 20), item.body.at.end)


def _units(item: DraftItem) -> Iterable[Doubt]:
    for one in item.open_units:
        part = f"“{one.scope}”部分的" if one.scope else ""
        yield Doubt("open_unit", f"{part}“{one.name}”没有指明具体单位，请确认包括哪些单位。", one.at)
    for unit in item.units:
        bare = strip_brackets("".join(unit.name.split()).translate(FOLD))
        if not ENDING.search(bare) and not PLACE.match(bare):
            yield Doubt("odd_name", f"“{unit.name}”不像单位名称，请核对。", unit.at)
        elif len(bare) > 20:
            yield Doubt("long_name", f"“{unit.name}”较长，可能是几个单位连在一起，请核对。", unit.at)


def _words_against_labels(node: Node, normal: Normal) -> Iterable[Doubt]:
    for statement in node.statements:
        words = normal.text[statement.start : statement.end]
        label = LABEL.search(words)
        if not label or label.lastgroup != "unit":
            continue
        for name in statement.names:
            if (
                name.spoken
                and name.role != label_role(label.group())
                and name.role == "cooperate"
                and "牵头" in label.group()
            ):
                at = normal.span(name.start, name.end)
                yield Doubt(
                    "role_conflict", f"“{name.name}”前面写“{label.group()[:-1]}”，后面的用词却是配合，请确认角色。", at
                )


def number_doubts(items: list[DraftItem]) -> list[DraftItem]:
    """The same items; those whose number repeats or skips one carry a doubt."""
    result: list[DraftItem] = []
    for at, item in enumerate(items):
        value, before = value_of(item.number), value_of(items[at - 1].number) if at else 0
        same = at and items[at - 1].section == item.section
        restarts = at and value == 1 and item.body.at.start - items[at - 1].body.at.end > 8  # below another title
        same = same and not restarts
        reason = ""
        if same and value and before and value == before:
            reason = f"编号“{item.number}”与上一条重复。"
        elif same and value and before and value != before + 1:
            reason = f"编号从“{items[at - 1].number}”跳到“{item.number}”，中间可能缺了内容。"
        if reason:
            code = "number_repeat" if value == before else "number_gap"
            start = Span(item.body.at.start, item.starts)
            item = replace(item, doubts=(*item.doubts, Doubt(code, reason, start)))
        result.append(item)
    return result


LOWER = ("县", "乡", "镇", "区", "街道")


def is_lower_level(units: list[DraftUnit]) -> bool:
    """Whether all named units are those of a county or below."""
    names = ["".join(unit.name.split()) for unit in units]
    return bool(names) and all(name.startswith(LOWER) and not is_class(name) for name in names)
