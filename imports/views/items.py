"""One item of a review: confirm, later, not at all; merge with the one before, split in two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from imports import services
from imports.desk import Desk
from imports.models import ImportItem
from imports.pieces import clauses_of
from imports.reasons import OPEN_UNIT
from imports.saving import save
from imports.services import AlreadyMoved, Refused
from imports.views.common import document_or_404, item_or_404, latest_steps, overtaken, review_url
from imports.views.review import form_for, review_page
from tasks.views.office.common import office_page
from tasks.views.posted import whole_number

# Acts after which the next item comes.
LEAVING = {
    "confirm": services.confirm_item,
    "later": services.postpone_item,
    "exclude": services.exclude_item,
}
STAYING = {"save": None, "recall": services.recall_item}


@dataclass(frozen=True)
class Act:
    """What a button does once the item's fields are saved: `last` as `save` takes it, then the page at `url`."""

    last: Callable | None
    url: str


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_item(request, pk):
    """The open item is posted as a whole: what was changed is saved first, then comes the act of the button."""
    item = item_or_404(request, pk)
    if request.method != "POST":
        return redirect(review_url(item.document_id, item=pk))
    act = act_of(request, item)
    form = form_for(item, request.POST)
    if form_version(request, item) != item.version:  # other units and other questions than the page had
        return moved_page(request, item, AlreadyMoved())
    if not form.is_valid():
        return refused_page(request, item, form)
    try:
        save(form, by=request.user, last=act.last)
    except AlreadyMoved as refusal:
        return moved_page(request, item, refusal)
    except Refused as refusal:
        form.take(refusal)
        return refused_page(request, item, form)
    return gone_to(request, act.url)


def act_of(request, item) -> Act:
    """The act of the button pressed; its key, where it has one, names a doubt or the item to go to."""
    name, _, key = request.POST.get("act", "save").partition("-")
    show = request.POST.get("show", "")
    here = review_url(item.document_id, item=item.pk, show=show)
    if name in LEAVING:
        coming = Desk(item.document, show=show, item=item.pk).next_open
        return Act(LEAVING[name], review_url(item.document_id, item=coming and coming.pk, show=show))
    if name in STAYING:
        return Act(STAYING[name], here)
    if name == "go":
        return Act(None, review_url(item.document_id, item=whole_number(key), show=show))
    if name == "list":
        return Act(None, reverse("imports:list"))
    if name == "accept":
        return Act(accepting(item.document), review_url(item.document_id, show=show))
    if name == "settle":
        return Act(settling(item, key), here)
    if name == "merge":
        return merging(request, item)
    raise SuspiciousOperation("no such act")


def gone_to(request, url: str):
    """The next page; htmx would put the list of imports inside this one, so it is told to load it."""
    if request.htmx and url == reverse("imports:list"):
        response = HttpResponse()
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def accepting(document) -> Callable:
    return lambda item, *, by, version: services.accept_all_agreed(document, by=by)


def settling(item, key) -> Callable:
    """Units left open are answered by their own question, not by calling them no problem."""
    doubt = next((one for one in item.doubts.all() if str(one.pk) == key and one.code != OPEN_UNIT), None)
    if doubt is None:
        raise SuspiciousOperation("no such doubt")
    return lambda item, *, by, version: services.settle_doubt(doubt, by=by, version=version)


def merging(request, item) -> Act:
    above = Desk(item.document, item=item.pk).neighbour_above
    if above is None:
        raise SuspiciousOperation("nothing to merge with")
    seen = whole_number(request.POST.get("above_version")) or 0
    return Act(
        lambda item, *, by, version: services.merge_items(above, item, by=by, versions=(seen, version)),
        review_url(item.document_id, item=above.pk),
    )


def refused_page(request, item, form):
    """The item as it was typed, with what is wrong beside it."""
    document = document_or_404(request, item.document_id)
    desk = Desk(document, show=request.POST.get("show", ""), item=item.pk)
    return review_page(request, document, desk, form=form)


def moved_page(request, item, refusal):
    """409: who changed the item; the form keeps everything typed, and where it differs says how it stands now."""
    document = document_or_404(request, item.document_id)
    desk = Desk(document, show=request.POST.get("show", ""), item=item.pk)
    moved = {"why": refusal.message, "happened": latest_steps(document), "kept": ()}
    form = None
    if desk.current and desk.current.item.pk == item.pk and document.in_review:
        form = form_for(desk.current.item).over(request.POST)
        moved["kept"] = form.differences
    return review_page(request, document, desk, form=form, status=409, moved=moved)


def version_of(request) -> int:
    """The version the page was built from; one that is none never fits."""
    number = whole_number(request.POST.get("version"))
    return -1 if number is None else number


def form_version(request, item) -> int:
    number = whole_number(request.POST.get(f"i{item.pk}-version"))
    return -1 if number is None else number


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_split(request, pk):
    """The item clause by clause: the one chosen begins the second item."""
    items = ImportItem.objects.visible_to(request.user).select_related("document__source").prefetch_related("units")
    item = get_object_or_404(items.defer("document__source__content"), pk=pk)
    page = {"item": item, "document": item.document, "error": ""}
    if request.method == "POST":
        at = whole_number(request.POST.get("at"))
        try:
            if at is None:
                raise Refused("请选择从哪一句起成为下一项。", code="no_place")
            _, second = services.split_item(item, at=at, by=request.user, version=version_of(request))
        except AlreadyMoved as refusal:
            back = review_url(item.document_id, item=item.pk)
            return overtaken(request, item.document, refusal, back_url=back)
        except Refused as refusal:
            page["error"] = refusal.message
        else:
            return redirect(review_url(item.document_id, item=second.pk))
    page["clauses"] = clauses_of(item.document.text, item)
    return render(request, "imports/split.html", page)
