import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.utils import timezone

from accounts import services
from accounts.backends import RightsBackend
from accounts.middleware import SEEN
from accounts.models import User
from audit.models import AuditEvent
from tests.accounts import people

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"
PAGE = "/accounts/profile/"


def sign_in(client, username="li", password=people.PASSWORD, **extra):
    return client.post(LOGIN, {"login": username, "password": password, **extra})


def last_event():
    event = AuditEvent.objects.order_by("sequence").last()
    return event.action, event.object_label, event.actor_name


def without_tokens(response):
    """The body without what differs by nature: CSRF value, request number, and the name that was typed."""
    token = response.context["csrf_token"] if response.context else ""
    return response.content.decode().replace(str(token), "").replace(response["X-Request-ID"], "")


@pytest.fixture
def li(db):
    return people.person("李四", username="li")


def test_signing_in_ignores_case_rotates_the_session_and_is_recorded(client, li):
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key

    response = sign_in(client, "LI")

    assert (response.status_code, response.url) == (302, "/")
    assert client.session.session_key != before
    assert last_event() == ("session.signed_in", "李四", "李四")
    assert client.get(PAGE).status_code == 200


def test_signing_out_ends_the_session_on_the_server_and_is_recorded(client, li):
    sign_in(client)
    key = client.session.session_key

    response = client.post("/accounts/logout/")

    assert response.url == LOGIN
    assert not Session.objects.filter(session_key=key).exists()
    assert last_event() == ("session.signed_out", "李四", "李四")
    assert client.get("/accounts/logout/").status_code == 302


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(li):
    known = sign_in(Client(), "li", "wrong")
    assert last_event() == ("session.refused", "李四", "未登录用户")
    unknown = sign_in(Client(), "xx", "wrong")

    assert known.status_code == unknown.status_code == 200
    assert "用户名或密码不正确" in known.content.decode()
    assert without_tokens(known) == without_tokens(unknown).replace('value="xx"', 'value="li"')


def test_a_password_typed_into_the_name_field_is_not_written_down(client, li):
    sign_in(client, "My-secret-2024", "x")

    assert "My-secret-2024" not in AuditEvent.objects.order_by("sequence").last().payload


def test_five_failures_lock_for_fifteen_minutes(client, li):
    answers = [sign_in(client, "li", "wrong").status_code for _ in range(4)]
    locking = sign_in(client, "LI ", "wrong")
    assert (answers, locking.status_code) == ([200] * 4, 429)
    assert "锁定 15 分钟" in locking.content.decode()
    assert AuditEvent.objects.filter(action="session.locked_out").count() == 1

    right = sign_in(client)

    assert right.status_code == 429
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.filter(action="session.locked_out").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert sign_in(client).status_code == 302
    assert AccessAttempt.objects.count() == 0


def test_an_unknown_name_is_locked_with_the_same_answer(li):
    first, second = Client(), Client()
    for _ in range(5):
        known, unknown = sign_in(first, "li", "wrong"), sign_in(second, "nobody", "wrong")

    assert (known.status_code, unknown.status_code) == (429, 429)
    assert without_tokens(known) == without_tokens(unknown)


def test_the_next_desk_is_not_locked_out(client, li):
    for _ in range(5):
        sign_in(client, "li", "wrong")

    assert sign_in(Client(REMOTE_ADDR="10.0.0.2")).status_code == 302


def test_a_success_forgets_earlier_failures(client, li):
    for _ in range(4):
        sign_in(client, "li", "wrong")
    sign_in(client)
    client.post("/accounts/logout/")

    assert [sign_in(client, "li", "wrong").status_code for _ in range(4)] == [200] * 4


def test_a_disabled_user_cannot_sign_in_and_is_out_at_the_next_request(client, admin, li):
    sign_in(client)
    services.disable_user(li, by=admin)

    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    assert "_auth_user_id" not in Client().session
    other = Client()
    sign_in(other)
    assert "_auth_user_id" not in other.session


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_next_never_leaves_the_site(client, li, target):
    assert sign_in(client, next=target).url == "/"


