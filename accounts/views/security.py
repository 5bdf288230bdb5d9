"""Pages of the security administrator: grants and lock-outs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lockouts, services
from accounts.choices import Role
from accounts.errors import Refused
from accounts.forms import GrantForm, ReleaseForm
from accounts.models import Grant
from accounts.views.common import confirmed, paged, permitted, tried
from calendars import clock


@permitted("grant.manage")
@require_safe
def grant_list(request):
    grants = Grant.objects.not_over(clock.today()).for_table().order_by("role", "user__name", "pk")
    return render(request, "accounts/grant_list.html", {"today": clock.today(), **paged(request, grants)})


@permitted("grant.manage")
@require_http_methods(["GET", "POST"])
def grant_give(request):
    form = GrantForm(request.POST or None, by=request.user)
    if form.is_valid():
        told = dict(form.cleaned_data)
        person = told.pop("user")
        if tried(form, services.grant_role, person, **told, by=request.user):
            messages.success(request, f"已授予{person.name}{Role(told['role']).label}。")
            return redirect("accounts:grant-list")
    return render(request, "accounts/grant_form.html", {"form": form})


@permitted("grant.manage")
@require_http_methods(["GET", "POST"])
def grant_end(request, pk):
    grant = get_object_or_404(Grant.objects.not_over(clock.today()).for_table(), pk=pk)
    page = {
        "title": f"收回{grant.user.name}的{grant.get_role_display()}",
        "why": "立即生效：此人下一次点击起就没有这个角色的权限。以往的记录不受影响。",
        "rows": [
            ("姓名", f"{grant.user.name}（{grant.user.username}）"),
            ("角色", grant.get_role_display()),
            ("授予自", f"{grant.valid_from:%Y-%m-%d}"),
        ],
        "button": "收回角色",
    }
    to = resolve_url("accounts:grant-list")
    return confirmed(request, page, services.end_grant, grant, by=request.user, done=f"{grant}已收回。", to=to)


@permitted("lockout.manage")
@require_safe
def lockout_list(request):
    return render(request, "accounts/lockout_list.html", {"attempts": lockouts.recent()})


@permitted("lockout.manage")
@require_POST
def lockout_release(request):
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        lockouts.release(**form.cleaned_data, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{form.cleaned_data['username']}的锁定已解除，可以重新登录。")
    return redirect("accounts:lockout-list")
