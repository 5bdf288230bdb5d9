"""The parser as a whole: parts, items, head, verdict."""

from __future__ import annotations

from dataclasses import replace

from documents.draft import Deadline, Doubt, DraftPlan, Span, Target
from documents.normal import Normal, normalise
from documents.parsing.counties import counties_in
from documents.parsing.doubts import is_lower_level, number_doubts
from documents.parsing.grids import Grid, grids_in
from documents.parsing.items import Rules, Writer, sections_and_items
from documents.parsing.meta import Heads, Meta
from documents.parsing.outline import Node, Part, is_furniture, outline
from documents.parsing.place import place_of
from documents.parsing.rows import rows_as_items
from documents.parsing.statements import states_first_leads, states_rest_helps
from documents.parsing.verdict import REASONS, is_plan_title, kind_of, tells_progress, why_not
from documents.parsing.work import settle, walk
from documents.source import Source

MOST_PARAGRAPHS = 20_000  # the longest plans have a few thousand; more is a data file or an attack

MOST_LINES = 4 * MOST_PARAGRAPHS  # a paragraph may be wrapped to several


def parse(source: Source) -> DraftPlan:
    if source.text.count("\n") > MOST_LINES and sum(map(bool, map(str.strip, source.text.split("\n")))) > MOST_LINES:
        return DraftPlan(kind="notice", trackable=False, reason=REASONS["too_long"])
    grids = grids_in(source)
    normal = normalise(source.text, without=tuple(grid.whole for grid in grids))
    paragraphs = normal.text.count("\n") + sum(len(grid.rows) for grid in grids)
    if paragraphs > MOST_PARAGRAPHS:
        return DraftPlan(kind="notice", trackable=False, reason=REASONS["too_long"])
    parts = outline(normal)
    meta = Heads(source.text, normal, parts, _main(parts, normal, grids)).read()
    kind = kind_of(meta.body or meta.cover)
    settle(parts, normal.text, planned=is_plan_title(meta.body or meta.cover) and not grids)
    issuer = normal_words(meta)
    says = Rules(meta.year_stated, states_first_leads(normal.text), states_rest_helps(source.text))
    writer = Writer(source.text, normal, year=meta.year, place=place_of(issuer), says=says)
    sections, items = sections_and_items(parts, writer)
    for grid in grids:
        below = _heading_above(parts, normal, grid)
        more_sections, more_items = rows_as_items(grid, writer, below)
        sections += more_sections
        items += more_items
    with_units = sum(1 for item in items if item.units or item.open_units)
    reported = tells_progress([item.body.text for item in items])
    kind = "report" if reported else kind
    reason = why_not(kind, meta.cover + meta.body, items=len(items), with_units=0 if reported else with_units)
    if reason and not items:
        sections, items = _numbered(parts, normal.text, writer)
        numbered = sum(1 for part in parts for _ in walk(part.root))
        reason = why_not(kind, meta.cover + meta.body, items=numbered, with_units=0) or REASONS["empty"]
    if reason:  # what a report says was achieved, or a notice of its dates, is nothing to be reached
        items = [replace(item, deadlines=(), targets=()) for item in items]
    deadlines, targets = ((), ()) if reason else _of_the_document(parts, writer)
    return DraftPlan(
        kind=kind,
        trackable=not reason,
        reason=reason,
        title=meta.title,
        issuer=meta.issuer,
        number=meta.number,
        issued_on=meta.issued_on,
        year=meta.year,
        sections=tuple(sections),
        items=tuple(number_doubts(items)),
        counties=counties_in(normal, source.text),
        deadlines=deadlines,
        targets=targets,
        doubts=_doubts(meta, items, trackable=not reason),
    )


def normal_words(meta: Meta) -> str | None:
    return "".join(meta.issuer.text.split()) if meta.issuer else None


