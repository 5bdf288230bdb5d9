from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import services
from accounts.choices import Role
from accounts.models import Grant, Post, Suggestion, User
from calendars import clock
from tests.accounts import people

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def neutral(response):
    """The body without the request number and the address asked for."""
    return text(response).replace(response["X-Request-ID"], "").replace(response.wsgi_request.path, "")


def typed(response, name):
    return response.context["form"][name].value()


@pytest.fixture
def liaison(department):
    return people.liaison(department)


@pytest.fixture
def post(liaison):
    return liaison.posts.get()


@pytest.fixture
def grant(security):
    return services.grant_role(people.person("赵处员"), role=Role.OFFICE_STAFF, by=security)


@pytest.fixture
def suggestion(liaison):
    return services.write_suggestion(text="希望字大一些", by=liaison)


FOR_ADMIN = [
    "user-list",
    "user-create",
    "user-edit",
    "user-disable",
    "user-enable",
    "user-password",
    "post-list",
    "post-open",
    "post-hand-over",
    "post-absence",
    "post-end",
    "department-list",
]
FOR_SECURITY = ["grant-list", "grant-give", "grant-end", "lockout-list"]
FOR_EVERYBODY = ["settings", "profile", "suggestion-list"]


@pytest.fixture
def address(liaison, post, grant, suggestion):
    of = {"user": liaison.pk, "post": post.pk, "grant": grant.pk, "suggestion": suggestion.pk}

    def build(name):
        numbered = name.startswith(("user-", "post-", "grant-", "suggestion-")) and name.split("-")[1] in (
            "edit", "disable", "enable", "password", "hand", "absence", "end", "answer"
        )  # fmt: skip
        return reverse(f"accounts:{name}", args=[of[name.split("-")[0]]] if numbered else [])

    return build


@pytest.mark.parametrize("name", [*FOR_ADMIN, "suggestion-answer", *FOR_EVERYBODY])
def test_the_office_admin_opens_the_page(as_admin, address, name):
    response = as_admin.get(address(name))

    assert response.status_code == 200
    assert "<h1>" in text(response)


@pytest.mark.parametrize("name", [*FOR_SECURITY, *FOR_EVERYBODY])
def test_the_security_admin_opens_the_page(as_security, address, name):
    assert as_security.get(address(name)).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [*FOR_ADMIN, *FOR_SECURITY, "suggestion-answer"])
def test_a_liaison_finds_no_such_page(client, liaison, address, name, method):
    client.force_login(liaison)

    present, absent = getattr(client, method)(address(name)), client.get("/settings/nothing/")

    assert present.status_code == absent.status_code == 404
    assert neutral(present) == neutral(absent)


@pytest.mark.parametrize("name", FOR_SECURITY)
def test_the_office_admin_finds_no_page_of_the_security_admin(as_admin, address, name):
    assert as_admin.get(address(name)).status_code == 404


@pytest.mark.parametrize("name", [*FOR_ADMIN, "suggestion-answer"])
def test_the_security_admin_finds_no_page_of_the_office_admin(as_security, address, name):
    assert as_security.get(address(name)).status_code == 404


@pytest.mark.parametrize("name", [*FOR_ADMIN, *FOR_SECURITY, *FOR_EVERYBODY, "suggestion-answer"])
def test_a_visitor_is_asked_to_sign_in(client, address, name):
    assert client.get(address(name)).url.startswith("/accounts/login/?next=")


def test_absent_rows_are_absent(as_admin):
    for name in ("user-edit", "user-disable", "user-password", "post-end", "post-hand-over", "suggestion-answer"):
        assert as_admin.get(reverse(f"accounts:{name}", args=[10**9])).status_code == 404, name


def test_the_settings_list_only_what_one_may_open(as_admin, client, liaison):
    seen = text(as_admin.get("/settings/"))
    assert ("/settings/users/" in seen, "/settings/grants/" in seen) == (True, False)

    client.force_login(liaison)
    seen = text(client.get("/settings/"))
    assert ("/settings/users/" in seen, "/suggestions/" in seen) == (False, True)


