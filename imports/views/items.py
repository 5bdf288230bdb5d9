"""One item of a review: confirm, later, not at all; merge with the one before, split in two."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from imports import services
from imports.desk import Desk
from imports.models import ImportItem
from imports.pieces import clauses_of
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


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_item(request, pk):
    """The open item is posted as a whole: what was changed is saved first, then comes the act of the button."""
    item = item_or_404(request, pk)
    if request.method != "POST":
        return redirect(review_url(item.document_id, item=pk))
    act, _, key = request.POST.get("act", "save").partition("-")
    if act == "settle":
        return settled(request, item, key)
    if act == "merge":
        return merged(request, item)
    if act not in LEAVING and act not in STAYING:
        raise SuspiciousOperation("no such act")
    show = request.POST.get("show", "")
    desk = Desk(item.document, show=show, item=pk)
    coming = desk.next_open if act in LEAVING else item
    form = form_for(item, request.POST)
    if form_version(request, item) != item.version:  # other units and other questions than the page had
        return moved_page(request, item, AlreadyMoved(), form.typed)
    if not form.is_valid():
        return refused_page(request, item, form)
    try:
        save(form, by=request.user, last=LEAVING.get(act) or STAYING.get(act))
    except AlreadyMoved as refusal:
        return moved_page(request, item, refusal, form.typed)
    except Refused as refusal:
        form.take(refusal)
        return refused_page(request, item, form)
    return redirect(review_url(item.document_id, item=coming and coming.pk, show=show))


def refused_page(request, item, form):
    """The item as it was typed, with what is wrong beside it."""
    document = document_or_404(request, item.document_id)
    desk = Desk(document, show=request.POST.get("show", ""), item=item.pk)
    return review_page(request, document, desk, form=form)


def moved_page(request, item, refusal, typed=()):
    """409 with the item as it stands now, who changed it, and what was typed."""
    document = document_or_404(request, item.document_id)
    desk = Desk(document, show=request.POST.get("show", ""), item=item.pk)
    moved = {"why": refusal.message, "happened": latest_steps(document), "kept": typed}
    return review_page(request, document, desk, status=409, moved=moved)


def version_of(request) -> int:
    """The version the page was built from; one that is none never fits."""
    number = whole_number(request.POST.get("version"))
    return -1 if number is None else number


def settled(request, item, key):
    doubt = next((one for one in item.doubts.all() if str(one.pk) == key), None)
    if doubt is None:
        raise SuspiciousOperation("no such doubt")
    return acted(
        request, item, lambda: services.settle_doubt(doubt, by=request.user, version=form_version(request, item))
    )


def form_version(request, item) -> int:
    number = whole_number(request.POST.get(f"i{item.pk}-version"))
    return -1 if number is None else number


def merged(request, item):
    above = Desk(item.document, item=item.pk).neighbour_above
    if above is None:
        raise SuspiciousOperation("nothing to merge with")
    versions = (whole_number(request.POST.get("above_version")) or 0, form_version(request, item))
    return acted(
        request, item, lambda: services.merge_items(above, item, by=request.user, versions=versions), to=above.pk
    )


def acted(request, item, service, *, to=None):
    """One service call on an item; `to` is the item shown afterwards."""
    try:
        service()
    except AlreadyMoved as refusal:
        return moved_page(request, item, refusal)
    except Refused as refusal:
        form = form_for(item, request.POST)
        form.is_valid()
        form.take(refusal)
        return refused_page(request, item, form)
    show = request.POST.get("show", "")
    return redirect(review_url(item.document_id, item=to or item.pk, show="" if to else show))


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
