"""The desk in a real browser: the longest names push nothing out of sight."""

import os

import pytest

from accounts.models import User
from departments.models import Department
from tasks import services
from tests.tasks.filing import browser_of
from tests.tasks.world import make_october

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1366, 1024, 390)
LONGEST = "国家金融监督管理总局安徽监管局" * 4  # 60 characters, as long as a name can be
SEVENTEEN = "买买提江·阿不都热合曼·吐尔逊江一"


@pytest.fixture
def world(settings, monkeypatch):
    # The sync interface of Playwright runs inside an event loop of its own, which Django would take for ours.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    settings.CLOCK_AT = "2024-10-22T10:00:00+08:00"
    world = make_october()
    Department.objects.filter(pk=world.departments["省水利厅"].pk).update(name=LONGEST)
    User.objects.filter(pk=world.liaisons["省财政厅"].pk).update(name=SEVENTEEN)
    october = world.periods["2024-10"]
    services.chase(october, list(world.departments.values()), by=world.staff, channels=["inbox"])
    return world


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/reminders/", "/reminders/?show=history", "/reminders/{}/sheet/"])
def test_no_table_is_wider_than_its_place(world, live_server, context, width, path):
    context.add_cookies(
        [{"name": "sessionid", "value": browser_of(world.staff).cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + path.format(world.periods["2024-10"].pk))

    wide = "() => [...document.querySelectorAll('.table-wrap')].map(e => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(wide) == [0]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_latest_chase_stays_on_two_lines(world, live_server, context):
    context.add_cookies(
        [{"name": "sessionid", "value": browser_of(world.staff).cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{live_server.url}/reminders/")

    heights = page.locator("tbody tr > td:nth-child(6)").evaluate_all(
        "cells => cells.map(c => { const r = document.createRange(); r.selectNodeContents(c);"
        " return r.getBoundingClientRect().height })"
    )
    assert len(heights) == 3
    assert max(heights) <= 40
