"""The first page after signing in, by what the user may do."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tasks import services
from tasks.filing_board import landing_url
from tasks.models import Plan, ReportingPeriod
from tasks.office_board import period_board
from web.context import current_plan
from web.leader import leader_board, leader_period


@require_safe
def home(request) -> HttpResponse:
    """Office, liaison, leader, county, administrators: the first that applies; nobody is left without a word."""
    user = request.user
    for holds, page in PAGES:
        if holds(user):
            return page(request)
    return render(request, "web/home/nobody.html")


def office_home(request) -> HttpResponse:
    """Who has not filed yet, at one look; what waits for the office."""
    plan = current_plan(request)
    if plan is None:
        import_url = reverse("imports:new") if request.user.may("plan.import") else ""
        return render(request, "web/home/no_plan.html", {"import_url": import_url})
    period = _period_at_hand(plan)
    upcoming = services.next_month_to_open(plan)
    board = period_board(period) if period else None
    context = {
        "plan": plan,
        "period": period,
        "upcoming": upcoming,
        "board": board,
        "group_text": board.group_text(named=False) if board else "",
    }
    return render(request, "web/home/office.html", context)


def _period_at_hand(plan: Plan) -> ReportingPeriod | None:
    """The latest month being filed or corrected, else the latest issued."""
    return plan.periods.moving().in_order().last() or plan.periods.issued().in_order().last()


def liaison_home(request) -> HttpResponse:
    """Straight into the form when one report is owed; otherwise the list."""
    return redirect(landing_url(request.user) or reverse("tasks:progress-list"))


def leader_home(request) -> HttpResponse:
    plan = current_plan(request)
    period = plan and leader_period(plan)
    if period is None:
        return render(request, "web/home/no_plan.html", {"plan": plan})
    return render(request, "web/home/leader.html", {"plan": plan, "board": leader_board(period)})


def county_home(request) -> HttpResponse:
    return redirect("web:county-detail", pk=min(request.user.counties))


PAGES = (
    (lambda user: user.may("report.review"), office_home),
    (lambda user: user.may("report.file"), liaison_home),
    (lambda user: user.may("report.read_all"), leader_home),
    (lambda user: bool(user.counties), county_home),
    (lambda user: user.may("operations.view"), lambda request: redirect("background:operations")),
    (lambda user: user.may("grant.manage"), lambda request: redirect(reverse("accounts:settings"))),
    (lambda user: user.may("audit.read"), lambda request: redirect(reverse("audit:event-list"))),
)
