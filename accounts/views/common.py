"""What every settings page does: refuse like an absent page, call a service, show the refusal beside what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.errors import Refused

PAGE_SIZE = 50


def permitted(permission: str) -> Callable:
    """Let only holders of `permission` through; to others the page does not exist."""

    def decorate(view):
        @wraps(view)
        def inner(request, *args, **kwargs):
            if not request.user.may(permission):
                raise Http404
            return view(request, *args, **kwargs)

        return inner

    return decorate


def tried(form, service: Callable, *args, **kwargs) -> bool:
    """Call a service; a refusal becomes an error of the form. Whether it went through."""
    try:
        service(*args, **kwargs)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def confirmed(request: HttpRequest, page: dict, service: Callable, *args, done: str, to: str, **kwargs) -> HttpResponse:
    """GET asks, POST acts and goes to `to`. `page` fills `accounts/confirm.html`."""
    if request.method != "POST":
        return render(request, "accounts/confirm.html", page | {"back_url": to})
    try:
        service(*args, **kwargs)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(to)


def paged(request: HttpRequest, rows) -> dict:
    """Template context of one page of `rows`, with the query string its links keep."""
    query = request.GET.copy()
    query.pop("page", None)
    return {"page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), "query": query.urlencode()}
