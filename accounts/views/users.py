from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.errors import Refused
from accounts.forms import NewUserForm, UserFilter, UserForm
from accounts.models import User
from accounts.views.common import confirmed, paged, permitted, tried


@permitted("user.manage")
@require_safe
def user_list(request):
    chosen = UserFilter(request.GET or None) if request.GET else UserFilter({})
    users = chosen.apply(User.objects.with_rights().order_by("-is_active", "name", "pk"))
    return render(
        request, "accounts/user_list.html", {"form": chosen, "filtered": bool(request.GET), **paged(request, users)}
    )


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def user_create(request):
    form = NewUserForm(request.POST or None)
    if form.is_valid():
        try:
            user, password = services.create_user(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _password_slip(request, user, password, "用户已建立")
    return render(request, "accounts/user_form.html", {"form": form})


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def user_edit(request, pk):
    user = get_object_or_404(User.objects.with_rights(), pk=pk)
    form = UserForm(request.POST or None, instance=user)
    if form.is_valid() and tried(form, services.change_user, user, **form.cleaned_data, by=request.user):
        messages.success(request, f"{user.name}的资料已保存。")
        return redirect("accounts:user-edit", pk=pk)
    return render(request, "accounts/user_form.html", {"form": form, "person": user})


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def user_disable(request, pk):
    user = get_object_or_404(User.objects.with_rights(), pk=pk)
    page = {
        "title": f"停用{user.name}的账号",
        "why": "停用后立即不能登录，正在使用的会话也随即失效；填过的内容和记录保留。可以随时重新启用。",
        "rows": [("姓名", user.name), ("用户名", user.username), *(("岗位", str(post)) for post in user.current_posts)],
        "warning": "此人仍在岗位上，停用后该岗位按空缺提示，请尽快办理交接。" if user.current_posts else "",
        "button": "停用账号",
    }
    done = f"{user.name}的账号已停用。"
    return confirmed(request, page, services.disable_user, user, by=request.user, done=done, to=_edit_url(user))


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def user_enable(request, pk):
    user = get_object_or_404(User.objects.with_rights(), pk=pk)
    page = {
        "title": f"启用{user.name}的账号",
        "why": "启用后可以用原来的密码登录，原有的岗位和角色继续有效。",
        "rows": [("姓名", user.name), ("用户名", user.username)],
        "button": "启用账号",
    }
    done = f"{user.name}的账号已启用。"
    return confirmed(request, page, services.enable_user, user, by=request.user, done=done, to=_edit_url(user))


@permitted("user.manage")
@require_http_methods(["GET", "POST"])
def user_password(request, pk):
    """Ask, then show the one-time password in the answer itself: it is kept nowhere, so it cannot be shown again."""
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        try:
            password = services.reset_password(user, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(_edit_url(user))
        return _password_slip(request, user, password, "密码已重置")
    page = {
        "title": f"重置{user.name}的密码",
        "why": "原密码立即失效，已登录的会话全部退出。新的一次性密码只显示一次，请当面或电话告知本人。",
        "rows": [("姓名", user.name), ("用户名", user.username)],
        "button": "重置密码",
        "back_url": _edit_url(user),
    }
    return render(request, "accounts/confirm.html", page)


def _password_slip(request, user, password, title):
    return render(request, "accounts/password_slip.html", {"person": user, "password": password, "title": title})


def _edit_url(user) -> str:
    return resolve_url("accounts:user-edit", pk=user.pk)
