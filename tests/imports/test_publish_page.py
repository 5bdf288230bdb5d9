"""The last page: what stands in the way, what will happen, the differences of a second import, and the act itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars import clock
from imports import services
from imports.models import DocumentImport
from tasks.models import Plan
from tests.imports.drafts import MORNING, item_of, reviewed, settled
from tests.imports.pages import long_document
from tests.imports.test_diff import AGAIN, again, running, second  # noqa: F401 — two of them are fixtures
from tests.tasks.filing import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning():
    with clock.at(MORNING):
        yield


@pytest.fixture
def admin(world):
    return browser_of(world.admin)


def publish_page(client, document: DocumentImport) -> str:
    return client.get(f"/imports/{document.pk}/publish/").content.decode()


def test_what_stands_in_the_way_leads_to_its_place(admin, document):
    page = publish_page(admin, document)

    assert f'href="/imports/{document.pk}/facts/#id_starts_on"' in page
    assert f'href="/imports/{document.pk}/?item={item_of(document, "2").pk}"' in page
    assert 'class="btn--primary" disabled' in page


def test_publishing_makes_the_plan_and_shows_where_to_go_on(admin, world, document):
    settled(document, world.staff, world.departments)
    page = publish_page(admin, document)
    assert "还有" not in page.split("发布后")[0].split("<main")[1]
    assert "2024年8月20日至2024年12月31日，首次调度 2024年9月" in page

    answer = admin.post(f"/imports/{document.pk}/publish/", {"steps_taken": document.steps_taken}, follow=True)

    plan = Plan.objects.get(title="乡村水利补短板工作要点")
    after = answer.content.decode()
    assert "已发布：乡村水利补短板工作要点" in after
    assert f'href="/plans/{plan.pk}/"' in after
    assert f"?plan={plan.pk}" in after


def test_staff_see_the_page_but_do_not_publish(world, document):
    settled(document, world.staff, world.departments)
    staff = browser_of(world.staff)
    assert "请处室管理员发布" in publish_page(staff, document)

    staff.post(f"/imports/{document.pk}/publish/", {"steps_taken": document.steps_taken})

    document.refresh_from_db()
    assert document.in_review


def test_what_changed_since_the_page_was_drawn_is_not_published(admin, world, document):
    settled(document, world.staff, world.departments)
    seen = document.steps_taken
    first = item_of(document, "1")
    services.edit_item(first, by=world.colleague, version=first.version, title="同事改的名称")

    answer = admin.post(f"/imports/{document.pk}/publish/", {"steps_taken": seen})

    assert answer.status_code == 409
    assert "同事 修改事项 第1项" in answer.content.decode()
    assert not Plan.objects.filter(title="乡村水利补短板工作要点").exists()


def test_an_open_question_keeps_the_plan_from_being_made(admin, document):
    page = admin.post(f"/imports/{document.pk}/publish/", {"steps_taken": document.steps_taken}).content.decode()

    assert "还有没处理完的" in page
    assert Plan.objects.count() == 1


def test_a_second_import_lists_its_differences(admin, second):  # noqa: F811
    page = publish_page(admin, second)

    assert "新增 1，改动 2，删除 1，不变 0" in page
    assert "新增 省水利厅（按职责分工）" in page
    assert "结束 省林业局（按职责分工）" in page
    assert "首次补入原文" in page
    assert "责任分工保留，继续要求报送" in page


def test_duties_of_a_removed_item_end_only_when_told(admin, second):  # noqa: F811
    removal = second.removals.get()

    admin.post(f"/imports/{second.pk}/removals/{removal.pk}/", {"end_duties": "1", "version": second.version})

    removal.refresh_from_db()
    assert removal.end_duties
    assert "发布时结束其责任分工" in publish_page(admin, second)


def test_the_changed_wording_is_marked(admin, world, second):  # noqa: F811
    """Published once with its text, the plan is imported again with a word more."""
    assert again().items[0].body.text in item_of(second, "1").text
    publish_all(second, world)
    text = AGAIN.replace("供水保障水平", "供水保障和管护水平")
    third = reviewed(world.staff, again(text), text=text, plan=second.plan)

    page = publish_page(admin, third)

    assert '供水保障<ins class="add">和管护</ins>水平' in page


def publish_all(document, world) -> None:
    for row in document.items.filter(state="check"):
        services.confirm_item(row, by=world.staff, version=row.version)
    for doubt in document.doubts.filter(item=None, settled_at=None):
        document.refresh_from_db()
        services.settle_doubt(doubt, by=world.staff, version=document.version)
    document.refresh_from_db()
    services.publish(document, by=world.admin, steps_taken=document.steps_taken)


def test_an_item_of_the_plan_leads_back_to_its_place_in_the_source(admin, world, document):
    settled(document, world.staff, world.departments)
    plan = services.publish(document, by=world.admin, steps_taken=document.steps_taken)
    item = plan.items.get(number="2")
    place = f'href="/imports/{document.pk}/?item={item_of(document, "2").pk}"'

    assert place in admin.get(f"/items/{item.pk}/").content.decode()
    assert place not in browser_of(world.liaisons["省财政厅"]).get(f"/items/{item.pk}/").content.decode()


def test_the_office_without_a_plan_is_led_to_the_import(world):
    Plan.objects.update(state="draft")  # staff do not see it

    page = browser_of(world.staff).get("/").content.decode()

    assert 'href="/imports/new/"' in page


@pytest.mark.parametrize("path", ["publish/", "facts/"])
def test_the_pages_beside_the_review_cost_the_same_for_any_length(world, path):
    client, asked = browser_of(world.admin), []
    for count in (2, 12):
        document = long_document(world.staff, count)
        client.get(f"/imports/{document.pk}/{path}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/imports/{document.pk}/{path}")
        asked.append(len(queries))

    assert asked[0] == asked[1]
