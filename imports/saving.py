"""What a posted item changes: one service call for each difference, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import User
from departments.models import Department
from imports import services
from imports.item_form import NAMED, ItemForm
from imports.models import ImportItem, ImportUnit
from tasks.choices import AssignmentRole

OWN = ("number", "title", "optional")
DECIDED = {"yes": True, "no": False, "": None}


@dataclass(frozen=True)
class Call:
    """A service with what it is about; who acts and on which version is added when it is called."""

    service: Callable
    about: tuple
    values: dict[str, Any] = field(default_factory=dict)


def save(form: ItemForm, *, by: User, last: Callable | None = None) -> None:
    """Every change of the valid form a step, then `last(item, by=, version=)`. Raises Refused, AlreadyMoved."""
    version = form.cleaned_data["version"]
    calls = [*changes(form), *([Call(last, (form.item,))] if last else ())]
    with transaction.atomic():
        for call in calls:
            call.service(*call.about, by=by, version=version, **call.values)
            # None when the item is no longer there: merging is the last call.
            version = ImportItem.objects.values_list("version", flat=True).filter(pk=form.item.pk).first()


def changes(form: ItemForm) -> Iterator[Call]:
    data, item = form.cleaned_data, form.item
    yield from _own(form)
    for unit in form.units:
        yield from _of_unit(form, unit)
    there = {unit.department_id for unit in form.units}
    for department in form.chosen.get("added", ()):
        if department.pk not in there:
            role = data["added_role"] or AssignmentRole.RESPONSIBLE
            yield Call(services.add_unit, (item, department), {"role": role})
    decision = data.get("open_units")
    if decision and decision != item.open_units_decision and not form.chosen.get("added"):
        yield Call(services.decide_open_units, (item,), {"decision": decision})
    yield from _coordinator(form)
    for proposal in form.proposals:
        accepted = DECIDED[data.get(f"proposal_{proposal.pk}") or ""]
        if accepted != proposal.accepted:
            yield Call(services.decide_proposal, (proposal,), {"accepted": accepted})
    if "matched" in data and data["matched"] != str(item.matched_id or ""):
        yield Call(services.pair_item, (item, form.work_items.get(data["matched"])))


def _own(form: ItemForm) -> Iterator[Call]:
    data, item = form.cleaned_data, form.item
    values = {name: data[name] for name in OWN if data[name] != getattr(item, name)}
    if data["county_scope"] != item.county_scope or set(data["counties"]) != set(form.initial["counties"]):
        counties = [form.counties[key] for key in data["counties"]]
        values |= {"county_scope": data["county_scope"], "counties": counties}
    if values:
        yield Call(services.edit_item, (item,), values)


def _of_unit(form: ItemForm, unit: ImportUnit) -> Iterator[Call]:
    data, values = form.cleaned_data, {}
    if data[f"role_{unit.pk}"] != unit.role:
        values["role"] = data[f"role_{unit.pk}"]
    if typed := form.chosen.get(f"other_{unit.pk}"):
        values["department"] = typed[0]
    elif picked := data.get(f"department_{unit.pk}"):
        values["department"] = form.candidates[int(picked)]
    if values:
        yield Call(services.set_unit, (unit,), values)


def _coordinator(form: ItemForm) -> Iterator[Call]:
    data, item = form.cleaned_data, form.item
    if "shared" not in data:
        return
    wanted = data["coordinator"] if data["shared"] == NAMED else ""
    reason = data["coordinator_reason"] if wanted else ""
    if wanted == str(item.coordinator_id or "") and reason == item.coordinator_reason:
        return
    department = Department.objects.get(pk=wanted) if wanted else None
    yield Call(services.name_coordinator, (item, department), {"reason": reason})
