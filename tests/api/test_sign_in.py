"""Tokens: how a program gets one, what it is worth, and when it is worth nothing any more."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts import services
from accounts.models import User
from api.errors import WrongCredentials
from audit.models import AuditEvent
from tests.accounts import people

pytestmark = pytest.mark.django_db
TOKEN, LOGOUT, PLANS = "/api/v1/auth/token/", "/api/v1/auth/logout/", "/api/v1/plans/"


def sign_in(username="li", password=people.PASSWORD, client=None, **extra):
    body = {"username": username, "password": password} | extra
    return (client or Client()).post(TOKEN, body, content_type="application/json")


def use(token):
    return Client().get(PLANS, headers={"Authorization": f"Token {token}"})


def without_number(answer):
    return answer.status_code, answer.json() | {"request_id": ""}


def trail():
    return [(row.action, row.object_label, row.result) for row in AuditEvent.objects.order_by("sequence")]


@pytest.fixture
def li(db):
    return people.person("李四", username="li")


def test_a_program_signs_in_reads_and_signs_out(li):
    before = AuditEvent.objects.count()
    answer = sign_in("LI")
    token = answer.json()["token"]
    assert (answer.status_code, set(answer.json())) == (200, {"token", "expiry"})
    assert use(token).status_code == 200

    out = Client().post(LOGOUT, headers={"Authorization": f"Token {token}"})

    assert (out.status_code, use(token).status_code) == (204, 401)
    assert trail()[before:] == [("session.signed_in", "李四", "ok"), ("session.signed_out", "李四", "ok")]
    assert "sessionid" not in answer.cookies


def test_the_token_itself_is_stored_nowhere(li):
    token = sign_in().json()["token"]

    assert token not in str(list(AuthToken.objects.values()))
    assert token not in "".join(AuditEvent.objects.values_list("payload", flat=True))


def test_unknown_wrong_and_disabled_get_the_same_answer(li):
    gone = people.person("王五", username="wang")
    services.disable_user(gone, by=None)

    answers = [sign_in("li", "wrong"), sign_in("nobody", "wrong"), sign_in("wang")]

    assert [without_number(answer) for answer in answers] == [
        (401, {"code": "wrong_credentials", "message": WrongCredentials.message, "request_id": ""})
    ] * 3
    assert [action for action, *_ in trail()][-3:] == ["session.refused"] * 3


def test_five_failures_lock_the_sign_in_of_programs_and_people_alike(li):
    for _ in range(4):
        assert sign_in("li", "wrong").status_code == 401
    locking, right = sign_in("LI", "wrong"), sign_in()
    unknown = [sign_in("nobody", "wrong") for _ in range(5)][-1]

    assert without_number(locking) == without_number(right) == without_number(unknown)
    assert (locking.status_code, locking.json()["code"]) == (429, "locked_out")
    assert Client().post("/accounts/login/", {"login": "li", "password": people.PASSWORD}).status_code == 429
    assert AuthToken.objects.count() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert sign_in().status_code == 200
        assert not AccessAttempt.objects.filter(username="li").exists()


def test_no_password_is_kept_with_the_failures(li):
    sign_in("li", "My-secret-2024")

    assert "My-secret" not in str(list(AccessAttempt.objects.values()))
    assert "My-secret" not in "".join(AuditEvent.objects.values_list("payload", flat=True))


def test_a_password_that_is_due_must_be_changed_on_the_page_first(li):
    token = sign_in().json()["token"]
    User.objects.filter(pk=li.pk).update(must_change_password=True)

    refused = sign_in()

    assert (refused.status_code, refused.json()["code"]) == (403, "password_due")
    assert (use(token).status_code, use(token).json()["code"]) == (403, "password_due")
    assert trail()[-1] == ("session.refused", "李四", "refused")
    User.objects.filter(pk=li.pk).update(must_change_password=False)
    with time_machine.travel(timezone.now() + timedelta(days=settings.PASSWORD_DAYS, seconds=5)):
        assert sign_in().status_code == 403


def test_tokens_stop_at_once_when_the_account_is_disabled_and_do_not_come_back(li):
    token = sign_in().json()["token"]

    User.objects.filter(pk=li.pk).update(is_active=False)
    assert use(token).status_code == 401
    User.objects.filter(pk=li.pk).update(is_active=True)
    assert use(token).status_code == 200
    services.disable_user(li, by=None)
    services.enable_user(li, by=None)

    assert use(token).status_code == 401


def test_a_changed_password_ends_every_token(li):
    token = sign_in().json()["token"]

    services.change_password(li, "Another-Good-77", by=li)

    assert use(token).status_code == 401


def test_a_token_ends_after_eight_hours_and_the_sixth_ends_the_first(li):
    first = sign_in().json()["token"]
    others = [sign_in().json()["token"] for _ in range(5)]
    assert [use(token).status_code for token in (first, *others)] == [401] + [200] * 5

    with time_machine.travel(timezone.now() + timedelta(hours=8, seconds=1)):
        assert use(others[-1]).status_code == 401


def test_a_second_factor_is_asked_of_programs_too(li):
    totp.TOTP.activate(li, "JBSWY3DPEHPK3PXP")
    code = totp.format_hotp_value(totp.hotp_value("JBSWY3DPEHPK3PXP", next(totp.yield_hotp_counters_from_time())))

    without, wrong, right = sign_in(), sign_in(code="000000"), sign_in(code=code)

    assert (without.status_code, without.json()["code"]) == (401, "second_factor_required")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_code")
    assert right.status_code == 200
    assert sign_in(code=code).json()["code"] == "wrong_code"


def test_guessing_codes_locks_out(li):
    totp.TOTP.activate(li, "JBSWY3DPEHPK3PXP")

    answers = [sign_in(code="000000").status_code for _ in range(6)]

    assert answers == [401] * 4 + [429] * 2


@pytest.mark.parametrize(
    "header", ["Token", "Token x", "Token x y", "Bearer x", "Token \xff\xfe", "Token " + "a" * 5000, ""]
)
def test_whatever_is_no_token_is_answered_alike(li, header):
    answer = Client().get(PLANS, headers={"Authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


def test_the_browsers_session_reads_and_needs_the_csrf_token_to_write(li):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(li)
    session = browser.session
    now = timezone.now().timestamp()
    session["started_at"] = session["seen_at"] = now
    session.save()

    assert browser.get(PLANS).status_code == 200
    refused = browser.post("/api/v1/reports/1/submit/", {"version": 0}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    browser.get("/api/v1/docs/")
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    answer = browser.post("/api/v1/reports/1/submit/", {"version": 0}, content_type="application/json", headers=headers)
    assert answer.status_code == 404


def test_unknown_fields_and_other_formats_are_refused(li):
    odd = sign_in(role="office_admin")
    form = Client().post(TOKEN, {"username": "li", "password": people.PASSWORD})
    broken = Client().post(TOKEN, "{", content_type="application/json")
    deep = Client().post(TOKEN, "[" * 100_000, content_type="application/json")
    large = Client().post(TOKEN, " " * 300_000, content_type="application/json")

    assert (odd.status_code, list(odd.json()["errors"])) == (400, ["role"])
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    assert [(answer.status_code, answer.json()["code"]) for answer in (broken, deep, large)] == [
        (400, "malformed"), (400, "malformed"), (413, "too_large"),
    ]  # fmt: skip
