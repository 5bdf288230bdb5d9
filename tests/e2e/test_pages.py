"""The pages people live in: no serious accessibility finding, a silent console, nothing the policy stopped."""

import pytest

from reports.services import preview
from tasks.models import Plan
from tests.e2e import october
from tests.factories import open_month, report_of

pytestmark = pytest.mark.browser


@pytest.fixture
def month(set_clock):
    """October on the 23rd: most of it filed, two departments missing, one report returned, a preview asked for."""
    set_clock("2024-10-08 09:00")
    plan, people = october.settle()
    period = open_month(plan, "2024-10", by=people["admin"])
    set_clock("2024-10-23 15:00")
    october.file_by_services(period, people)
    preview(period, by=people["staff"])
    return period


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_are_accessible_and_quiet(month, desk, width):
    viewport = {"width": width, "height": 768 if width > 390 else 844}
    plan, shared = month.plan_id, report_of(month, "26", "省商务厅")
    visits = {
        "zhaoxl": (
            "/", f"/plans/{plan}/", "/review/", f"/review/{shared.pk}/return/", f"/periods/{month.pk}/",
            f"/periods/{month.pk}/?show=all", f"/periods/{month.pk}/lights/", f"/items/{shared.item_id}/",
            "/monthly/", f"/monthly/{month.pk}/", f"/monthly/{month.pk}/finalise/", "/departments/",
            f"/departments/{shared.department_id}/", "/counties/", "/coordination/", "/search/?q=水利", "/help/",
        ),
        "guozi": ("/", "/progress/", f"/plans/{plan}/"),
        "wangwb": ("/settings/users/", "/settings/posts/", "/periods/", "/periods/open/"),
        "chenjg": ("/",),
    }  # fmt: skip
    findings = []
    for username, paths in visits.items():
        person = desk(username, viewport=viewport)
        for path in paths:
            answer = person.page.goto(path)
            assert answer.status == 200, path
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            findings += person.serious_findings()
            wide = person.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, f"{path} scrolls sideways at {width}"
            person.shot(f"40-{width}-{username}-{path.strip('/').replace('/', '_').replace('?', '_') or 'home'}")
    assert not findings


def test_a_plan_of_twelve_months_fits_the_office_screen(month, desk):
    Plan.objects.filter(pk=month.plan_id).update(
        first_period="2024-05-01", starts_on="2024-05-01", ends_on="2025-04-30"
    )
    width = 1366 - 17  # what a Windows scroll bar leaves
    person = desk("zhaoxl", viewport={"width": width, "height": 768})

    person.page.goto(f"/plans/{month.plan_id}/")

    assert person.page.locator(".matrix thead .month-col").count() == 12
    assert person.page.evaluate("document.documentElement.scrollWidth") == width
