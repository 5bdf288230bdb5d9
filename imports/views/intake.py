"""Documents coming in: the list, the form, the file as it came."""

from __future__ import annotations

import io
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from imports import services
from imports.choices import ImportState
from imports.forms import FilterForm, UploadForm
from imports.models import DocumentImport
from imports.services import Refused
from tasks.models import Plan
from tasks.views.office.common import office_page

PAGE_SIZE = 30


@office_page("plan.import")
@require_safe
def import_list(request):
    imports = DocumentImport.objects.visible_to(request.user)
    form = FilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    rows = imports.filter(state=state) if state else imports
    page = Paginator(rows.for_table().with_counts().order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    states = [("", "全部"), *((one.value, one.label) for one in ImportState)]
    context = {"page": page, "state": state, "states": states, "query": f"state={state}" if state else ""}
    return render(request, "imports/list.html", context)


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_new(request):
    plans = list(Plan.objects.visible_to(request.user))
    if request.method != "POST":
        initial = {"request_key": uuid4(), "plan": request.GET.get("plan", "")}
        return render(request, "imports/new.html", {"form": UploadForm(initial=initial, plans=plans)})
    form = UploadForm(request.POST, request.FILES, plans=plans)
    if form.is_valid():
        try:
            document, _ = services.start_import(by=request.user, **form.content())
        except Refused as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", refusal.message)
        else:
            return redirect("imports:detail", pk=document.pk)
    return render(request, "imports/new.html", {"form": form})


@office_page("plan.import")
@require_safe
def import_file(request, pk):
    """The bytes as they came, never shown inside a page."""
    documents = DocumentImport.objects.visible_to(request.user).select_related("source").defer("source__text")
    source = get_object_or_404(documents, pk=pk).source
    response = FileResponse(
        io.BytesIO(bytes(source.content)), as_attachment=True, filename=source.name,
        content_type="application/octet-stream",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    return response
