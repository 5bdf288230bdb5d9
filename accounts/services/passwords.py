"""Passwords: made, changed and reset; the history that refuses old ones. What is a good one: `accounts.validators`."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from knox.models import AuthToken

import audit
from accounts.errors import Refused
from accounts.models import PasswordHistory, User
from accounts.services.rules import locked, require_right

# Without letters and digits that look alike on paper: 0O, 1lI.
LETTERS = ("abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")


def initial_password() -> str:
    """A random one-time password such as `kX7m-Rq4T-9pWz`: about 69 bits, easy to read aloud and to type."""
    while True:
        drawn = [secrets.choice("".join(LETTERS)) for _ in range(12)]
        if all(set(drawn) & set(kind) for kind in LETTERS):
            return "-".join("".join(drawn[start : start + 4]) for start in (0, 4, 8))


def checked(password: str, user: User) -> str:
    """The password, when policy allows it. Raises Refused (password_weak) with every reason."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("".join(error.messages), code="password_weak") from None
    return password


@transaction.atomic
def change_password(user: User, password: str, *, by: User) -> User:
    """Set the own new password, already proven to know the old one. Other sessions and interface tokens end.

    Raises Refused (password_weak); NotAllowed for somebody else's account is the caller's bug, so an assertion.
    """
    assert user.pk == by.pk, "people change their own password; the office resets it"
    locked(user)
    checked(password, user)
    _replace(user, password, must_change=False)
    audit.record("user.password_changed", user, by=by)
    return user


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """Replace a forgotten password by a one-time one and return it, to be shown once. Every session of it ends.

    Raises Refused: own_account (the own one is changed, not reset).
    """
    require_right(by, "user.manage")
    if by is not None and user.pk == by.pk:
        raise Refused("自己的密码请用“修改密码”更换。", code="own_account")
    locked(user)
    password = initial_password()
    _replace(user, password, must_change=True)
    audit.record("user.password_reset", user, by=by)
    return password


def put_password(user: User, password: str, *, must_change: bool) -> None:
    """Write the hash and its date on the instance, unsaved. Password age counts in real time, not business time."""
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = must_change


def forget_sign_ins(user: User) -> None:
    """End what would outlive the session cookie: interface tokens. Sessions end by the account's state or hash."""
    AuthToken.objects.filter(user=user).delete()


def _replace(user: User, password: str, *, must_change: bool) -> None:
    PasswordHistory.objects.create(user=user, password=user.password)
    put_password(user, password, must_change=must_change)
    # allauth hands in an instance whose other fields may be stale.
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    kept = PasswordHistory.objects.filter(user=user)[: settings.PASSWORD_HISTORY - 1]
    PasswordHistory.objects.filter(user=user).exclude(pk__in=[row.pk for row in kept]).delete()
    forget_sign_ins(user)
