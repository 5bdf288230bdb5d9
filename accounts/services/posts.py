"""Posts: who is A角 and B角 of a department or a county. Duties and drafts belong to the place and stay with it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

import audit
from accounts.choices import PostKind
from accounts.errors import Refused
from accounts.models import Post, User
from accounts.querysets import PostQuerySet
from accounts.services.rules import (
    end_before,
    locked,
    overlapping,
    refuse_disabled,
    refuse_mixed_powers,
    require_right,
)
from calendars import clock
from counties.models import County
from departments.models import Department


@transaction.atomic
def open_post(
    user: User,
    *,
    by: User | None,
    department: Department | None = None,
    county: County | None = None,
    kind: str = PostKind.PRIMARY,
    valid_from: date | None = None,
) -> Post:
    """Give a person a post in exactly one department or county, until further notice.

    Raises Refused: place_required, place_closed, user_disabled, powers_mixed, already_posted, primary_taken.
    """
    require_right(by, "user.manage")
    place = _one_place(department, county)
    first = valid_from or clock.today()
    _refuse_closed(place, first)
    refuse_disabled(locked(user))
    refuse_mixed_powers(user, None, first)
    posts = posts_of(place).filter(overlapping(first, None)).select_related("user")
    if posts.filter(user=user).exists():
        raise Refused(f"{user.name}已在{place}任职，如需调换A角、B角请用“交接”。", code="already_posted")
    taken = posts.primary().first() if kind == PostKind.PRIMARY else None
    if taken:
        raise Refused(f"{place}的A角已是{taken.user.name}，请对该岗位办理“交接”。", code="primary_taken")
    post = _insert(Post(user=user, department=department, county=county, kind=kind, valid_from=first))
    audit.record("post.opened", post, by=by, after=_content(post))
    return post


@transaction.atomic
def end_post(post: Post, *, by: User | None, on: date | None = None) -> None:
    """End a post; `on` (default today) is the first day without it, so it is gone at the next request.

    Raises Refused: already_ended.
    """
    require_right(by, "user.manage")
    before, label = _content(post), str(post)
    end_before(Post.objects.filter(pk=post.pk), on or clock.today())
    post.user.forget_rights()
    audit.record("post.ended", post.place, by=by, before=before, detail=label)


@transaction.atomic
def hand_over_post(post: Post, *, to: User, by: User | None, on: date | None = None) -> Post:
    """Give the post to another person in one step; `on` (default today) is the first day of the new one.

    A post that the new person held in the same place (B角 becomes A角) ends with it. Drafts belong to the department:
    nothing of them moves. Raises Refused: same_person, user_disabled, powers_mixed, already_ended.
    """
    require_right(by, "user.manage")
    first = on or clock.today()
    if to.pk == post.user_id:
        raise Refused(f"{to.name}已在这个岗位上，请选择另一位同志。", code="same_person")
    _refuse_closed(post.place, first)
    refuse_disabled(locked(to))
    refuse_mixed_powers(to, None, first)
    before, old_user = _content(post), post.user
    end_before(Post.objects.filter(pk=post.pk), first)
    own = posts_of(post.place).filter(user=to, valid_to=None)
    if own.exists():
        end_before(own, first)
    _refuse_later_primary(post, first)
    new = _insert(Post(user=to, department=post.department, county=post.county, kind=post.kind, valid_from=first))
    old_user.forget_rights()
    audit.record("post.handed_over", new, by=by, before=before, after=_content(new))
    return new


@transaction.atomic
def set_absence(post: Post, *, away_from: date | None, away_to: date | None, by: User | None) -> Post:
    """Record when the holder is away (both days included): B角 is addressed meanwhile. Both None clears it.

    Raises Refused: dates_wrong, already_ended.
    """
    require_right(by, "user.manage")
    if (away_from is None) != (away_to is None):
        raise Refused("离岗的开始日期和结束日期要同时填写；两项都留空即为取消离岗。", code="dates_wrong")
    if away_from is not None and away_to is not None and away_to < away_from:
        raise Refused("离岗结束日期不能早于开始日期。", code="dates_wrong")
    before = _content(post)
    running = Post.objects.filter(overlapping(clock.today(), None), pk=post.pk)
    if not running.update(away_from=away_from, away_to=away_to):
        raise Refused("这个岗位已经结束，请刷新页面查看最新情况。", code="already_ended")
    post.refresh_from_db()
    audit.record("post.absence_set", post, by=by, before=before, after=_content(post))
    return post


def posts_of(place: Department | County) -> PostQuerySet:
    return Post.objects.filter(department=place) if isinstance(place, Department) else Post.objects.filter(county=place)


def _one_place(department: Department | None, county: County | None) -> Department | County:
    place = department or county
    if place is None or (department and county):
        raise Refused("请选择一个单位或一个县（市、区）。", code="place_required")
    return place


def _refuse_closed(place: Department | County, on: date) -> None:
    if place.valid_to is not None and place.valid_to < on:
        raise Refused(f"{place}已停用，请选择承接单位。", code="place_closed")


def _refuse_later_primary(post: Post, first: date) -> None:
    """A successor already planned for a later day would make two A角 from that day on."""
    if post.kind != PostKind.PRIMARY:
        return
    later = posts_of(post.place).primary().filter(overlapping(first, None)).select_related("user").first()
    if later:
        raise Refused(
            f"{later.user.name}已定于{later.valid_from:%Y-%m-%d}接任A角，请先结束该安排。", code="primary_taken"
        )


def _insert(post: Post) -> Post:
    try:
        with transaction.atomic():
            post.save(force_insert=True)
    except IntegrityError:  # somebody was faster: one open primary per place is a database constraint
        raise Refused(f"{post.place}的岗位刚被他人变更，请刷新页面后再办理。", code="primary_taken") from None
    post.user.forget_rights()
    return post


def _content(post: Post) -> dict:
    return {
        "user": post.user.username,
        "place": str(post.place),
        "kind": post.kind,
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
        "away_from": post.away_from,
        "away_to": post.away_to,
    }
