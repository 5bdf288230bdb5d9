"""Dated role grants. The security admin gives and ends them; nobody changes his own."""

from __future__ import annotations

from datetime import date

from django.db import transaction

import audit
from accounts.choices import Role
from accounts.errors import Refused
from accounts.models import Grant, User
from accounts.services.rules import (
    end_before,
    locked,
    overlapping,
    refuse_disabled,
    refuse_last_admin,
    refuse_mixed_powers,
    require_right,
)
from calendars import clock


@transaction.atomic
def grant_role(
    user: User, *, role: str, by: User | None, valid_from: date | None = None, valid_to: date | None = None
) -> Grant:
    """Give a role from `valid_from` (default today) to `valid_to` (included; default until further notice).

    Raises Refused: own_grant, powers_mixed, already_granted, user_disabled, dates_wrong.
    """
    require_right(by, "grant.manage")
    _refuse_own(user, by)
    first = valid_from or clock.today()
    if valid_to is not None and valid_to < first:
        raise Refused("结束日期不能早于开始日期。", code="dates_wrong")
    refuse_disabled(locked(user))
    if Grant.objects.filter(overlapping(first, valid_to), user=user, role=role).exists():
        raise Refused(f"{user.name}在这段时间已是{Role(role).label}，无需重复授权。", code="already_granted")
    refuse_mixed_powers(user, role, first, valid_to)
    grant = Grant.objects.create(user=user, role=role, valid_from=first, valid_to=valid_to)
    user.forget_rights()
    audit.record("grant.given", grant, by=by, after=_content(grant))
    return grant


@transaction.atomic
def end_grant(grant: Grant, *, by: User | None) -> None:
    """Take the role away from the next request on. Raises Refused: own_grant, last_admin, already_ended."""
    require_right(by, "grant.manage")
    _refuse_own(grant.user, by)
    locked(grant.user)
    if grant.role == Role.OFFICE_ADMIN:
        refuse_last_admin(grant.user)
    label, before = str(grant), _content(grant)
    _open_ended(grant)
    end_before(Grant.objects.filter(pk=grant.pk), clock.today())
    grant.user.forget_rights()
    audit.record("grant.ended", grant.user, by=by, before=before, detail=label)


def _open_ended(grant: Grant) -> None:
    """A grant that would end by itself later ends like an open one: now."""
    Grant.objects.filter(pk=grant.pk, valid_to__gte=clock.today()).update(valid_to=None)


def _refuse_own(user: User, by: User | None) -> None:
    if by is not None and user.pk == by.pk:
        raise Refused("不能变更自己的授权，请由另一名安全管理员办理。", code="own_grant")


def _content(grant: Grant) -> dict:
    return {
        "user": grant.user.username,
        "role": grant.role,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
    }
