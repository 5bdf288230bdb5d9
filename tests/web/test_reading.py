"""The reading pages: what they ask of the database, and what an unchanged overview costs."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Post
from calendars import clock
from calendars.months import Month
from counties.models import County, Prefecture
from tasks import services
from tests.tasks.world import NOVEMBER, PROGRESS, SEPTEMBER, local, make_october, make_user

pytestmark = pytest.mark.django_db
NOW = local(2024, 10, 23, 10)
# Session, and the user with the rows his rights follow from.
SIGNED_IN = ("django_session", "accounts_user", "accounts_grant", "accounts_post")


@pytest.fixture
def world():
    world = make_october()
    world.accept(world.file(world.report("1", "省水利厅"), PROGRESS | {"problems": "用地未批。"}))
    return world


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(client, url, **headers) -> int:
    """Queries beyond session and user."""
    with clock.at(NOW), CaptureQueriesContext(connection) as captured:
        response = client.get(url, headers=headers)
    assert response.status_code in (200, 304)
    return sum(not any(f'FROM "{table}"' in query["sql"] for table in SIGNED_IN) for query in captured)


def grow(world) -> None:
    """More items, duties, months and another plan."""
    section = world.plan.sections.get()
    for number in range(4, 10):
        item = services.add_item(section, number=str(number), title=f"事项{number}", by=world.admin)
        for department in world.departments.values():
            services.assign(item, department, role="shared", by=world.admin)
    for month in (NOVEMBER, Month(2024, 12)):
        world.open(month)
        for report in list(world.periods[str(month)].reports.select_related("department"))[:5]:
            at = local(month.year, month.number, 22, 10)
            report = world.file(report, PROGRESS | {"coordination": "请协调。"}, at=at)
            world.accept(report, at=at)
    values = {"starts_on": world.plan.starts_on, "ends_on": world.plan.ends_on, "first_period": world.plan.first_period}
    with clock.at(local(2024, 10, 9, 9)):
        other = services.create_plan(
            by=world.admin, title="另一计划", issuer="省厅", issued_on=world.plan.issued_on, **values
        )
        services.add_item(
            services.add_section(other, number="一", title="板块", by=world.admin),
            number="1",
            title="事",
            by=world.admin,
        )
        services.publish_plan(other, by=world.admin)
        services.skip_period(other, SEPTEMBER, reason="晚", by=world.admin)


def addresses(world) -> dict[str, str]:
    item = world.plan.items.get(number="2")
    return {
        "overview": reverse("web:plan-overview", args=[world.plan.pk]),
        "item": reverse("web:item-detail", args=[item.pk]),
        "home": f"/?plan={world.plan.pk}",
        "department": reverse("web:department-detail", args=[world.departments["省财政厅"].pk])
        + f"?plan={world.plan.pk}",
        "search": reverse("web:search") + "?q=事",
    }


# The numbers of the design (section 6) for overview, item and home; the others are what they are and stay so.
LIMITS = {"overview": 6, "item": 6, "home": 10, "department": 7, "search": 4}


@pytest.mark.parametrize("who", ["staff", "leader", "liaison"])
def test_queries_do_not_grow_with_rows_departments_months_or_plans(world, who):
    user = {"staff": world.staff, "leader": make_user("厅长", "leader"), "liaison": world.liaisons["省财政厅"]}[who]
    client = browser(user)
    pages = {name: url for name, url in addresses(world).items() if (who, name) != ("liaison", "home")}
    few = {name: asked(client, url) for name, url in pages.items()}
    grow(world)

    many = {name: asked(client, url) for name, url in pages.items()}

    assert many == few
    assert {name: count for name, count in many.items() if count > LIMITS[name] + (who == "liaison")} == {}


def test_an_unchanged_overview_costs_one_query(world):
    client = browser(world.staff)
    url = addresses(world)["overview"]
    with clock.at(NOW):
        tag = client.get(url)["ETag"]
        assert client.get(url, headers={"If-None-Match": f"W/{tag}"}).status_code == 304

    assert asked(client, url, **{"If-None-Match": tag}) == 1


def test_any_change_shows_at_once(world):
    client = browser(world.staff)
    url = addresses(world)["overview"]
    with clock.at(NOW):
        tag = client.get(url)["ETag"]
        world.file(world.report("2", "省财政厅"))

        response = client.get(url, headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert (response["Cache-Control"], response["ETag"] != tag) == ("private, no-cache", True)


def test_a_filter_that_finds_nothing_says_so_and_offers_the_way_back(world):
    with clock.at(NOW):
        page = browser(world.staff).get(addresses(world)["overview"], {"q": "不存在的事"}).content.decode()

    assert "没有符合条件的事项" in page
    assert "清除筛选" in page


@pytest.mark.parametrize(("words", "found"), [("农村", "农村供水提升"), ("衔接", "衔接资金倾斜")])
def test_the_overview_finds_by_words(world, words, found):
    with clock.at(NOW):
        page = browser(world.staff).get(addresses(world)["overview"], {"q": words}).content.decode()

    assert found in page
    assert page.count('scope="row"') == 1


def test_a_county_writes_what_it_sees_and_keeps_what_it_typed_when_refused(world):
    place = County.objects.create(
        code="341623", name="利辛县", kind="county", prefecture=Prefecture.objects.create(code="341600", name="亳州市")
    )
    user = make_user("县里")
    Post.objects.create(user=user, county=place, valid_from=date(2024, 1, 1))
    client, page = browser(user), reverse("web:county-note", args=[place.pk])
    with clock.at(NOW):
        assert client.post(page, {"text": "  "}).status_code == 422
        too_long = client.post(page, {"text": "长" * 1001})
        assert (too_long.status_code, "最多1000字，现在1001字" in too_long.content.decode()) == (422, True)
        assert client.post(page, {"text": "一处道路未通。"}).status_code == 302
        shown = client.get(reverse("web:county-detail", args=[place.pk])).content.decode()

    assert "一处道路未通。" in shown


def test_an_item_links_its_departments_only_for_who_may_open_them(world):
    item = world.report("1", "省水利厅").item
    link = reverse("web:department-detail", args=[world.departments["省水利厅"].pk])
    county = make_user("县里")
    place = County.objects.create(
        code="341623", name="利辛县", kind="county", prefecture=Prefecture.objects.create(code="341600", name="亳州市")
    )
    Post.objects.create(user=county, county=place, valid_from=date(2024, 1, 1))
    with clock.at(NOW):
        answers = [browser(user).get(reverse("web:item-detail", args=[item.pk])) for user in (world.staff, county)]

    assert [(a.status_code, f'href="{link}"' in a.content.decode()) for a in answers] == [(200, True), (200, False)]
    assert "省水利厅" in answers[1].content.decode()


def test_the_leader_reads_why_in_the_departments_own_words(world):
    assessment = world.periods["2024-10"].assessments.get(item__number="1")
    services.confirm_light(assessment, light="behind", reason="慢", by=world.staff, version=0)
    with clock.at(NOW):
        page = browser(make_user("厅长", "leader")).get("/").content.decode()

    assert "用地未批。" in page
    assert "滞后和严重滞后 1 项" in page


@pytest.mark.parametrize(
    ("role", "words"),
    [("system_admin", "系统运行"), ("security_admin", "设置"), ("auditor", "审计"), ("", "还没有岗位或角色")],
)
def test_every_kind_of_person_has_a_first_page(world, role, words):
    user = make_user("某人", *([role] if role else []))
    with clock.at(NOW):
        page = browser(user).get("/", follow=True).content.decode()

    assert words in page


def test_a_null_in_the_address_is_a_bad_request_on_every_database(world):
    answer = browser(world.staff).get("/search/?q=a%00b")

    assert (answer.status_code, "这次请求没有办成" in answer.content.decode()) == (400, True)


def test_a_form_from_an_older_sign_in_says_so_in_chinese(world):
    desk = Client(enforce_csrf_checks=True)

    answer = desk.post(reverse("account_login"), {"login": "x"})

    page = answer.content.decode()
    assert (answer.status_code, "页面已过期" in page, "CSRF" in page) == (403, True, False)
