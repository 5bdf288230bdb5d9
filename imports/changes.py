"""What publishing a second import would change in the plan, in words and marked text."""

from __future__ import annotations

from dataclasses import dataclass, field

from imports.choices import Change
from imports.diff import differences, duties_of
from imports.models import DocumentImport, ImportItem, ImportRemoval
from tasks.choices import AssignmentRole
from tasks.diff import Parts, marked


@dataclass
class ItemChange:
    """One matched item: its new wording against the old one, and which duties begin, end or change."""

    item: ImportItem
    now: Parts = field(default_factory=list)
    before: Parts = field(default_factory=list)
    first_text: bool = False  # the plan had no wording yet: nothing to compare
    duties: list[str] = field(default_factory=list)


@dataclass
class Changes:
    added: list[ImportItem]
    changed: list[ItemChange]
    same: list[ImportItem]
    removed: list[ImportRemoval]

    @property
    def told_apart(self) -> list[ItemChange]:
        """Those that a person should compare: more than the wording coming to an item that had none."""
        return [one for one in self.changed if one.duties or not one.first_text]

    @property
    def only_text(self) -> list[ImportItem]:
        return [one.item for one in self.changed if one.first_text and not one.duties]


def changes_of(document: DocumentImport) -> Changes:
    """Of a document with its rows prefetched: one query."""
    kept = [item for item in document.items.all() if item.is_kept]
    duties = duties_of(document.plan_id)
    return Changes(
        added=[item for item in kept if item.change == Change.ADDED],
        changed=[_change(item, duties) for item in kept if item.change == Change.CHANGED],
        same=[item for item in kept if item.change == Change.SAME],
        removed=list(document.removals.all()),
    )


def _change(item: ImportItem, duties) -> ItemChange:
    found = differences(item, duties.get(item.matched_id, ()))
    old = item.matched.revision.text
    change = ItemChange(item, first_text=not old)
    if found.wording and old:
        change.now, change.before = marked(item.text, old)
    change.duties = [
        *(f"新增 {unit.department or unit.name}（{unit.get_role_display()}）" for unit in found.opened),
        *(f"结束 {duty.department}（{duty.get_role_display()}）" for duty in found.closed),
        *(
            f"{duty.department} 由{duty.get_role_display()}改为{AssignmentRole(unit.role).label}"
            for duty, unit in found.changed
        ),
    ]
    return change