def test_next_brings_people_back(client, li):
    assert client.get(f"{PAGE}?a=1").url == f"{LOGIN}?next=/accounts/profile/%3Fa%3D1"
    assert sign_in(client, next=f"{PAGE}?a=1").url == f"{PAGE}?a=1"


@override_settings(ALLOWED_HOSTS=["testserver", "other.example"])
def test_next_does_not_lead_to_another_allowed_host(client, li):
    assert sign_in(client, next="http://other.example/").url == "/"


def test_an_idle_session_ends_after_fifteen_minutes_and_says_so(client, li):
    sign_in(client)
    now = timezone.now()

    with time_machine.travel(now + timedelta(minutes=14)):
        assert client.get(PAGE).status_code == 200
    with time_machine.travel(now + timedelta(minutes=28)):  # the last visit counts
        assert client.get(PAGE).status_code == 200
    with time_machine.travel(now + timedelta(minutes=43, seconds=2)):
        response = client.get(PAGE, follow=True)

    assert response.redirect_chain == [(f"{LOGIN}?next={PAGE}", 302)]
    assert "已自动退出" in response.content.decode()
    assert last_event() == ("session.expired", "李四", "李四")


def test_a_busy_session_ends_after_eight_hours(client, li):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client)
        for _ in range(47):  # to 7:50
            clock.shift(timedelta(minutes=10))
            assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=9))
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=1, seconds=1))
        assert client.get(PAGE).status_code == 302


def test_a_session_is_touched_at_most_once_a_minute(client, li, django_assert_num_queries):
    sign_in(client)
    seen = client.session[SEEN]

    client.get(PAGE)
    assert client.session[SEEN] == seen
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        client.get(PAGE)
    assert client.session[SEEN] > seen


def test_a_page_that_renews_itself_keeps_no_session_alive(client, li):
    sign_in(client)
    with time_machine.travel(time.time() + 14 * 60, tick=False):
        renewed = client.get("/", headers={"X-Unattended": "1"}, follow=True)
    with time_machine.travel(time.time() + 16 * 60, tick=False):
        ended = client.get("/", headers={"X-Unattended": "1"})

    assert (renewed.status_code, ended.url) == (200, "/accounts/login/")


def test_business_time_does_not_decide_over_sessions(client, li, settings):
    settings.CLOCK_AT = "2031-01-01T00:00:00+08:00"
    sign_in(client)

    assert client.get(PAGE).status_code == 200
    assert abs(client.session[SEEN] - time.time()) < 60


def test_a_session_without_marks_is_not_trusted(client, li):
    client.force_login(li)
    session = client.session
    del session[SEEN]
    session.save()

    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"X-Requested-With": "XMLHttpRequest"}])
def test_scripts_are_told_to_sign_in_again_and_where_to_come_back(client, headers):
    response = client.post("/suggestions/", headers=headers | {"Referer": "http://testserver/suggestions/?a=1"})

    assert response.status_code == 401
    assert response.json()["code"] == "signed_out"
    assert response.json()["login_url"] == f"{LOGIN}?next=/suggestions/%3Fa%3D1"


def test_a_form_sent_after_the_session_ended_gets_a_page_that_leads_back(client):
    away = client.post("/suggestions/", headers={"Referer": "http://evil.example/x"})
    response = client.post("/suggestions/", headers={"Referer": "http://testserver/suggestions/"})

    assert response.status_code == 401
    assert f'href="{LOGIN}?next=/suggestions/"' in response.content.decode()
    assert "evil" not in away.content.decode()


def test_an_initial_password_must_be_changed_before_anything_else(client, admin):
    user, password = services.create_user(username="neu", name="新人", by=admin)
    sign_in(client, "neu", password)

    assert client.get(PAGE).url == CHANGE
    assert client.get("/suggestions/").url == CHANGE
    scripted = client.post("/suggestions/", headers={"HX-Request": "true"})
    assert (scripted.status_code, scripted.json()["code"]) == (403, "password_due")
    assert "先改成自己的密码再继续" in client.get(CHANGE).content.decode()

    response = change_password(client, password, "Chun-tian-88")

    assert response.url == "/"
    assert client.get(PAGE).status_code == 200
    user.refresh_from_db()
    assert (user.must_change_password, user.check_password("Chun-tian-88")) == (False, True)
    assert last_event() == ("user.password_changed", "新人", "新人")


