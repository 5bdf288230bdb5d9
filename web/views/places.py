from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import NotAllowed
from calendars import clock
from counties.models import County
from tasks import services
from tasks.errors import Refused
from web.context import current_plan
from web.counties import county_board


@require_safe
def county_list(request) -> HttpResponse:
    """The priority counties by prefecture."""
    if not request.user.may("county.read_all"):
        raise Http404
    counties = County.objects.current(clock.today()).for_table()
    return render(request, "web/counties/list.html", {"counties": counties, "plan": current_plan(request)})


@require_safe
def county_detail(request, pk: int) -> HttpResponse:
    """One county: the items that concern it, what it has reported."""
    return _page(request, _visible(request, pk))


@require_POST
def note_create(request, pk: int) -> HttpResponse:
    county = _visible(request, pk)
    text = request.POST.get("text", "")
    try:
        services.write_note(current_plan(request), county, text=text, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refusal:
        return _page(request, county, text=text, error=refusal.message, status=422)
    messages.success(request, "已提交，处室答复后在本页显示。")
    return redirect("web:county-detail", pk=pk)


def _visible(request, pk: int) -> County:
    user = request.user
    county = get_object_or_404(County.objects.for_table(), pk=pk)
    if not (user.may("county.read_all") or county.pk in user.counties):
        raise Http404
    return county


def _page(request, county: County, *, text: str = "", error: str = "", status: int = 200) -> HttpResponse:
    plan = current_plan(request)
    board = county_board(county, plan, user=request.user) if plan else None
    context = {
        "county": county,
        "plan": plan,
        "board": board,
        "own": county.pk in request.user.counties,
        "text": text,
        "error": error,
    }
    return render(request, "web/counties/detail.html", context, status=status)