def test_a_new_user_is_shown_with_the_password_once(as_admin):
    response = as_admin.post("/settings/users/new/", {"username": "qian", "name": "钱七", "phone": "", "email": ""})

    user = User.objects.get(username="qian")
    password = response.context["password"]
    assert user.check_password(password)
    assert text(response).count(password) == 1
    assert password not in text(as_admin.get(f"/settings/users/{user.pk}/"))
    assert response["Cache-Control"] == "no-store"


def test_a_wrong_new_user_keeps_what_was_typed(as_admin):
    response = as_admin.post(
        "/settings/users/new/", {"username": "ADMIN", "name": "钱七", "phone": "139", "email": "x@example.cn"}
    )

    assert response.status_code == 200
    assert [typed(response, name) for name in ("username", "name", "phone", "email")] == [
        "ADMIN", "钱七", "139", "x@example.cn"
    ]  # fmt: skip
    assert "已被使用" in text(response)
    assert "姓名：请填写姓名。" in text(as_admin.post("/settings/users/new/", {"username": "a", "name": ""}))
    assert "<title>有错误：" in text(response)
    assert User.objects.count() == 1


def test_unlisted_fields_of_a_form_change_nothing(as_admin, liaison):
    data = {"name": "新名", "phone": "1", "email": "", "username": "boss", "is_active": "", "must_change_password": "1"}

    assert as_admin.post(f"/settings/users/{liaison.pk}/", data).status_code == 302

    after = User.objects.get(pk=liaison.pk)
    assert (after.name, after.username, after.is_active, after.must_change_password) == (
        "新名", liaison.username, True, False
    )  # fmt: skip


def test_a_user_is_disabled_and_enabled_after_a_question(as_admin, liaison):
    assert "仍在岗位上" in text(as_admin.get(f"/settings/users/{liaison.pk}/disable/"))
    assert User.objects.get(pk=liaison.pk).is_active

    as_admin.post(f"/settings/users/{liaison.pk}/disable/")
    assert not User.objects.get(pk=liaison.pk).is_active
    again = as_admin.post(f"/settings/users/{liaison.pk}/disable/", follow=True)
    assert "无需重复操作" in text(again)

    as_admin.post(f"/settings/users/{liaison.pk}/enable/")
    assert User.objects.get(pk=liaison.pk).is_active


def test_a_reset_password_is_shown_once_and_the_own_one_is_not_reset(as_admin, admin, liaison):
    response = as_admin.post(f"/settings/users/{liaison.pk}/password/")
    assert User.objects.get(pk=liaison.pk).check_password(response.context["password"])

    own = as_admin.post(f"/settings/users/{admin.pk}/password/", follow=True)
    assert "请用“修改密码”更换" in text(own)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["王管理", "安全员", "李四", "钱停用"]),
        ("q=李", ["李四"]),
        ("q=SECUR", ["安全员"]),
        ("q=没有", []),
        ("role=office_admin", ["王管理"]),
        ("role=liaison", ["李四"]),
        ("state=disabled", ["钱停用"]),
        ("state=active&q=王", ["王管理"]),
        ("role=nothing&department=abc&state=x", ["王管理", "安全员", "李四", "钱停用"]),
    ],
)
def test_users_are_found(as_admin, admin, security, liaison, query, names):
    services.disable_user(people.person("钱停用"), by=admin)

    assert {user.name for user in as_admin.get(f"/settings/users/?{query}").context["page"]} == set(names)


def test_users_are_found_by_their_present_department(as_admin, department, liaison, admin):
    url = f"/settings/users/?department={department.pk}"
    assert [user.name for user in as_admin.get(url).context["page"]] == ["李四"]

    services.end_post(liaison.posts.get(), by=admin)
    assert list(as_admin.get(url).context["page"]) == []


def test_lists_come_in_pages_of_fifty(as_admin):
    for _ in range(51):
        people.person("某人")

    first, second = as_admin.get("/settings/users/?q=某人"), as_admin.get("/settings/users/?q=某人&page=2")
    assert [len(first.context["page"]), len(second.context["page"])] == [50, 1]
    assert "q=%E6%9F%90%E4%BA%BA&amp;page=2" in text(first)


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("url", ["/settings/users/", "/settings/posts/", "/suggestions/"])
def test_a_list_asks_the_same_for_one_row_and_for_thirty(as_admin, admin, liaison, suggestion, url):
    before = queries(as_admin, url)

    for number in range(29):
        other = people.liaison(people.department(f"单位{number}"), f"某人{number}")
        services.write_suggestion(text="字小", by=other)

    assert queries(as_admin, url) == before
    assert before <= 10


