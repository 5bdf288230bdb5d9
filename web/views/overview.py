"""The plan at one look. Lives here because the shell's one query about plans also answers which version it is."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from calendars import clock
from calendars.months import Month
from tasks.models import Plan
from tasks.overview import FILING_FILTERS, LIGHT_FILTERS, Filters, overview
from web.context import plans_of


@require_safe
def plan_overview(request, pk: int) -> HttpResponse:
    """Items × months. Unchanged since the last visit: 304, at the cost of the one query that knows the version."""
    plan = _visible_plan(request, pk)
    etag = _etag(request, plan)
    if _knows(request, etag):
        return _private(HttpResponseNotModified(), etag)
    filters = Filters.from_query(request.GET)
    board = overview(plan, user=request.user, month=_month(request.GET.get("month", "")), filters=filters)
    context = {
        "board": board,
        "plan": plan,
        "filters": filters,
        "light_filters": [(light.value, light.label) for light in LIGHT_FILTERS],
        "filing_filters": FILING_FILTERS.items(),
        "dense": request.GET.get("dense") == "1",
        "compare": request.GET.get("compare") != "0",
        "period_bar": _period_bar(board),
    }
    return _private(render(request, "web/overview/page.html", context), etag)


def _visible_plan(request, pk: int) -> Plan:
    """The plan from the list the shell has read already; a draft or foreign one is absent."""
    request.page_plan = next((plan for plan in plans_of(request) if plan.pk == pk), None)
    if request.page_plan is None or not request.user.may("plan.read"):
        raise Http404
    return request.page_plan


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text) if text else None
    except ValueError:
        return None


def _etag(request, plan) -> str:
    """Changes with all the page shows: plan, user and rights, date, what waits and is unread, address, messages."""
    user = request.user
    rights = sorted(user.permissions), sorted(user.departments), sorted(user.counties)
    shell = [(each.pk, each.waiting, each.unread) for each in plans_of(request)], clock.today(), len(request._messages)
    parts = plan.pk, plan.content_version, user.pk, rights, shell, request.get_full_path()
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _knows(request, etag: str) -> bool:
    """Whether the browser holds this very version. A compressed answer carries the tag as a weak one."""
    return request.headers.get("If-None-Match", "").removeprefix("W/") == etag


def _private(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _period_bar(board) -> dict | None:
    """‹ 10月 › over the months that were opened."""
    if board.shown is None:
        return None
    opened = sorted(month for month, period in board.periods.items() if period.state not in ("planned", "skipped"))
    place = opened.index(board.shown)
    return {
        "label": f"{board.shown.number}月",
        "prev_url": f"?month={opened[place - 1]}" if place else "",
        "next_url": f"?month={opened[place + 1]}" if place + 1 < len(opened) else "",
    }
