"""What the office's pages share: which plan is meant, and how a refusal of the rules is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.guards import NotAllowed
from accounts.views.common import permitted
from tasks.choices import PlanState
from tasks.errors import Refused
from tasks.models import Plan, ProgressReport, ReportingPeriod

# Refusals that belong beside the date of a deadline.
DUE_REFUSALS = ("due_before_start", "due_before_submission", "due_not_later", "due_too_far", "due_unchanged")


def office_page(permission: str) -> Callable:
    """Only for holders of `permission`; a service that still says no answers like an absent page."""

    def decorate(view):
        @permitted(permission)
        @wraps(view)
        def inner(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise Http404 from refusal

        return inner

    return decorate


def plans_to_choose(request: HttpRequest) -> list[Plan]:
    """Published plans the user may read, active ones first, the latest first."""
    plans = Plan.objects.visible_to(request.user).exclude(state=PlanState.DRAFT)
    return sorted(plans, key=lambda plan: plan.state != PlanState.ACTIVE)


def chosen_plan(request: HttpRequest, plans: list[Plan]) -> Plan | None:
    """The plan named by `?plan=`, else the first; None when there is none at all. An unknown one is a 404."""
    wanted = request.GET.get("plan") or request.POST.get("plan")
    if not wanted:
        return plans[0] if plans else None
    found = next((plan for plan in plans if str(plan.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def plan_switch(plans: list[Plan], chosen: Plan | None, path: str) -> list[dict]:
    """Links between active plans; empty when there is nothing to choose."""
    active = [plan for plan in plans if plan.state == PlanState.ACTIVE or plan == chosen]
    if len(active) < 2:
        return []
    return [{"label": plan.title, "url": f"{path}?plan={plan.pk}", "active": plan == chosen} for plan in active]


def period_or_404(request: HttpRequest, pk: int) -> ReportingPeriod:
    periods = ReportingPeriod.objects.visible_to(request.user).select_related("plan", "settings")
    return get_object_or_404(periods, pk=pk)


def report_or_404(request: HttpRequest, pk: int) -> ProgressReport:
    reports = ProgressReport.objects.reviewable_by(request.user).for_table().select_related("period__plan")
    return get_object_or_404(reports, pk=pk)


def safe_back(request: HttpRequest, default: str) -> str:
    """The address a form was opened from, when it is one of ours."""
    wanted = request.POST.get("back") or request.GET.get("back") or ""
    back = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default
    request.nav_path = urlsplit(back).path  # the menu marks the page one came from
    return back


def overtaken(
    request: HttpRequest, refusal: Refused, *, title: str, back_url: str, happened=(), kept=()
) -> HttpResponse:
    """409: somebody was faster. Says what happened meanwhile and gives back what was typed.

    `happened` are ReportEvents, newest first; `kept` are (label, typed text).
    """
    page = {
        "title": title,
        "why": refusal.message,
        "back_url": back_url,
        "happened": happened,
        "kept": [(label, text) for label, text in kept if text],
    }
    return render(request, "tasks/office/overtaken.html", page, status=409)


def latest_events(report: ProgressReport, *, count: int = 3):
    return report.events.for_table().order_by("-pk")[:count]
