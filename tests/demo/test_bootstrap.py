"""The first start: what is made once, and what a second start must leave alone."""

import json
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import User
from audit.models import AuditEvent
from calendars.models import CalendarYear
from counties.models import County
from departments.models import Department
from tasks.models import Plan

pytestmark = pytest.mark.django_db


def bootstrap(*arguments) -> str:
    out = StringIO()
    call_command("bootstrap", *arguments, stdout=out)
    return out.getvalue()


def password_in(text: str) -> str:
    (line,) = [line for line in text.splitlines() if "初始密码：" in line]
    return line.split("：")[1].strip()


def roles_of(username: str) -> set[str]:
    return set(User.objects.get(username=username).grants.values_list("role", flat=True))


def test_an_empty_database_gets_registers_plan_and_first_administrator():
    text = bootstrap()

    assert (Department.objects.count(), County.objects.count(), Plan.objects.count()) == (27, 20, 1)
    assert CalendarYear.objects.filter(year=2024).exists()
    admin = User.objects.get()
    assert (admin.username, admin.must_change_password) == ("admin", True)
    assert roles_of("admin") == {Role.OFFICE_ADMIN, Role.OFFICE_STAFF}
    assert admin.check_password(password_in(text))
    assert "只显示这一次" in text
    assert not Plan.objects.get().is_demo


def test_the_printed_password_signs_in(rf):
    password = password_in(bootstrap("--username", "chushi"))

    assert authenticate(rf.post("/"), username="chushi", password=password) == User.objects.get()


def test_a_second_start_changes_nothing_and_shows_no_password():
    password = password_in(bootstrap())
    Department.objects.filter(name="省残联").update(name="改过的简称")
    before = AuditEvent.objects.count()

    text = bootstrap()

    assert password not in text
    assert "初始密码不再显示" in text
    assert (User.objects.count(), Department.objects.count(), Plan.objects.count()) == (1, 27, 1)
    assert AuditEvent.objects.count() == before


def test_two_installations_have_different_passwords(transactional_db):
    first = password_in(bootstrap())
    call_command("flush", interactive=False, verbosity=0)

    assert password_in(bootstrap()) != first


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_the_three_keepers_are_made_one_by_one(role):
    bootstrap()

    password = password_in(bootstrap("--role", role, "--username", "keeper"))

    assert roles_of("keeper") == {role}
    assert User.objects.get(username="keeper").check_password(password)
    assert "无需重复操作" in bootstrap("--role", role, "--username", "Keeper")
    assert User.objects.count() == 2


def test_a_lost_administrator_can_be_replaced():
    bootstrap()

    bootstrap("--role", "office_admin", "--username", "second")

    assert roles_of("second") == {Role.OFFICE_ADMIN, Role.OFFICE_STAFF}


def test_powers_stay_apart():
    bootstrap()

    with pytest.raises(CommandError, match="不能兼任"):
        bootstrap("--role", "auditor", "--username", "admin")

    assert roles_of("admin") == {Role.OFFICE_ADMIN, Role.OFFICE_STAFF}


def test_a_keeper_needs_a_name():
    with pytest.raises(CommandError, match="--username"):
        bootstrap("--role", "auditor")


def test_programs_read_json():
    facts = json.loads(bootstrap("--format", "json"))

    assert (facts["created"], facts["username"]) == (True, "admin")
    assert User.objects.get().check_password(facts["password"])
    assert json.loads(bootstrap("--format", "json")) == {"created": False}


def test_a_keeper_before_the_first_start_does_not_keep_the_database_empty():
    bootstrap("--role", "auditor", "--username", "shenji")

    text = bootstrap()

    assert Plan.objects.count() == 1
    assert "初始密码：" in text
