"""Joining the names of a draft to the registers, at reading and again when the register has grown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import F, QuerySet

from accounts.models import User
from calendars import clock
from departments.models import Department
from imports.choices import DETOURS, ItemState, MatchedBy, Verb
from imports.matching import DepartmentRegister, Match, key_of
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportUnit
from imports.places import place_of
from imports.reasons import reasons_of
from imports.services.steps import Edit, raise_version, step

STRANGERS = "no_unit_known"
CHANGED = ("department", "matched_by", "candidates")


def link(document: DocumentImport) -> int:
    """Match every unit without a department: queries do not grow with their number. Returns how many were found."""
    register = DepartmentRegister.load(place_of(document.issuer or document.title))
    units = list(ImportUnit.objects.filter(item__document=document, department=None))
    known: dict[tuple[str, str], Match] = {}
    for unit in units:
        names = (unit.name, unit.full_name)
        if names not in known:
            known[names] = register.match(*names)
        _take(unit, known[names])
    ImportUnit.objects.bulk_update(units, CHANGED, batch_size=500)
    found = [unit for unit in units if unit.department_id]
    ImportDoubt.objects.bulk_create(
        [_detour(document, unit) for unit in found if unit.matched_by in DETOURS], batch_size=500
    )
    return len(found)


def _take(unit: ImportUnit, match: Match) -> None:
    unit.department, unit.matched_by = match.department, match.by
    unit.candidates = [department.pk for department in match.candidates]


def _detour(document: DocumentImport, unit: ImportUnit) -> ImportDoubt:
    way = MatchedBy(unit.matched_by).label
    reason = f"“{unit.name}”按{way}对应名录中的“{unit.department}”，请确认。"
    return ImportDoubt(
        document=document, item_id=unit.item_id, unit=unit, code=f"unit_by_{unit.matched_by}", reason=reason[:300],
        start=unit.start, end=unit.end,
    )  # fmt: skip


def warn_of_strangers(document: DocumentImport) -> None:
    """A document none of whose units we know is of another level or place: said once, for the whole of it."""
    units = ImportUnit.objects.filter(item__document=document)
    if units.exists() and not units.exclude(department=None).exists():
        reason = "责任单位均不在本系统名录，可能是其他层级或其他地区的文件，请核对后再导入。"
        ImportDoubt.objects.create(document=document, code=STRANGERS, reason=reason, start=None, end=None)


def warnings_of_strangers(document_id: int) -> list[int]:
    """Keys of that warning while it stands: the step that brings the first known unit settles it."""
    open_now = ImportDoubt.objects.filter(document=document_id, item=None, code=STRANGERS, settled_at=None)
    return list(open_now.values_list("pk", flat=True))


def settle(doubts: QuerySet, *, by: User) -> None:
    doubts.filter(settled_at=None).update(settled_by=by, settled_at=clock.now())


@contextmanager
def step_of_units(
    document: DocumentImport, verb: Verb, *, by: User, items: Iterable[int], detail: str = ""
) -> Iterator[Edit]:
    """A step that gives units their departments. Once one is known, the document is no longer one of strangers."""
    warnings = warnings_of_strangers(document.pk)
    with step(document.pk, verb, by=by, items=items, whole=bool(warnings), detail=detail) as edit:
        yield edit
        if warnings and ImportUnit.objects.filter(item__document=document).exclude(department=None).exists():
            settle(ImportDoubt.objects.filter(pk__in=warnings), by=by)


def propose_states(document: DocumentImport, keys: Iterable[int] | None = None) -> None:
    """一致 for items that leave nothing open; what a person decided stays."""
    items = ImportItem.objects.filter(document=document, state=ItemState.CHECK)
    if keys is not None:
        items = items.filter(pk__in=keys)
    agreed = [item.pk for item in items.prefetch_related("units", "doubts__unit") if not reasons_of(item)]
    ImportItem.objects.filter(pk__in=agreed).update(state=ItemState.AGREED)


def rematch(document: DocumentImport, *, by: User) -> int:
    """Ask the register again for every name that has no department; returns how many were found now."""
    waiting = _waiting(document)
    with step_of_units(document, Verb.REMATCHED, by=by, items=waiting) as edit:
        found = link(edit.document)
        edit.detail = f"找到{found}个"
        _settle(edit.document, waiting)
    return found


def match_everywhere(unit: ImportUnit, department: Department, verb: Verb, *, by: User) -> None:
    """One step: the name as this unit writes it stands for `department` in the whole import; the register is asked
    again for the other names.
    """
    document = unit.item.document
    waiting = sorted({*_waiting(document), unit.item_id})
    with step_of_units(document, verb, by=by, items=waiting, detail=f"{unit.name} → {department}") as edit:
        units = ImportUnit.objects.filter(item__document=document, department=None)
        named = [row.pk for row in units if key_of(row.name) == key_of(unit.name)]
        ImportUnit.objects.filter(pk__in={*named, unit.pk}).update(
            department=department, matched_by=MatchedBy.PERSON, candidates=[]
        )
        link(edit.document)
        _settle(edit.document, waiting)


def match_name(unit: ImportUnit, department: Department, *, by: User, version: int, scope: str | None = None) -> int:
    """One step: every unit of the import written like this one is `department`, the register stays as it is.

    `version` is that of the unit's item, `scope` its own part. Returns how many units. Raises AlreadyMoved.
    """
    document = unit.item.document
    alike = [row for row in ImportUnit.objects.filter(item__document=document) if key_of(row.name) == key_of(unit.name)]
    items = sorted({row.item_id for row in alike})
    detail = f"全文“{unit.name}” → {department}"
    with step_of_units(document, Verb.UNIT_SET, by=by, items=items, detail=detail) as edit:
        raise_version(ImportItem, unit.item_id, version)
        units = ImportUnit.objects.filter(pk__in=[row.pk for row in alike])
        units.update(department=department, matched_by=MatchedBy.PERSON, candidates=[])
        if scope is not None:
            ImportUnit.objects.filter(pk=unit.pk).update(scope=scope)
        settle(ImportDoubt.objects.filter(unit__in=units), by=by)
        ImportItem.objects.filter(pk__in=items).exclude(pk=unit.item_id).update(version=F("version") + 1)
        propose_states(edit.document, items)
    unit.refresh_from_db()
    return len(alike)


def _waiting(document: DocumentImport) -> list[int]:
    return list(
        ImportItem.objects.filter(document=document, units__department=None, units__isnull=False)
        .distinct()
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _settle(document: DocumentImport, keys: list[int]) -> None:
    ImportItem.objects.filter(pk__in=keys).update(version=F("version") + 1)
    propose_states(document, keys)
