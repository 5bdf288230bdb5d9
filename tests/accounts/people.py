"""Rows the tests of this room need, made through the services that make them in production."""

from itertools import count

from accounts import services
from accounts.choices import PostKind
from accounts.models import User
from calendars import clock
from counties.models import County, Prefecture
from departments.models import Department

PASSWORD = "Qiu-tian-2024"
_number = count(1)


def person(name="张三", *roles, username="", **details) -> User:
    """A user who may go on at once: the password needs no change."""
    username = username or f"u{next(_number)}"
    user, _ = services.create_user(
        username=username, name=name, by=None, password=PASSWORD, must_change=False, **details
    )
    for role in roles:
        services.grant_role(user, role=role, by=None)
    return user


def department(name="省发展改革委") -> Department:
    order = next(_number)
    return Department.objects.create(
        name=name, full_name=f"安徽{name}", level="provincial", category="government", protocol_order=order
    )


def county(name="寿县") -> County:
    prefecture, _ = Prefecture.objects.get_or_create(code="340400", defaults={"name": "淮南市"})
    return County.objects.create(code=f"34{next(_number):04}", name=name, prefecture=prefecture, kind="county")


def liaison(place, name="李四", kind=PostKind.PRIMARY, **details) -> User:
    user = person(name, **details)
    where = {"department": place} if isinstance(place, Department) else {"county": place}
    services.open_post(user, by=None, kind=kind, valid_from=clock.today().replace(day=1, month=1), **where)
    return fresh(user)


def fresh(user: User) -> User:
    """The user as the next request sees it."""
    return User.objects.with_rights().get(pk=user.pk)
