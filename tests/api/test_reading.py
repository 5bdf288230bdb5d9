"""Plans, items, periods; lists that ask the database the same however long they are; headers; the description."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import Post
from api.throttles import PerUser
from calendars import clock
from counties.models import County, Prefecture
from tasks import services
from tasks.models import ReportingPeriod
from tests.api.conftest import Program
from tests.tasks.world import NOVEMBER, local, make_user

LISTS = ("plans/", "items/", "periods/", "reports/")


def ids(program, path, **params):
    answer = program.get(path, **params)
    assert answer.status_code == 200
    return [row["id"] for row in answer.json()["results"]]


@pytest.fixture
def county_liaison(world):
    place = Prefecture.objects.create(code="340400", name="淮南市")
    county = County.objects.create(code="340422", name="寿县", prefecture=place, kind="county")
    user = make_user("寿县联络员")
    Post.objects.create(user=user, county=county, kind="primary", valid_from=date(2024, 1, 1))
    return Program(user)


def test_a_plan_with_its_items_and_months(water, world):
    plan = water.get(f"plans/{world.plan.pk}/").json()
    items = water.get("items/", plan=world.plan.pk).json()["results"]
    periods = water.get("periods/", plan=world.plan.pk).json()["results"]

    assert (plan["title"], plan["state"], plan["first_period"]) == ("2024年工作重点", "active", "2024-09-01")
    assert [(item["number"], item["title"], item["open_units"]) for item in items] == [
        ("1", "农村供水提升", ""), ("2", "衔接资金倾斜", ""), ("3", "经验总结宣传", "各有关部门"),
    ]  # fmt: skip
    assert [(duty["department"]["name"], duty["role"]) for duty in items[1]["duties"]] == [
        ("省财政厅", "shared"), ("省林业局", "shared"),
    ]  # fmt: skip
    assert [(period["key"], period["state"]) for period in periods] == [("2024-09", "skipped"), ("2024-10", "open")]
    assert water.get(f"items/{items[0]['id']}/").json() == items[0]
    assert water.get(f"periods/{periods[1]['id']}/").json() == periods[1]


def test_plans_in_preparation_are_their_makers_alone(water, world):
    with clock.at(local(2024, 8, 20, 9)):
        draft = services.create_plan(
            by=world.admin, title="待发布", issuer="省厅", issued_on="2024-08-19", starts_on="2024-08-19",
            ends_on="2024-12-31", first_period="2024-09-01",
        )  # fmt: skip
    admin = Program(world.admin)

    assert ids(water, "plans/") == [world.plan.pk]
    assert ids(admin, "plans/") == [world.plan.pk, draft.pk]
    foreign, absent = water.get(f"plans/{draft.pk}/"), water.get("plans/999999/")
    assert (foreign.status_code, foreign.json() | {"request_id": ""}) == (404, absent.json() | {"request_id": ""})


def test_a_county_reads_issued_months_and_no_reports(county_liaison, world):
    october = world.periods["2024-10"]
    assert ids(county_liaison, "plans/") == [world.plan.pk]
    assert len(ids(county_liaison, "items/")) == 3
    assert ids(county_liaison, "periods/") == []
    assert county_liaison.get(f"periods/{october.pk}/").status_code == 404

    ReportingPeriod.objects.filter(pk=october.pk).update(state="finalised", first_finalised_at=clock.now())

    assert ids(county_liaison, "periods/") == [october.pk]
    assert ids(county_liaison, "reports/") == []


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_keepers_of_the_system_read_no_business(world, role):
    keeper = Program(make_user("三员", role))

    assert [ids(keeper, path) for path in LISTS] == [[], [], [], []]
    assert keeper.get(f"plans/{world.plan.pk}/").status_code == 404


@pytest.mark.parametrize("path", [*LISTS, "plans/1/", "reports/1/", "schema/", "no/such/address", ""])
def test_nothing_is_told_to_who_has_not_signed_in(visitor, world, path):
    answer = visitor.get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.json()["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("who", ["water", "staff"])
def test_a_list_asks_the_same_for_one_row_and_for_many(request, world, path, who):
    program = request.getfixturevalue(who)
    one, few = count(program, path, limit=1)

    for department in ("省水利厅", "省财政厅", "省林业局"):
        world.accept(world.file(world.report("2" if department != "省水利厅" else "1", department)))
    with clock.at(local(2024, 8, 21, 9)):
        services.add_item(world.plan.sections.get(), number="4", title="新增", by=world.admin)
    world.open(NOVEMBER)
    many, rows = count(program, path)

    assert rows >= few
    assert many == one


def count(program, path, **params) -> tuple[int, int]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = ids(program, path, **params)
    return len(asked), len(rows)


def test_answers_are_stored_by_nobody(water, world):
    for answer in (water.get("plans/"), water.get("plans/999/")):
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("method", "path"), [("post", "plans/"), ("delete", "plans/1/"), ("put", "reports/1/")])
def test_other_methods_are_refused(water, method, path):
    answer = water.ask(method, path, {})

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_user_who_asks_too_fast_is_told_when_to_come_back(water, staff, monkeypatch):
    monkeypatch.setattr(PerUser, "THROTTLE_RATES", {"user": "2/min"})

    answers = [water.get("plans/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[2]["Retry-After"]) <= 61
    assert staff.get("plans/").status_code == 200


def test_a_fault_of_ours_tells_nothing_but_its_number(water, world, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("内部细节 secret")

    monkeypatch.setattr(services, "submit", broken)
    report = world.draft(world.report("1", "省水利厅"))

    answer = water.post(f"reports/{report.pk}/submit/", {"version": 1})

    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "secret" not in answer.content.decode()
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_the_description_is_valid_and_names_every_refusal(water, tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))

    described = json.loads(water.get("schema/").content)
    operations = {
        (method, path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    assert sorted(operations) == sorted(
        [("get", f"/api/v1/{name}/") for name in ("plans", "items", "periods", "reports")]
        + [("get", f"/api/v1/{name}/{{id}}/") for name in ("plans", "items", "periods", "reports")]
        + [("post", f"/api/v1/reports/{{id}}/{verb}/") for verb in ("submit", "withdraw", "accept", "return")]
        + [("patch", "/api/v1/reports/{id}/draft/"), ("post", "/api/v1/auth/token/"), ("post", "/api/v1/auth/logout/")]
    )
    for operation in operations.values():
        assert operation["summary"]
        assert {"400", "401", "404", "429"} <= set(operation["responses"])


def test_the_description_page_asks_people_to_sign_in():
    answer = Client().get("/api/v1/docs/")

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/api/v1/docs/")


@override_settings(DEBUG=True)
def test_debugging_shows_no_more(water):
    assert set(water.get("no/such").json()) == {"code", "message", "request_id"}
