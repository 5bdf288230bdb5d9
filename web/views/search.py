from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calendars import clock
from counties.models import County
from departments.models import Department
from tasks.models import WorkItem
from web.context import current_plan

LIMIT = 20


@require_safe
def search(request) -> HttpResponse:
    """Items, departments and counties by words or pinyin initials, as far as the user may see them."""
    words = request.GET.get("q", "").strip()[:60]
    found = _find(request, words) if words else {}
    return render(request, "web/search.html", {"words": words, "found": found, "any": any(found.values())})


def _find(request, words: str) -> dict:
    user, today = request.user, clock.today()
    items = WorkItem.objects.visible_to(user).filter(plan=current_plan(request)).filter(_speaks_of(words))
    departments = (
        Department.objects.current(today).matching(words) if user.may("plan.read") else Department.objects.none()
    )
    counties = County.objects.current(today).matching(words)
    if not user.may("county.read_all"):
        counties = counties.filter(pk__in=user.counties)
    return {
        "items": items.select_related("revision", "section").in_order()[:LIMIT],
        "departments": departments[:LIMIT],
        "counties": counties.for_table()[:LIMIT],
    }


def _speaks_of(words: str) -> Q:
    wording = (
        Q(revision__title__icontains=words) | Q(revision__summary__icontains=words) | Q(revision__text__icontains=words)
    )
    return wording | Q(number=words.removeprefix("第").removesuffix("项"))
