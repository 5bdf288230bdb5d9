"""A second import against the plan it goes into: which item stands for which, and what differs."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from imports.choices import Change
from imports.keeping import keep_decisions
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportRemoval, ImportUnit
from tasks.models import Assignment, WorkItem

ALIKE = 0.6  # share of equal characters from which two wordings are taken for one item
COMPARED = 400  # characters of each wording
MOST_COMPARED = 200  # items of each side compared by their wording; beyond that people pair them


@dataclass(frozen=True)
class Differences:
    """What publishing the item would change in the plan."""

    wording: bool
    opened: list[ImportUnit] = field(default_factory=list)
    closed: list[Assignment] = field(default_factory=list)
    changed: list[tuple[Assignment, ImportUnit]] = field(default_factory=list)  # another role

    def __bool__(self) -> bool:
        return self.wording or bool(self.opened or self.closed or self.changed)


def flat(text: str) -> str:
    """A wording without layout and width of letters, for comparison."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def duties_of(plan_id: int | None) -> dict[int, list[Assignment]]:
    """The plan's duties in force by item: one query."""
    duties: dict[int, list[Assignment]] = defaultdict(list)
    for duty in Assignment.objects.filter(item__plan=plan_id, valid_to=None).select_related("department"):
        duties[duty.item_id].append(duty)
    return duties


def differences(item: ImportItem, duties: Iterable[Assignment]) -> Differences:
    """Between a matched item and the duties in force of the item it stands for; no query when rows are prefetched."""
    revision = item.matched.revision
    theirs = {(duty.department_id, duty.scope): duty for duty in duties}
    ours = {(unit.department_id, unit.scope): unit for unit in item.units.all() if unit.department_id}
    return Differences(
        wording=flat(revision.text) != flat(item.text) or revision.title != item.title,
        opened=[unit for part, unit in ours.items() if part not in theirs],
        closed=[duty for part, duty in theirs.items() if part not in ours],
        changed=[
            (theirs[part], unit) for part, unit in ours.items() if part in theirs and theirs[part].role != unit.role
        ],
    )


def pair(document: DocumentImport) -> None:
    """Match the draft's items with those of the plan, and list what the document no longer has."""
    items = list(document.items.select_related("section__parent").prefetch_related("units"))
    standing = list(
        WorkItem.objects.filter(plan=document.plan_id).select_related("revision", "section__parent").in_order()
    )
    pairs = _by_text(items, standing) | {}
    pairs |= _by_number(_without(items, pairs), _without(standing, pairs.values()))
    pairs |= _by_likeness(_without(items, pairs), _without(standing, pairs.values()))
    for item, work_item in pairs.items():
        item.matched, item.title = work_item, work_item.revision.title
    ImportItem.objects.bulk_update(items, ("matched", "title"), batch_size=500)
    gone = _without(standing, pairs.values())
    ImportRemoval.objects.bulk_create(ImportRemoval(document=document, item=work_item) for work_item in gone)
    duties = duties_of(document.plan_id)
    ImportDoubt.objects.bulk_create(_uncertain(document, pairs, duties))
    keep_decisions(document, pairs, duties)
    refresh_changes(document, [item.pk for item in items])


def _without(rows: Iterable, taken: Iterable) -> list:
    keys = {row.pk for row in taken}
    return [row for row in rows if row.pk not in keys]


def _by_text(items: list[ImportItem], standing: list[WorkItem]) -> dict[ImportItem, WorkItem]:
    """The same words, wherever they stand now."""
    texts = {flat(work_item.revision.text): work_item for work_item in standing if work_item.revision.text}
    found: dict[ImportItem, WorkItem] = {}
    for item in items:
        if (work_item := texts.pop(flat(item.text), None)) is not None:
            found[item] = work_item
    return found


def _by_number(items: list[ImportItem], standing: list[WorkItem]) -> dict[ImportItem, WorkItem]:
    """The same number in the same section, unless the words say that it is another one."""
    places: dict[tuple, list[WorkItem]] = defaultdict(list)
    for work_item in standing:
        places[_place(work_item)].append(work_item)
    found: dict[ImportItem, WorkItem] = {}
    for item in items:
        here = places.get(_place(item), [])
        if len(here) == 1 and _may_be(item, here[0]):
            found[item] = here.pop()
    return found


def _place(row: ImportItem | WorkItem) -> tuple[str, str, str]:
    section = row.section
    parent = section.parent if section else None
    return _bare(parent.number if parent else ""), _bare(section.number if section else ""), _bare(row.number)


def _bare(number: str) -> str:
    return "".join(letter for letter in flat(number) if letter.isalnum())


def _may_be(item: ImportItem, work_item: WorkItem) -> bool:
    text = work_item.revision.text
    return not text or likeness(item.text, text) >= ALIKE / 2


def _by_likeness(items: list[ImportItem], standing: list[WorkItem]) -> dict[ImportItem, WorkItem]:
    """Of what is left, the wordings most alike."""
    told = [work_item for work_item in standing if work_item.revision.text][:MOST_COMPARED]
    scores = [
        (score, item, work_item)
        for item in items[:MOST_COMPARED]
        for work_item in told
        if (score := likeness(item.text, work_item.revision.text)) >= ALIKE
    ]
    found: dict[ImportItem, WorkItem] = {}
    for _, item, work_item in sorted(scores, key=lambda one: (-one[0], one[1].start)):
        if item not in found and work_item not in found.values():
            found[item] = work_item
    return found


def likeness(one: str, other: str) -> float:
    """Share of equal characters in the first few hundred, 0 when clearly below `ALIKE` / 2."""
    matcher = SequenceMatcher(None, flat(one)[:COMPARED], flat(other)[:COMPARED], autojunk=False)
    if matcher.real_quick_ratio() < ALIKE / 2 or matcher.quick_ratio() < ALIKE / 2:
        return 0.0
    return matcher.ratio()


def _uncertain(document: DocumentImport, pairs: dict[ImportItem, WorkItem], duties: dict) -> Iterable[ImportDoubt]:
    """A pair found by its number alone that shares no unit is worth a look."""
    for item, work_item in pairs.items():
        ours = {unit.department_id for unit in item.units.all() if unit.department_id}
        theirs = {duty.department_id for duty in duties.get(work_item.pk, ())}
        if not work_item.revision.text and ours and theirs and not ours & theirs:
            reason = f"按序号对应原有的{work_item}“{work_item.revision.title}”，但责任单位完全不同，请核对。"
            yield ImportDoubt(
                document=document, item=item, code="pair_uncertain", reason=reason, start=item.start, end=item.end
            )


def refresh_changes(document: DocumentImport, keys: Iterable[int]) -> None:
    """Bring 新增/改动/不变 of these items up to date."""
    if document.plan_id is None:
        return
    items = list(
        ImportItem.objects.filter(pk__in=list(keys))
        .select_related("document__source", "matched__revision")
        .prefetch_related("units")
    )
    duties = duties_of(document.plan_id)
    for item in items:
        item.change = _change(item, duties)
    ImportItem.objects.bulk_update(items, ("change",), batch_size=500)


def _change(item: ImportItem, duties: dict[int, list[Assignment]]) -> str:
    if item.matched_id is None:
        return Change.ADDED
    return Change.CHANGED if differences(item, duties.get(item.matched_id, ())) else Change.SAME
