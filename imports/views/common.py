"""What the pages of this room share: the document or an absent page, addresses within a review, refusals."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from imports.desk import TABS
from imports.models import DocumentImport, ImportItem, ImportUnit
from tasks.errors import Refused

STEPS_SHOWN = 3


def document_or_404(request: HttpRequest, pk: int) -> DocumentImport:
    """The document with every piece of its draft."""
    return get_object_or_404(DocumentImport.objects.visible_to(request.user).for_review(), pk=pk)


def item_or_404(request: HttpRequest, pk: int) -> ImportItem:
    """An item of an import as one of its document's, so that both share their rows."""
    item = get_object_or_404(ImportItem.objects.visible_to(request.user).only("document_id"), pk=pk)
    document = document_or_404(request, item.document_id)
    return next(one for one in document.items.all() if one.pk == pk)


def unit_or_404(request: HttpRequest, pk: int) -> ImportUnit:
    units = ImportUnit.objects.visible_to(request.user).select_related("item__document__source", "department")
    return get_object_or_404(units.defer("item__document__source__content"), pk=pk)


def review_url(document_id: int, *, item: int | None = None, show: str = "") -> str:
    query = {"item": item or "", "show": show if show in TABS else ""}
    query = urlencode({name: value for name, value in query.items() if value})
    return reverse("imports:detail", args=[document_id]) + (f"?{query}" if query else "")


def latest_steps(document: DocumentImport):
    return document.steps.select_related("by").order_by("-number")[:STEPS_SHOWN]


def overtaken(request: HttpRequest, document: DocumentImport, refusal: Refused, *, back_url: str, kept=()):
    """409: somebody was faster. Says what he did and gives back what was typed, as (label, text)."""
    page = {"document": document, "why": refusal.message, "back_url": back_url, "kept": kept}
    page["happened"] = latest_steps(document)
    return render(request, "imports/overtaken.html", page, status=409)
