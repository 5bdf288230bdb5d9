from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.choices import PostKind
from accounts.forms import AbsenceForm, HandOverForm, PostForm
from accounts.models import Post
from accounts.views.common import confirmed, permitted, tried
from calendars import clock
from counties.models import County
from departments.models import Department


@dataclass
class PlaceRow:
    """A department or county with its A角 and B角, those already arranged for later included."""

    place: Department | County
    primary: list[Post] = field(default_factory=list)
    backup: list[Post] = field(default_factory=list)
    vacant: bool = True


@permitted("user.manage")
@require_safe
def post_list(request):
    of_counties = request.GET.get("of") == "county"
    rows = _rows(of_counties=of_counties)
    vacant = sum(row.vacant for row in rows)
    if vacant_first := request.GET.get("first") == "vacant":
        rows.sort(key=lambda row: not row.vacant)
    context = {"rows": rows, "of_counties": of_counties, "vacant": vacant, "vacant_first": vacant_first}
    return render(request, "accounts/post_list.html", context | {"today": clock.today()})


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def post_open(request):
    asked = {name: request.GET[name] for name in ("user", "department", "county", "kind") if request.GET.get(name)}
    form = PostForm(request.POST or None, initial=asked)
    if form.is_valid():
        told = dict(form.cleaned_data)
        person = told.pop("user")
        if tried(form, services.open_post, person, **told, by=request.user):
            place = told["department"] or told["county"]
            messages.success(request, f"{person.name}已任{place}{PostKind(told['kind']).label}。")
            return redirect(_list_url(county=told["county"]))
    return render(request, "accounts/post_form.html", {"form": form})


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def post_hand_over(request, pk):
    post = _post(pk)
    form = HandOverForm(request.POST or None, post=post)
    if form.is_valid() and tried(form, services.hand_over_post, post, **form.cleaned_data, by=request.user):
        to, on = form.cleaned_data["to"], form.cleaned_data["on"]
        messages.success(
            request, f"{post.place}{post.get_kind_display()}自{on:%Y-%m-%d}起由{to.name}接任，草稿随单位保留。"
        )
        return redirect(_list_url(county=post.county))
    return render(request, "accounts/hand_over.html", {"form": form, "post": post})


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def post_absence(request, pk):
    post = _post(pk)
    form = AbsenceForm(request.POST or None, initial={"away_from": post.away_from, "away_to": post.away_to})
    if form.is_valid() and tried(form, services.set_absence, post, **form.cleaned_data, by=request.user):
        words = "已登记离岗，期间提醒同时发给B角。" if form.cleaned_data["away_from"] else "已取消离岗。"
        messages.success(request, f"{post.user.name}{words}")
        return redirect(_list_url(county=post.county))
    return render(request, "accounts/absence.html", {"form": form, "post": post})


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def post_end(request, pk):
    post = _post(pk)
    page = {
        "title": f"结束{post.user.name}的岗位",
        "why": "立即生效：此人不再看到和填写该单位的内容，草稿留在单位。若有人接任，请改用“交接”，一步完成。",
        "rows": [("岗位", str(post)), ("任职自", f"{post.valid_from:%Y-%m-%d}")],
        "button": "结束岗位",
    }
    done, to = f"{post}已结束。", _list_url(county=post.county)
    return confirmed(request, page, services.end_post, post, by=request.user, done=done, to=to)


def _rows(*, of_counties: bool) -> list[PlaceRow]:
    today = clock.today()
    places = (County if of_counties else Department).objects.current(today)
    rows = {place.pk: PlaceRow(place) for place in places}  # in protocol order or that of the document
    posts = Post.objects.not_over(today).for_table().order_by("valid_from", "pk")
    for post in posts.exclude(county=None) if of_counties else posts.exclude(department=None):
        row = rows.get(post.county_id if of_counties else post.department_id)
        if row is None:
            continue
        (row.primary if post.kind == PostKind.PRIMARY else row.backup).append(post)
        post.away_today, post.begins_later = post.away_on(today), post.valid_from > today
        if post.kind == PostKind.PRIMARY and post.user.is_active and post.holds_on(today):
            row.vacant = False
    return list(rows.values())


def _post(pk: int) -> Post:
    return get_object_or_404(Post.objects.not_over(clock.today()).for_table(), pk=pk)


def _list_url(*, county: County | None) -> str:
    return resolve_url("accounts:post-list") + ("?of=county" if county else "")
