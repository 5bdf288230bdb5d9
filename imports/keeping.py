"""In a second import: what the office decided about units that no document names is proposed again, not forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from imports.choices import ImportState, MatchedBy, OpenUnitsDecision
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportUnit
from tasks.models import Assignment, WorkItem, WorkItemRevision

KEPT = "units_kept"


class EarlierDecisions:
    """What the imports published into a plan said of each of its items; the latest counts. Three queries."""

    def __init__(self, plan_id: int):
        places = {
            (source, start): item
            for source, start, item in WorkItemRevision.objects.filter(item__plan=plan_id).values_list(
                "source", "span_start", "item"
            )
        }
        self._named: dict[tuple[int, int], bool] = {}  # (item, department): whether the document named it
        self._open: dict[tuple[int, str], str] = {}  # (item, its open units as written): the decision
        published = ImportItem.objects.filter(document__made_plan=plan_id, document__state=ImportState.PUBLISHED).kept()
        for row in (
            published.select_related("document").prefetch_related("units").order_by("document__published_at", "pk")
        ):
            key = row.matched_id or places.get((row.document.source_id, row.start))
            if key is None:
                continue
            self._open[key, row.open_units] = row.open_units_decision
            for unit in row.units.all():
                if unit.department_id:
                    self._named[key, unit.department_id] = unit.start is not None

    def is_the_offices(self, duty: Assignment, item: ImportItem) -> bool:
        """Whether the office added this duty: in a review, or in the plan itself where the document says 等."""
        named = self._named.get((duty.item_id, duty.department_id))
        return bool(item.open_units) if named is None else not named

    def about_open_units(self, item: ImportItem, work_item: WorkItem) -> str:
        return self._open.get((work_item.pk, item.open_units), "") if item.open_units else ""


def keep_decisions(
    document: DocumentImport, pairs: dict[ImportItem, WorkItem], duties: dict[int, list[Assignment]]
) -> None:
    """Propose the office's own units again, each item with a line that says so; a person may remove them."""
    if not pairs or document.plan_id is None:
        return
    earlier = EarlierDecisions(document.plan_id)
    units, doubts = [], []
    for item, work_item in pairs.items():
        kept = _units(item, duties.get(work_item.pk, ()), earlier)
        if kept:
            units += kept
            doubts.append(_doubt(document, item, kept))
        item.open_units_decision = _decision(item, work_item, kept, earlier)
    ImportUnit.objects.bulk_create(units, batch_size=500)
    ImportDoubt.objects.bulk_create(doubts, batch_size=500)
    ImportItem.objects.bulk_update(pairs, ("open_units_decision",), batch_size=500)


def _units(item: ImportItem, duties: Iterable[Assignment], earlier: EarlierDecisions) -> list[ImportUnit]:
    ours = {unit.department_id for unit in item.units.all()}
    added = [duty for duty in duties if duty.department_id not in ours and earlier.is_the_offices(duty, item)]
    last = max((unit.position for unit in item.units.all()), default=0)
    return [
        ImportUnit(
            item=item, position=position, name=duty.name_as_written or duty.department.name, role=duty.role,
            scope=duty.scope, department=duty.department, matched_by=MatchedBy.PERSON,
        )
        for position, duty in enumerate(added, last + 1)
    ]  # fmt: skip


def _decision(item: ImportItem, work_item: WorkItem, kept: list[ImportUnit], earlier: EarlierDecisions) -> str:
    """已补充 only with units that are still there: else it is asked again."""
    if kept and item.open_units:
        return OpenUnitsDecision.ADD
    said = earlier.about_open_units(item, work_item)
    return said if said == OpenUnitsDecision.KEEP else ""


def _doubt(document: DocumentImport, item: ImportItem, kept: list[ImportUnit]) -> ImportDoubt:
    names = "、".join(unit.name for unit in kept)
    reason = f"{names}由本厅补充，文件没有列名，继续保留；不再负责的请移除。"
    if len(reason) > 300:
        reason = f"本厅补充的{len(kept)}个单位文件没有列名，继续保留；不再负责的请移除。"
    return ImportDoubt(document=document, item=item, code=KEPT, reason=reason, start=item.start, end=item.end)
