"""The list of what a department has to file."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import with_predecessors
from calendars import clock
from departments.models import Department
from tasks import services
from tasks.errors import Refused
from tasks.filing_board import board_of, department_lines, earlier_reports, row_of
from tasks.models import Assignment, ReportingPeriod

PAGE_SIZE = 20


@require_safe
def progress_list(request: HttpRequest) -> HttpResponse:
    """The own departments' list; for the office and leaders one department's, or the choice of departments."""
    user = request.user
    if "department" in request.GET:
        return _of_department(request, request.GET["department"])
    if user.departments:
        return _list(request, user.departments)
    if not user.may("report.read_all"):
        raise Http404
    context = {"lines": department_lines(), "may_file": user.may("report.file_for")}
    return render(request, "tasks/filing/departments.html", context)


def _of_department(request: HttpRequest, key: str) -> HttpResponse:
    if not (key.isascii() and key.isdecimal()):
        raise Http404
    department = get_object_or_404(Department, pk=key)
    if department.pk not in request.user.departments and not request.user.may("report.read_all"):
        raise Http404
    return _list(request, with_predecessors({department.pk}), department)


def _list(request: HttpRequest, departments, department: Department | None = None) -> HttpResponse:
    now = clock.now()
    page = Paginator(earlier_reports(departments), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "board": board_of(departments, request.user),
        "page": page,
        "earlier": [row_of(report, request.user, now=now) for report in page],
        "query": f"department={department.pk}" if department else "",
        "department": department,
        "own": not department or department.pk in request.user.departments,
    }
    return render(request, "tasks/filing/list.html", context)


@require_POST
def progress_start(request: HttpRequest, assignment: int, period: int) -> HttpResponse:
    """Begin the report of an optional duty."""
    duty = get_object_or_404(Assignment.objects.select_related("item__revision"), pk=assignment)
    if duty.department_id not in request.user.departments and not request.user.may("report.file_for"):
        raise Http404
    month = get_object_or_404(ReportingPeriod.objects.opened().filter(plan=duty.item.plan_id), pk=period)
    try:
        report = services.start_optional(duty, month, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(reverse("tasks:progress-list"))
    return redirect("tasks:progress-edit", pk=report.pk)