def _main(parts: list[Part], normal: Normal, grids: list[Grid]) -> int:
    """The part that holds the plan: the table's, else the one that names most units, else the most numbered one."""
    if not parts:
        return 0
    if grids:
        before = [at for at, part in enumerate(parts) if _starts(part, normal) < grids[0].whole.start]
        return before[-1] if before else 0

    def weight(part: Part) -> tuple[int, int]:
        nodes = list(walk(part.root))
        return sum(1 for node in nodes if node.statements), len(nodes)

    return max(range(len(parts)), key=lambda at: (weight(parts[at]), -at))


def _starts(part: Part, normal: Normal) -> int:
    return normal.span(*part.paragraphs[0]).start


def _heading_above(parts: list[Part], normal: Normal, grid: Grid) -> str | None:
    """The path of the heading a table stands under."""
    above = [part for part in parts if _starts(part, normal) < grid.whole.start]
    everything = walk(above[-1].root) if above else ()
    nodes = [node for node in everything if normal.span(*node.paragraphs[0]).end <= grid.whole.start]
    if not nodes or nodes[-1].is_item or nodes[-1].paragraphs[0][1] - nodes[-1].after > 40:
        return None
    path, at = [], nodes[-1]
    while at.mark:
        path.append(at.number)
        at = at.parent
    return "/".join(reversed(path))


def _numbered(parts: list[Part], text: str, writer: Writer):
    """In a document with nothing to track the numbered paragraphs are listed all the same."""
    for part in parts:
        for node in walk(part.root):
            node.is_item, node.why = not node.children and not _is_heading(node, text), "numbered"
    return sections_and_items(parts, writer)


def _is_heading(node: Node, text: str) -> bool:
    """A line without a stop, with its words in the paragraphs below."""
    start, end = node.paragraphs[0]
    return len(node.paragraphs) > 1 and end - start <= 45 and text[end - 1] not in "。;"


def _of_the_document(parts: list[Part], writer: Writer) -> tuple[tuple[Deadline, ...], tuple[Target, ...]]:
    """Deadlines and targets outside the items, of the parts that hold items."""
    deadlines: list[Deadline] = []
    targets: list[Target] = []
    for part in parts:
        nodes = list(walk(part.root))
        if not any(node.is_item for node in nodes):
            continue
        first = min(node.start for node in nodes)
        own = [paragraph for node in nodes if not _in_item(node) for paragraph in node.paragraphs]
        for start, end in sorted(
            [*(one for one in part.loose if one[0] > first and not is_furniture(writer.words(*one))), *own]
        ):
            some_deadlines, some_targets = writer.dated(start, end)
            deadlines += some_deadlines
            targets += some_targets if (start, end) in own else ()
    return tuple(deadlines), tuple(targets)


def _in_item(node: Node) -> bool:
    """Whether the paragraph is an item or part of one that takes its sub-points in."""
    at: Node | None = node
    while at is not None:
        if at.is_item and (at is node or not at.below):
            return True
        at = at.parent
    return False


def _doubts(meta: Meta, items: list, *, trackable: bool) -> tuple[Doubt, ...]:
    start = Span(0, 0)
    found = []
    if not trackable:
        return ()
    for code, value, reason in (
        ("no_title", meta.title, "没有找到标题，请填写。"),
        ("no_issuer", meta.issuer, "没有找到发文单位，请填写。"),
        ("no_date", meta.issued_on, "没有找到成文日期，请填写。"),
        ("no_year", meta.year, "没有找到计划年度，请填写。"),
    ):
        if value is None:
            found.append(Doubt(code, reason, start))
    if meta.year and not meta.year_stated:
        reason = f"文件没有写明年度，按正文的时限推定为{meta.year}年，请确认。"
        found.append(Doubt("year_inferred", reason, start))
    if is_lower_level([unit for item in items for unit in item.units]):
        found.append(Doubt("lower_level", "责任单位都是县级或乡级单位，这可能是下级的计划，请确认是否要导入。", start))
    return tuple(found)
