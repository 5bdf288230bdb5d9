"""What a reviewer may choose from: departments by any name or pinyin, those offered, items of the plan."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from calendars import clock
from departments.models import Department
from imports.matching import DepartmentRegister
from imports.models import ImportItem, ImportUnit
from tasks.models import WorkItem


def find_department(text: str, register: DepartmentRegister) -> Department:
    """The one department called so, by any of its names or its pinyin. Raises ValidationError with what to do."""
    found = register.match(text).department
    if found:
        return found
    matching = list(Department.objects.matching(text).current(clock.today()).in_protocol_order()[:6])
    if len(matching) == 1:
        return matching[0]
    if matching:
        names = "、".join(str(one) for one in matching[:5])
        raise ValidationError(f"“{text.strip()}”对应多个单位：{names}等，请写明一个。")
    raise ValidationError(f"名录中没有“{text.strip()}”，请写名录中的单位，或先新增单位。")


def offered(units: Iterable[ImportUnit]) -> dict[int, Department]:
    """Departments offered for the names that led to none: one query for all of them."""
    keys = {key for unit in units if unit.department_id is None for key in unit.candidates}
    return Department.objects.in_bulk(keys) if keys else {}


def items_to_pair(item: ImportItem) -> list[WorkItem]:
    """Items of the plan imported into that the item may stand for; none for a new plan."""
    if not item.document.plan_id:
        return []
    taken = item.document.items.exclude(pk=item.pk).exclude(matched=None).values("matched")
    items = WorkItem.objects.filter(plan=item.document.plan_id).exclude(pk__in=taken)
    return list(items.select_related("revision").order_by("position"))
