"""The register of departments as the project ships it (`fixtures/departments.json`)."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import transaction

import audit
from departments.models import Department, DepartmentAlias


@transaction.atomic
def load_departments(*, by=None) -> int:
    """Add the departments that are not in the register yet, with their aliases; returns how many.

    Rows that exist stay as the office edited them. One audit row lists what was added; `by` None is the system.
    """
    facts = json.loads((settings.BASE_DIR / "fixtures" / "departments.json").read_text(encoding="utf-8"))
    known = set(Department.objects.values_list("name", flat=True))
    fresh = [dict(row) for row in facts["departments"] if row["name"] not in known]
    taken = set(DepartmentAlias.objects.values_list("name", flat=True))
    for row in fresh:
        aliases = row.pop("aliases")
        department = Department.objects.create(**row)
        DepartmentAlias.objects.bulk_create(
            [DepartmentAlias(department=department, **alias) for alias in aliases if alias["name"] not in taken]
        )
    if fresh:
        audit.record("departments.loaded", by=by, rows=[row["name"] for row in fresh])
    return len(fresh)
