"""Changes to the register. Whether `by` may make them is the caller's to ask: this room knows no permissions."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from pypinyin import Style, lazy_pinyin

import audit
from departments.choices import AliasKind
from departments.errors import NameTaken
from departments.models import Department, DepartmentAlias


@transaction.atomic
def create_department(*, name: str, full_name: str, level: str, category: str, by: Any) -> Department:
    """A new department at the end of the customary order. Raises NameTaken."""
    name, full_name = name.strip(), full_name.strip() or name.strip()
    _refuse_taken(name)
    last = Department.objects.order_by("-protocol_order").values_list("protocol_order", flat=True).first() or 0
    try:
        with transaction.atomic():
            department = Department.objects.create(
                name=name, full_name=full_name, level=level, category=category, protocol_order=last + 1,
                pinyin="".join(lazy_pinyin(name))[:200],
                initials="".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:60],
            )  # fmt: skip
    except IntegrityError:  # somebody was faster: the name in use is a database constraint
        raise NameTaken(f"名录中已有“{name}”。") from None
    audit.record("department.created", department, by=by, after={"name": name, "full_name": full_name, "level": level})
    return department


@transaction.atomic
def add_alias(department: Department, name: str, *, by: Any, kind: str = AliasKind.ALIAS) -> DepartmentAlias:
    """Another name of a department; one it has already stays as it is. Raises NameTaken."""
    name = name.strip()
    existing = DepartmentAlias.objects.filter(name=name).select_related("department").first()
    if existing and existing.department_id == department.pk:
        return existing
    if existing:
        raise NameTaken(f"“{name}”已是{existing.department}的别称。")
    _refuse_taken(name)
    try:
        with transaction.atomic():
            alias = DepartmentAlias.objects.create(department=department, name=name, kind=kind)
    except IntegrityError:
        raise NameTaken(f"“{name}”刚被登记为别称，请刷新后再操作。") from None
    audit.record("department.alias_added", department, by=by, after={"name": name, "kind": kind})
    return alias


def _refuse_taken(name: str) -> None:
    if Department.objects.filter(name=name, valid_to=None).exists():
        raise NameTaken(f"名录中已有“{name}”。")
