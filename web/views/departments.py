from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Post
from calendars import clock
from departments.models import Department
from tasks.models import Assignment
from web.context import current_plan
from web.departments import duty_rows, masked


@require_safe
def department_list(request) -> HttpResponse:
    """Every department of the current plan, in protocol order, with its duties counted."""
    _require_reader(request)
    words = request.GET.get("q", "").strip()[:40]
    departments = Department.objects.current(clock.today()).matching(words).in_protocol_order()
    numbers: dict[int, list[str]] = {}
    plan = current_plan(request)
    duties = (
        Assignment.objects.filter(item__plan=plan, valid_to=None)
        .in_order()
        .values_list("department_id", "item__number")
    )
    for department_id, number in duties:
        numbers.setdefault(department_id, []).append(number)
    rows = [(department, numbers.get(department.pk, [])) for department in departments]
    return render(request, "web/departments/list.html", {"rows": rows, "words": words, "plan": plan})


@require_safe
def department_detail(request, pk: int) -> HttpResponse:
    """One department: its duties by month, its liaisons."""
    _require_reader(request)
    department = get_object_or_404(Department.objects.for_table(), pk=pk)
    plan = current_plan(request)
    periods, rows = duty_rows(department, plan, user=request.user) if plan else ([], [])
    posts = Post.objects.current(clock.today()).filter(department=department).for_table()
    whole = request.user.may("report.review") or department.pk in request.user.departments
    people = [(post, post.user.phone if whole else masked(post.user.phone)) for post in posts]
    context = {"department": department, "plan": plan, "periods": periods, "rows": rows, "people": people}
    return render(request, "web/departments/detail.html", context)


def _require_reader(request) -> None:
    if not request.user.may("plan.read"):
        raise Http404
