"""A larger month for the tests that count queries."""

from __future__ import annotations

from departments.models import Department
from tasks import services
from tasks.models import ReportingPeriod
from tests.tasks.world import NOVEMBER, World, local, make_user


def grown_november(world: World, *, rows: int = 12) -> ReportingPeriod:
    """November with `rows` more departments and items; half of them handed in, the others drafts."""
    section = world.plan.sections.get()
    for number in range(rows):
        department = Department.objects.create(
            name=f"单位{number}", full_name=f"安徽单位{number}", level="provincial", category="government",
            protocol_order=50 + number,
        )  # fmt: skip
        world.liaisons[department.name] = make_user(f"联络员{number}", department=department)
        item = services.add_item(section, number=str(100 + number), title=f"事项{number}", by=world.admin)
        services.assign(item, department, role="lead", by=world.admin)
    period = world.open(NOVEMBER)
    for place, report in enumerate(
        period.reports.filter(department__name__startswith="单位").select_related("department")
    ):
        (world.file if place % 2 else world.draft)(report, at=local(2024, 11, 20, 10))
    return period