def test_the_grants_ask_the_same_for_one_row_and_for_thirty(as_security, grant, security):
    before = queries(as_security, "/settings/grants/")
    for _ in range(29):
        people.person("某", Role.OFFICE_STAFF)

    assert queries(as_security, "/settings/grants/") == before


def test_vacant_departments_are_marked_and_listed_first_on_demand(as_admin, admin, department, liaison):
    empty, left = people.department("省财政厅"), people.department("省水利厅")
    services.disable_user(people.liaison(left, "走人"), by=admin)

    rows = as_admin.get("/settings/posts/").context["rows"]
    assert [(row.place.name, row.vacant) for row in rows] == [
        ("省发展改革委", False), ("省财政厅", True), ("省水利厅", True)
    ]  # fmt: skip
    rows = as_admin.get("/settings/posts/?first=vacant").context["rows"]
    assert [row.place.name for row in rows] == [empty.name, left.name, department.name]


def test_counties_have_their_own_list(as_admin):
    place = people.county()
    people.liaison(place, "周县")

    response = as_admin.get("/settings/posts/?of=county")

    assert [(row.place.name, row.primary[0].user.name) for row in response.context["rows"]] == [("寿县", "周县")]


def test_a_post_is_given_from_the_list(as_admin, department):
    user = people.person("孙八")
    response = as_admin.get(f"/settings/posts/new/?department={department.pk}&kind=backup")
    assert (typed(response, "department"), typed(response, "kind")) == (str(department.pk), "backup")

    data = {"user": user.pk, "department": department.pk, "kind": "primary", "valid_from": clock.today().isoformat()}
    response = as_admin.post("/settings/posts/new/", data)

    assert response.status_code == 302
    assert Post.objects.get().user == user


def test_a_wrong_post_keeps_what_was_typed(as_admin, department, liaison):
    user, today = people.person("孙八"), clock.today().isoformat()
    both = {"user": user.pk, "department": department.pk, "county": people.county().pk, "kind": "primary"}

    response = as_admin.post("/settings/posts/new/", both | {"valid_from": today})
    assert "二者只选其一" in text(response)
    response = as_admin.post("/settings/posts/new/", both | {"county": "", "valid_from": today})
    assert "A角已是李四" in text(response)
    assert typed(response, "user") == str(user.pk)
    response = as_admin.post("/settings/posts/new/", both | {"county": "", "valid_from": "明天"})
    assert typed(response, "valid_from") == "明天"
    assert "任职日期：请填日期，如 2024-10-25。" in text(response)
    assert Post.objects.count() == 1


def test_the_three_administrators_are_not_offered_for_posts(as_admin, security):
    offered = as_admin.get("/settings/posts/new/").context["form"].fields["user"].queryset

    assert {user.name for user in offered} == {"王管理"}


def test_a_hand_over_is_one_step_and_holds_at_the_next_request(as_admin, client, post, department):
    old, new = post.user, people.person("新人")
    theirs = type(client)()
    theirs.force_login(old)
    assert "省发展改革委" in text(theirs.get("/accounts/profile/"))

    response = as_admin.post(
        f"/settings/posts/{post.pk}/hand-over/", {"to": new.pk, "on": clock.today().isoformat()}, follow=True
    )

    assert "草稿随单位保留" in text(response)
    assert "省发展改革委" not in text(theirs.get("/accounts/profile/"))
    theirs.force_login(new)
    assert "省发展改革委" in text(theirs.get("/accounts/profile/"))


def test_a_wrong_hand_over_keeps_what_was_typed(as_admin, post):
    response = as_admin.post(f"/settings/posts/{post.pk}/hand-over/", {"to": post.user_id, "on": "2024-13-01"})

    assert (typed(response, "on"), response.status_code) == ("2024-13-01", 200)
    assert Post.objects.get().valid_to is None


