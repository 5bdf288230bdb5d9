"""What a signed-in browser must still satisfy at every request: not idle, not too long, with a password in date."""

import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

import audit

STARTED, SEEN = "started_at", "seen_at"  # seconds since 1970, real time: business time may be set, patience may not
TOUCH_SECONDS = 60
UNATTENDED = "X-Unattended"  # a page that renews itself says so with this header


def mark_session(request: HttpRequest) -> None:
    """Begin both timers; called at sign-in, after the session got its new key."""
    request.session[STARTED] = request.session[SEEN] = time.time()


class SessionTimesMiddleware:
    """Ends a session that was idle or lives too long (GB/T 22239-2019 8.1.4.1 b). Stands behind authentication.

    A page that renews itself is nobody at work: it keeps no session alive.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session_ended = False
        if SESSION_KEY in request.session:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        now = time.time()
        # A session without marks was not begun by signing in here: it gets no time at all.
        idle, age = now - request.session.get(SEEN, 0), now - request.session.get(STARTED, 0)
        if idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE:
            _end(request)
        elif UNATTENDED not in request.headers and idle >= TOUCH_SECONDS:
            # Not at every page view: such a write would make readers queue behind writers.
            request.session[SEEN] = now


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends people to the sign-in page and back; answers 401 to scripts, so that typed text stays in the form."""

    def handle_no_permission(self, request, view_func):
        here = request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request)
        if wants_data(request):
            return JsonResponse(
                {
                    "code": "signed_out",
                    "message": "登录已过期，请重新登录后继续，已填内容不会丢失。",
                    "login_url": _login_url(_came_from(request)),
                },
                status=401,
            )
        if request.method not in ("GET", "HEAD"):
            return render(request, "401.html", {"login_url": _login_url(here)}, status=401)
        if request.session_ended:
            messages.info(request, "离开时间较长，已自动退出。请重新登录，登录后回到原来的页面。")
        return redirect(_login_url(here))


class PasswordDueMiddleware:
    """While a password is initial, reset or out of date, only changing it and signing out are possible."""

    OPEN_VIEWS = frozenset({"account_change_password", "account_logout", "account_login", "account_inactive"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or not password_due(request.user):
            return None
        if request.resolver_match.view_name in self.OPEN_VIEWS:
            return None
        if wants_data(request):
            return JsonResponse({"code": "password_due", "message": "请先修改密码，再继续操作。"}, status=403)
        return redirect("account_change_password")


def password_due(user) -> bool:
    """Whether the password must be changed first: initial, reset, or older than `PASSWORD_DAYS` real days."""
    if user.must_change_password or user.password_changed_at is None:
        return True
    return timezone.now() - user.password_changed_at > timedelta(days=settings.PASSWORD_DAYS)


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asks, not a person: such a request cannot show a sign-in page."""
    script = "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return script or request.path.startswith("/api/")


def _end(request: HttpRequest) -> None:
    user = request.user
    known = user.is_authenticated  # read before the flush: the user is looked up lazily, by the session
    request.session.flush()
    request.user = AnonymousUser()
    request.session_ended = True
    if known:
        with transaction.atomic():
            audit.record("session.expired", user, by=user)


def _came_from(request: HttpRequest) -> str:
    """The page a form was sent from: the address it was sent to may know no GET."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/"
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _login_url(page: str) -> str:
    login = resolve_url(settings.LOGIN_URL)
    return login if page == "/" else f"{login}?{urlencode({'next': page}, safe='/')}"
