"""What users, grants and posts have in common: who may, spans of days, and the separation of powers (三权分立)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts.choices import EXCLUSIVE_ROLES, Role
from accounts.errors import Refused
from accounts.guards import require
from accounts.models import Grant, Post, User
from calendars import clock

ONE_DAY = timedelta(days=1)


def require_right(by: User | None, permission: str) -> None:
    """Raise NotAllowed unless `by` holds `permission`; None is the system."""
    if by is not None:
        require(by, permission)


def locked(user: User) -> User:
    """The user's row, fresh and ours until commit: two grants or posts at once cannot slip past each other's check."""
    return User.objects.select_for_update().get(pk=user.pk)


def overlapping(first: date, last: date | None) -> Q:
    """Rows in force on some day from `first` to `last`; None is open-ended."""
    begins = Q() if last is None else Q(valid_from__lte=last)
    return begins & (Q(valid_to=None) | Q(valid_to__gte=first))


def end_before(rows: QuerySet, day: date) -> None:
    """Let the open row in `rows` be in force for the last time on the day before `day`.

    One that began on `day` or later was never in force, so it is removed: the audit trail still tells of it.
    Raises Refused (already_ended) when nobody holds it open any more.
    """
    ended = rows.filter(valid_to=None, valid_from__lt=day).update(valid_to=day - ONE_DAY)
    removed, _ = (0, None) if ended else rows.filter(valid_to=None, valid_from__gte=day).delete()
    if not ended and not removed:
        raise Refused("这一条已经结束，请刷新页面查看最新情况。", code="already_ended")


def refuse_disabled(user: User) -> None:
    if not user.is_active:
        raise Refused(f"{user.name}的账号已停用，请先启用再办理。", code="user_disabled")


def refuse_mixed_powers(user: User, role: str | None, first: date, last: date | None = None) -> None:
    """Refuse a role, or a post (`role` None), that separation of powers forbids beside what the user has already.

    GB/T 22239-2019 8.1.4.2: system, security and audit administrators exclude each other and all business rights.
    """
    grants = Grant.objects.filter(overlapping(first, last), user=user)
    clashing = grants.exclude(role=role) if role in EXCLUSIVE_ROLES else grants.filter(role__in=EXCLUSIVE_ROLES)
    held = clashing.exclude(role=role).first() if role else clashing.first()
    if held:
        raise Refused(
            f"{user.name}已是{held.get_role_display()}。系统管理员、安全管理员、审计员不能兼任其他角色或岗位，"
            "请先结束原有授权，或另建账号。",
            code="powers_mixed",
        )
    if role in EXCLUSIVE_ROLES and Post.objects.filter(overlapping(first, last), user=user).exists():
        raise Refused(
            f"{user.name}担任单位或县区联络员，不能兼任{Role(role).label}。请先交接岗位，或另建账号。",
            code="powers_mixed",
        )


def refuse_last_admin(user: User) -> None:
    """Refuse to take away the one active user who can still manage users: nobody could repair that from inside."""
    today = clock.today()
    # Locked, so that two administrators cannot remove each other in the same instant.
    grants = list(
        Grant.objects.select_for_update(of=("self",))
        .filter(overlapping(today, None), role=Role.OFFICE_ADMIN, user__is_active=True)
        .values_list("user_id", "valid_from", "valid_to")
    )
    mine = [grant for grant in grants if grant[0] == user.pk]
    others = [grant for grant in grants if grant[0] != user.pk and grant[1] <= today and grant[2] is None]
    if mine and not others:
        raise Refused(
            "这是最后一名处室管理员，停用或收回后将无人能管理用户。请先授权另一名处室管理员。", code="last_admin"
        )