def test_a_password_is_out_of_date_after_ninety_days(client, li):
    User.objects.filter(pk=li.pk).update(password_changed_at=timezone.now() - timedelta(days=90, minutes=1))
    sign_in(client)
    assert client.get(PAGE).url == CHANGE

    User.objects.filter(pk=li.pk).update(password_changed_at=timezone.now() - timedelta(days=89))
    assert client.get(PAGE).status_code == 200


def test_a_changed_password_ends_the_other_sessions_but_not_this_one(client, li):
    other = Client()
    sign_in(client), sign_in(other)

    change_password(client, people.PASSWORD, "Chun-tian-88")

    assert client.get(PAGE).status_code == 200
    assert other.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1-efghi", "10 至 128"),
        ("A1-" + "x" * 126, "10 至 128"),
        ("abcdefghij1", "至少要有 3 类"),
        ("中文中文中文中文中文Aa", "至少要有 3 类"),
        ("Password123!", "常见密码"),
        ("P@ssw0rd2024", "常见密码"),
        ("Anhui-2024-x", "单位、系统名称"),
        ("Nongye#88888", "单位、系统名称"),
        ("Li-88888-abc", "用户名、姓名"),
        (people.PASSWORD, "最近 5 次"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(client, li, password, reason):
    sign_in(client)

    response = change_password(client, people.PASSWORD, password)

    assert response.status_code == 200
    assert reason in response.content.decode()
    li.refresh_from_db()
    assert li.check_password(people.PASSWORD)


def test_the_old_password_must_be_known(client, li):
    sign_in(client)

    assert "当前密码不正确" in change_password(client, "guess", "Chun-tian-88").content.decode()


def test_the_other_sessions_are_seen_and_ended(client, li):
    other = Client(headers={"User-Agent": "Firefox"})
    sign_in(client)
    sign_in(other)
    assert "Firefox" in client.get("/accounts/sessions/").content.decode()

    client.post("/accounts/sessions/")

    assert client.get(PAGE).status_code == 200
    assert other.get(PAGE).status_code == 302


def test_there_is_no_sign_up_and_no_reset_by_mail(client):
    for path in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/login/code/"):
        assert client.get(path).status_code == 404, path


def test_every_answer_to_a_signed_in_browser_is_not_stored(client, li):
    sign_in(client)

    for path in (PAGE, "/suggestions/", "/settings/users/", LOGIN):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_the_second_factor_is_kept_encrypted_and_asked_for(client, li):
    secret = totp.generate_totp_secret()
    stored = totp.TOTP.activate(li, secret).instance
    assert secret not in str(stored.data)

    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    assert client.get(PAGE).status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert last_event()[0] == "session.refused"
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).url == "/"
    assert client.get(PAGE).status_code == 200

    again = Client()
    sign_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200  # used once


def test_rights_cost_three_queries_and_asking_costs_none(admin, department, django_assert_num_queries):
    user = people.liaison(department)

    with django_assert_num_queries(3):
        loaded = RightsBackend().get_user(user.pk)
    with django_assert_num_queries(0):
        assert loaded.may("report.file")
        assert not loaded.may("user.manage")
        assert [post.place.name for post in loaded.current_posts] == ["省发展改革委"]


def test_unlocking_is_for_the_security_admin(client, security, li):
    for _ in range(5):
        sign_in(client, "li", "wrong")
    boss = Client()
    boss.force_login(security)
    page = boss.get("/settings/lockouts/").content.decode()
    assert "锁定至" in page

    boss.post("/settings/lockouts/release/", {"username": "li", "ip_address": "127.0.0.1"})

    assert last_event() == ("session.released", "李四", "安全员")
    assert sign_in(client).status_code == 302


def change_password(client, old, new):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})
