"""Accounts of people: made and closed by the office admin, contact data by the people themselves."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.services.passwords import checked, forget_sign_ins, initial_password, put_password
from accounts.services.rules import locked, refuse_last_admin, require_right

CONTACT = ("phone", "email")


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    by: User | None,
    phone: str = "",
    email: str = "",
    password: str | None = None,
    must_change: bool = True,
) -> tuple[User, str]:
    """Open an account and return it with its initial password, which is stored nowhere in plain text: show it once.

    Only the system (`by=None`) may set `must_change=False`. Raises Refused: username_taken, invalid, password_weak.
    """
    require_right(by, "user.manage")
    if by is not None and not must_change:
        raise ValueError("an initial password known to two people must be changed")
    user = User(username=username.strip(), name=name.strip(), phone=phone.strip(), email=email.strip())
    password = initial_password() if password is None else checked(password, user)
    put_password(user, password, must_change=must_change)
    _refuse_bad_fields(user)
    if User.objects.named(user.username).exists():
        raise _taken(user.username)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # somebody was faster
        raise _taken(user.username) from None
    audit.record("user.created", user, by=by, after=_profile(user))
    return user, password


@transaction.atomic
def change_user(user: User, *, name: str, phone: str, email: str, by: User | None) -> User:
    """Correct name and contact data. The user name stays: audit rows and people know the account by it."""
    require_right(by, "user.manage")
    return _change(user, {"name": name, "phone": phone, "email": email}, by=by)


@transaction.atomic
def change_profile(user: User, *, phone: str, email: str, by: User) -> User:
    """Change the own contact data. Raises NotAllowed for somebody else's."""
    if user.pk != by.pk:
        require_right(by, "user.manage")
    return _change(user, {"phone": phone, "email": email}, by=by)


@transaction.atomic
def disable_user(user: User, *, by: User | None) -> User:
    """Close the account from the next request on; posts stay until they are handed over.

    Raises Refused: own_account, last_admin, already_done.
    """
    require_right(by, "user.manage")
    if by is not None and user.pk == by.pk:
        raise Refused("不能停用自己的账号，请由另一名处室管理员办理。", code="own_account")
    locked(user)
    refuse_last_admin(user)
    _switch(user, active=False)
    forget_sign_ins(user)
    audit.record("user.disabled", user, by=by)
    return user


@transaction.atomic
def enable_user(user: User, *, by: User | None) -> User:
    """Open a closed account again, with the rights its grants and posts still give."""
    require_right(by, "user.manage")
    _switch(user, active=True)
    audit.record("user.enabled", user, by=by)
    return user


def _switch(user: User, *, active: bool) -> None:
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise Refused(f"{user.name}的账号已经{'启用' if active else '停用'}，无需重复操作。", code="already_done")
    user.is_active = active
    user.forget_rights()


def _change(user: User, values: dict[str, str], *, by: User | None) -> User:
    user = locked(user)
    before = _profile(user)
    for field, value in values.items():
        setattr(user, field, value.strip())
    _refuse_bad_fields(user)
    if _profile(user) == before:
        return user
    user.save(update_fields=list(values))
    audit.record("user.profile_changed", user, by=by, before=before, after=_profile(user))
    return user


def _profile(user: User) -> dict[str, str]:
    return {"username": user.username, "name": user.name, "phone": user.phone, "email": user.email}


def _refuse_bad_fields(user: User) -> None:
    try:
        user.clean_fields(exclude=["password", "last_login"])
    except ValidationError as error:
        labelled = (
            (getattr(User._meta.get_field(name), "verbose_name", name), words)
            for name, words in error.message_dict.items()
        )
        raise Refused("；".join(f"{label}：{'、'.join(words)}" for label, words in labelled), code="invalid") from None


def _taken(username: str) -> Refused:
    return Refused(f"用户名“{username}”已被使用（不区分大小写），请换一个。", code="username_taken")
