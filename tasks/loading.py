"""The plan of 2024 as the project ships it: facts of the letter in our own short wording."""

from __future__ import annotations

import json
from datetime import date

from django.conf import settings
from django.db import transaction

from accounts.models import User
from departments.models import Department
from tasks import services
from tasks.choices import CountyScope
from tasks.models import Plan

DATES = ("issued_on", "starts_on", "first_period", "ends_on")


def plan_facts() -> dict:
    """The content of `fixtures/plan_anhui_2024.json`, dates as dates."""
    facts = json.loads((settings.BASE_DIR / "fixtures" / "plan_anhui_2024.json").read_text(encoding="utf-8"))
    return facts | {name: date.fromisoformat(facts[name]) for name in DATES}


@transaction.atomic
def load_plan(*, by: User, plan_settings: dict | None = None, **values) -> Plan:
    """The plan of that title, made and published when it does not exist yet; departments must be loaded before.

    `values` replace columns of the plan (other dates, another title), `plan_settings` those of its settings.
    """
    facts = plan_facts()
    sections = facts.pop("sections")
    columns = facts | values
    existing = Plan.objects.filter(title=columns["title"], issuer=columns["issuer"]).first()
    if existing:
        return existing
    plan = services.create_plan(by=by, settings=plan_settings, **columns)
    departments = {department.name: department for department in Department.objects.filter(valid_to=None)}
    for row in sections:
        section = services.add_section(plan, number=row["number"], title=row["title"], by=by)
        for item in row["items"]:
            _add_item(section, item, departments, by=by)
    return services.publish_plan(plan, by=by)


def _add_item(section, row: dict, departments: dict[str, Department], *, by: User) -> None:
    item = services.add_item(
        section,
        number=row["number"],
        title=row["title"],
        summary=row["summary"],
        open_units=row.get("open_units", ""),
        county_scope=row.get("county_scope", CountyScope.ALL),
        by=by,
    )
    for name in row["departments"]:
        services.assign(item, departments[name], role=row["role"], by=by)
