"""The filing pages ask the database as often for one report as for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendars import clock
from calendars.months import Month
from tasks import services
from tests.tasks.filing import browser_of
from tests.tasks.world import FILING_DAY, OCTOBER, local, make_october

pytestmark = pytest.mark.django_db

# Session, user with grants and posts, and the one query of the page's shell.
SIGNED_IN = ("django_session", "accounts_user", "accounts_grant", "accounts_post")


@pytest.fixture
def world():
    with clock.at(FILING_DAY):
        yield make_october()


def asked(desk, address) -> list[str]:
    """What a page asks beyond session, user, and shell."""
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(address).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not any(f'FROM "{table}"' in query["sql"] for table in SIGNED_IN) and query["sql"].startswith("SELECT")
    ]


def grow(world):
    """More items and duties, everything of October filed, November open."""
    section = world.plan.sections.get()
    for number in ("4", "5", "6"):
        item = services.add_item(section, number=number, title=f"新增事项{number}", by=world.admin)
        for department in world.departments.values():
            services.assign(item, department, role="shared", by=world.admin)
    for report in world.periods[str(OCTOBER)].reports.filter(state="awaiting"):
        world.file(report)
    with clock.at(local(2024, 11, 8, 9)):
        world.open(Month(2024, 11))


@pytest.mark.parametrize("name", ["edit", "check", "receipt"])
def test_the_pages_of_one_report(world, name):
    first = world.report("1", "省水利厅")
    prepare = world.file if name == "receipt" else world.draft
    prepare(first)
    desk = browser_of(world.liaisons["省水利厅"])
    few = asked(desk, reverse(f"tasks:progress-{name}", args=[first.pk]))

    if name != "receipt":
        with clock.at(FILING_DAY):
            services.submit(first, by=world.liaisons["省水利厅"], version=first.version)
    grow(world)
    november = world.report("4", "省水利厅", Month(2024, 11))
    prepare(november, at=local(2024, 11, 22, 10))
    with clock.at(local(2024, 11, 22, 11)):
        many = asked(desk, reverse(f"tasks:progress-{name}", args=[november.pk]))

    assert len(many) <= len(few) <= 8, many


@pytest.mark.parametrize("name", ["progress-list", "progress-check-all"])
def test_the_lists(world, name):
    report = world.report("1", "省水利厅")
    world.draft(report)
    desk = browser_of(world.liaisons["省水利厅"])
    few = asked(desk, reverse(f"tasks:{name}"))

    grow(world)
    for number in ("1", "4", "5", "6"):
        world.draft(world.report(number, "省水利厅", Month(2024, 11)), at=local(2024, 11, 22, 10))
    with clock.at(local(2024, 11, 22, 11)):
        many = asked(desk, reverse(f"tasks:{name}"))

    assert len(many) <= len(few) + 1 <= 9, many  # last month's texts, once there are any


def test_the_choice_of_departments(world):
    desk = browser_of(world.staff)
    few = asked(desk, reverse("tasks:progress-list"))

    grow(world)

    assert len(asked(desk, reverse("tasks:progress-list"))) == len(few)
