from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calendars import clock
from tasks.models import WorkItem
from web.items import month_blocks, neighbours


@require_safe
def item_detail(request, pk: int) -> HttpResponse:
    """One item with its months. Absent for a county it does not concern."""
    items = (
        WorkItem.objects.visible_to(request.user)
        .for_table()
        .select_related("plan", "section", "revision", "coordinator")
    )
    item = get_object_or_404(items, pk=pk)
    before, after = neighbours(item, request.user)
    context = {
        "item": item,
        "months": month_blocks(item, user=request.user, today=clock.today()),
        "before": before,
        "after": after,
    }
    return render(request, "web/items/detail.html", context)
