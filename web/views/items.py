from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calendars import clock
from web.items import month_blocks, source_url, with_neighbours


@require_safe
def item_detail(request, pk: int) -> HttpResponse:
    """One item with its months. Absent for a county it does not concern."""
    before, item, after = with_neighbours(pk, request.user)
    if item is None:
        raise Http404
    context = {
        "item": item,
        "months": month_blocks(item, user=request.user, today=clock.today()),
        "before": before,
        "after": after,
        "source_url": source_url(item, request.user),
        "opens_departments": request.user.may("plan.read"),
    }
    return render(request, "web/items/detail.html", context)