def test_an_absence_is_recorded_on_the_list(as_admin, post):
    today = clock.today()
    url = f"/settings/posts/{post.pk}/absence/"
    wrong = as_admin.post(url, {"away_from": today.isoformat(), "away_to": ""})
    assert "同时填写" in text(wrong)
    assert typed(wrong, "away_from") == today.isoformat()

    last = today + timedelta(days=2)
    listed = as_admin.post(url, {"away_from": today.isoformat(), "away_to": last.isoformat()}, follow=True)

    assert f"离岗至{last.month}月{last.day}日" in text(listed)


def test_a_post_is_ended_after_a_question(as_admin, post):
    as_admin.get(f"/settings/posts/{post.pk}/end/")
    assert Post.objects.get().valid_to is None

    as_admin.post(f"/settings/posts/{post.pk}/end/")

    assert Post.objects.get().valid_to == clock.today() - timedelta(days=1)


def test_a_role_is_given_and_taken(as_security):
    user = people.person("吴九")
    data = {"user": user.pk, "role": Role.LEADER, "valid_from": clock.today().isoformat(), "valid_to": ""}
    as_security.post("/settings/grants/new/", data)
    grant = Grant.objects.get(user=user)
    assert grant.role == Role.LEADER

    refused = as_security.post("/settings/grants/new/", data | {"role": Role.AUDITOR})
    assert "不能兼任" in text(refused)
    assert typed(refused, "role") == Role.AUDITOR

    as_security.post(f"/settings/grants/{grant.pk}/end/")
    assert not Grant.objects.filter(user=user).exists()


def test_the_own_grant_is_refused_in_words(as_security, security):
    response = as_security.post(f"/settings/grants/{security.grants.get().pk}/end/", follow=True)

    assert "不能变更自己的授权" in text(response)


def test_departments_are_found_by_alias(as_admin, department):
    department.aliases.create(name="省发改委", kind="alias")
    people.department("省财政厅")

    listed = as_admin.get("/settings/departments/?q=发改委")

    assert [row.name for row in listed.context["page"]] == ["省发展改革委"]
    assert "省发改委" in text(listed)


def test_everybody_suggests_and_reads_only_the_own(client, liaison, suggestion):
    other = people.person("别人")
    client.force_login(other)

    response = client.post("/suggestions/", {"text": "月报加一列", "page": "/monthly/"}, follow=True)

    assert "月报加一列" in text(response)
    assert "希望字大一些" not in text(response)
    assert Suggestion.objects.get(author=other).page == "/monthly/"


def test_the_page_before_is_remembered_but_no_other_site(client, liaison):
    client.force_login(liaison)

    def remembered(referer):
        return typed(client.get("/suggestions/", headers={"Referer": referer}), "page")

    assert remembered("http://testserver/plans/1/?by=month") == "/plans/1/"
    assert remembered("http://evil.example/plans/1/") == ""


def test_a_wrong_suggestion_keeps_what_was_typed(client, liaison):
    client.force_login(liaison)
    long = "字" * 1001

    response = client.post("/suggestions/", {"text": long})

    assert typed(response, "text") == long
    assert response.context["form"].errors["text"]


def test_the_office_answers_and_the_author_reads_it(as_admin, client, liaison, suggestion):
    as_admin.post(f"/suggestions/{suggestion.pk}/answer/", {"answer": "下周调整"})
    theirs = type(client)()
    theirs.force_login(liaison)

    seen = text(theirs.get("/suggestions/"))

    assert "下周调整" in seen
    assert "王管理答复" in seen


def test_contact_data_is_the_own(client, liaison):
    client.force_login(liaison)

    wrong = client.post("/accounts/profile/", {"phone": "1", "email": "nobody"})
    assert typed(wrong, "email") == "nobody"
    client.post("/accounts/profile/", {"phone": "0551-1", "email": "", "name": "改名", "is_active": ""})

    after = User.objects.get(pk=liaison.pk)
    assert (after.phone, after.name, after.is_active) == ("0551-1", "李四", True)


def test_typed_markup_is_shown_as_text(as_admin, admin):
    people.person("<script>alert(1)</script>")

    assert "<script>alert(1)" not in text(as_admin.get("/settings/users/"))
