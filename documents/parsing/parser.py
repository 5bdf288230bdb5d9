"""The parser as a whole: parts, items, head, verdict."""

from __future__ import annotations

from documents.draft import Deadline, Doubt, DraftPlan, Span, Target
from documents.normal import normalise
from documents.parsing.counties import counties_in
from documents.parsing.doubts import is_lower_level, number_doubts
from documents.parsing.items import Writer, sections_and_items
from documents.parsing.meta import Heads, Meta
from documents.parsing.outline import Part, outline
from documents.parsing.place import place_of
from documents.parsing.statements import states_first_leads
from documents.parsing.verdict import is_plan_title, kind_of, why_not
from documents.parsing.work import settle, walk
from documents.source import Source


def parse(source: Source) -> DraftPlan:
    normal = normalise(source.text)
    parts = outline(normal)
    meta = Heads(source.text, normal, parts, _main(parts)).read()
    kind = kind_of(meta.body or meta.cover)
    settle(parts, normal.text, planned=is_plan_title(meta.body or meta.cover))
    issuer = normal_words(meta)
    writer = Writer(
        source.text, normal, year=meta.year, place=place_of(issuer), first_leads=states_first_leads(normal.text)
    )
    sections, items = sections_and_items(parts, writer)
    with_units = sum(1 for item in items if item.units or item.open_units)
    reason = why_not(kind, meta.cover + meta.body, items=len(items), with_units=with_units)
    if reason and not items:
        sections, items = _numbered(parts, normal.text, writer)
        reason = why_not(kind, meta.cover + meta.body, items=len(items), with_units=0)
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


def _main(parts: list[Part]) -> int:
    """The part that holds the plan: the one whose numbered paragraphs name most units, else the most numbered ones."""
    if not parts:
        return 0

    def weight(part: Part) -> tuple[int, int]:
        nodes = list(walk(part.root))
        return sum(1 for node in nodes if node.statements), len(nodes)

    return max(range(len(parts)), key=lambda at: (weight(parts[at]), -at))


def _numbered(parts: list[Part], text: str, writer: Writer):
    """In a document with nothing to track the numbered paragraphs are listed all the same."""
    for part in parts:
        for node in walk(part.root):
            node.is_item, node.why = not node.children, "numbered"
    return sections_and_items(parts, writer)


def _of_the_document(parts: list[Part], writer: Writer) -> tuple[tuple[Deadline, ...], tuple[Target, ...]]:
    """Deadlines and targets outside the items, of the parts that hold items."""
    deadlines: list[Deadline] = []
    targets: list[Target] = []
    for part in parts:
        nodes = list(walk(part.root))
        if not any(node.is_item for node in nodes):
            continue
        own = [paragraph for node in nodes if not _in_item(node) for paragraph in node.paragraphs]
        for start, end in sorted([*part.loose, *own]):
            some_deadlines, some_targets = writer.dated(start, end)
            deadlines += some_deadlines
            targets += some_targets
    return tuple(deadlines), tuple(targets)


def _in_item(node) -> bool:
    while node is not None:
        if node.is_item:
            return True
        node = node.parent
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
    if is_lower_level([unit for item in items for unit in item.units]):
        found.append(Doubt("lower_level", "责任单位都是县级或乡级单位，这可能是下级的计划，请确认是否要导入。", start))
    return tuple(found)
