"""Who answers for an item: roles, parts, the department a name stands for, the coordinating one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max

import departments.services as register
from accounts.errors import Refused
from accounts.guards import require
from accounts.models import User
from departments.errors import NameTaken
from departments.models import Department
from imports.choices import MatchedBy, OpenUnitsDecision, Verb
from imports.models import ImportItem, ImportUnit
from imports.reasons import OPEN_UNIT
from imports.services.linking import match_everywhere, match_name, settle, step_of_units
from imports.services.steps import item_step, raise_version
from tasks.choices import AssignmentRole

LONGEST = 120
NO_UNIT = "no_unit"


def set_unit(
    unit: ImportUnit, *, by: User, version: int, role: str | None = None, scope: str | None = None,
    department: Department | None = None,
) -> ImportUnit:  # fmt: skip
    """Change the role, the part of the item, or the department meant; what is None stays. `version` is the item's.

    Raises Refused (bad_role, too_long), AlreadyMoved.
    """
    changes = _checked(role, scope)
    if department is not None:
        changes |= {"department": department, "matched_by": MatchedBy.PERSON, "candidates": []}
    item, detail = unit.item, f"{unit.item} {unit.name}"
    with step_of_units(item.document, Verb.UNIT_SET, by=by, items=[item.pk], detail=detail):
        raise_version(ImportItem, item.pk, version)
        ImportUnit.objects.filter(pk=unit.pk).update(**changes)
        if department is not None:
            settle(unit.doubts.all(), by=by)
    item.refresh_from_db()
    unit.refresh_from_db()
    return unit


def set_units_named_alike(
    unit: ImportUnit, department: Department, *, by: User, version: int, scope: str | None = None
) -> int:
    """Say which department the name stands for wherever the document writes it so; `scope` is this unit's own part.

    Returns how many units. Raises Refused (too_long), AlreadyMoved.
    """
    scope = _checked(None, scope).get("scope")
    return match_name(unit, department, by=by, version=version, scope=scope)


def add_unit(
    item: ImportItem, department: Department, *, role: str, by: User, version: int, scope: str = "", name: str = ""
) -> ImportUnit:
    """A unit the reviewer adds (补充): it has no place in the source. `name` defaults to the department's."""
    values = _checked(role, scope)
    name = (name.strip() or department.name)[:LONGEST]
    with step_of_units(item.document, Verb.UNIT_ADDED, by=by, items=[item.pk], detail=f"{item} {name}"):
        raise_version(ImportItem, item.pk, version)
        last = item.units.aggregate(last=Max("position"))["last"] or 0
        unit = ImportUnit.objects.create(
            item=item, position=last + 1, name=name, department=department, matched_by=MatchedBy.PERSON, **values
        )
        settle(item.doubts.filter(code=NO_UNIT), by=by)
        if item.open_units:
            settle(item.doubts.filter(code=OPEN_UNIT), by=by)
            ImportItem.objects.filter(pk=item.pk).update(open_units_decision=OpenUnitsDecision.ADD)
    item.refresh_from_db()
    return unit


def remove_unit(unit: ImportUnit, *, by: User, version: int) -> ImportItem:
    """Take a unit out of the item. `version` is the item's."""
    item = unit.item
    with item_step(item, Verb.UNIT_REMOVED, by=by, version=version, detail=f"{item} {unit.name}"):
        ImportUnit.objects.filter(pk=unit.pk).delete()
    return item


def decide_open_units(item: ImportItem, *, by: User, version: int, decision: str) -> ImportItem:
    """Keep 等有关部门 as it is written, or say that the units meant were added (they stay quoted either way)."""
    if decision not in OpenUnitsDecision or not item.open_units:
        raise Refused("请选择只保留已列出的单位，或补充单位。", code="bad_decision")
    with item_step(item, Verb.OPEN_UNITS_DECIDED, by=by, version=version):
        ImportItem.objects.filter(pk=item.pk).update(open_units_decision=decision)
        settle(item.doubts.filter(code=OPEN_UNIT), by=by)
    return item


def name_coordinator(
    item: ImportItem, department: Department | None, *, reason: str, by: User, version: int
) -> ImportItem:
    """Name (None: unname) the unit that sums up a shared item (综合单位): a decision with its reason, never a default.

    Raises Refused (reason_required, not_of_item, too_long), AlreadyMoved.
    """
    reason = reason.strip()
    if department and not reason:
        raise Refused("请写明指定综合单位的理由。", code="reason_required")
    if len(reason) > 200:
        raise Refused(f"理由最多200字，现在{len(reason)}字。", code="too_long")
    with item_step(item, Verb.COORDINATOR_NAMED, by=by, version=version, detail=f"{item} {department or '取消'}"):
        if department and not item.units.filter(department=department).exists():
            raise Refused(f"{department}不是{item}的责任单位。", code="not_of_item")
        ImportItem.objects.filter(pk=item.pk).update(
            coordinator=department, coordinator_reason=reason if department else ""
        )
    return item


def create_department(
    unit: ImportUnit, *, name: str, full_name: str, level: str, category: str, by: User
) -> Department:
    """Enter a department that the register lacks, and match every name in this import that stands for it.

    The register is the office administrator's (`plan.manage`). Raises Refused (name_taken). Undoing the step takes
    back the matches, not the department.
    """
    require(by, "plan.manage")
    with transaction.atomic():
        with refusing_taken_names():
            department = register.create_department(
                name=name, full_name=full_name, level=level, category=category, by=by
            )
        match_everywhere(unit, department, Verb.DEPARTMENT_CREATED, by=by)
    return department


def add_alias(unit: ImportUnit, department: Department, *, by: User) -> ImportUnit:
    """Enter the name as written as another name of `department`, and match it wherever it stands in this import.

    The register is the office administrator's (`plan.manage`). Raises Refused (name_taken).
    """
    require(by, "plan.manage")
    with transaction.atomic():
        with refusing_taken_names():
            register.add_alias(department, unit.name, by=by)
        match_everywhere(unit, department, Verb.ALIAS_ADDED, by=by)
    unit.refresh_from_db()
    return unit


@contextmanager
def refusing_taken_names() -> Iterator[None]:
    try:
        yield
    except NameTaken as taken:
        raise Refused(str(taken), code="name_taken") from None


def _checked(role: str | None, scope: str | None) -> dict:
    """Columns to change, from what was given."""
    values = {}
    if role is not None:
        if role not in AssignmentRole:
            raise Refused("请选择牵头、按职责分工、责任单位或配合。", code="bad_role")
        values["role"] = role
    if scope is not None:
        if len(scope.strip()) > LONGEST:
            raise Refused(f"所涉部分最多{LONGEST}字，现在{len(scope.strip())}字。", code="too_long")
        values["scope"] = scope.strip()
    return values
