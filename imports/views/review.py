"""The review: source left, results right; the acts on the whole of it; its steps and their undoing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calendars import clock
from counties.models import County
from departments.models import Department
from imports import services
from imports.desk import Desk
from imports.finding import items_to_pair
from imports.item_form import ItemForm
from imports.models import DocumentImport, ImportItem
from imports.services import AlreadyMoved, Refused
from imports.views.common import document_or_404, overtaken, review_url
from tasks.views.office.common import office_page
from tasks.views.posted import whole_number

PAGE_SIZE = 50


@office_page("plan.import")
@require_safe
def import_detail(request, pk):
    """One address for the whole life of an import: being read, refused, under review, published."""
    document = document_or_404(request, pk)
    if document.is_unread:
        return reading_page(request, document)
    if request.htmx and request.htmx.target == "reading":  # the page that waited for this
        return told_to_reload()
    if document.state == "refused":
        twins = DocumentImport.objects.visible_to(request.user).twins_of(document).for_table()[:5]
        return render(request, "imports/refused.html", {"document": document, "twins": twins})
    show, item = request.GET.get("show", ""), whole_number(request.GET.get("item"))
    return review_page(request, document, Desk(document, show=show, item=item))


def reading_page(request, document):
    job = services.job_of(document)
    twins = DocumentImport.objects.visible_to(request.user).twins_of(document).for_table()[:5]
    template = "imports/_reading.html" if request.htmx else "imports/reading.html"
    return render(request, template, {"document": document, "job": job, "twins": twins})


def told_to_reload() -> HttpResponse:
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


def review_page(request, document, desk: Desk, *, form: ItemForm | None = None, status: int = 200, moved=None):
    """The whole page, or for htmx its parts. `form` when the open item was refused, `moved` when it was overtaken."""
    editable = document.in_review
    if desk.current and editable and form is None:
        form = form_for(desk.current.item)
    context = {
        "document": document,
        "desk": desk,
        "form": form if editable else None,
        "editable": editable,
        "moved": moved,
        "undo": last_own_step(document, request.user) if editable else None,
        "departments": Department.objects.current(clock.today()).in_protocol_order() if editable and form else (),
        "may_manage": request.user.may("plan.manage"),
    }
    if not request.htmx:
        context["twins"] = DocumentImport.objects.visible_to(request.user).twins_of(document).for_table()[:5]
    template = "imports/_review_parts.html" if request.htmx else "imports/review.html"
    response = render(request, template, context, status=status)
    if request.htmx and request.method == "GET":
        response["HX-Replace-Url"] = request.get_full_path()
    return response


def form_for(item: ImportItem, data=None) -> ItemForm:
    counties = list(County.objects.current(clock.today()).order_by("position", "pk"))
    return ItemForm(item, data, counties=counties, items=items_to_pair(item))


def last_own_step(document, user) -> dict | None:
    """What the undo bar offers: the latest step, when it was this person's."""
    step = services.last_step(document)
    if step is None or step.by_id != user.pk:
        return None
    return {"text": str(step), "step": step}


@office_page("plan.import")
@require_POST
def import_act(request, pk):
    """Acts on the whole document; `act` names one."""
    document = document_or_404(request, pk)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise SuspiciousOperation("no such act")
    back = review_url(document.pk, show=request.POST.get("show", ""))
    try:
        said = act(document, request)
    except AlreadyMoved as refusal:
        return overtaken(request, document, refusal, back_url=back)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if said:
            messages.success(request, said)
    return redirect(back)


def _accept(document, request) -> str:
    accepted = services.accept_all_agreed(document, by=request.user)
    return "" if accepted else "没有一致项可接受。"


def _renumber(document, request) -> str:
    services.renumber(document, by=request.user, version=whole_number(request.POST.get("version")) or 0)
    return "已按文件顺序重新编号。"


def _rematch(document, request) -> str:
    found = services.rematch(document, by=request.user)
    return f"已重新匹配名录，找到 {found} 个单位。"


def _retry(document, request) -> str:
    services.retry_reading(document, by=request.user)
    return ""


def _discard(document, request) -> str:
    services.discard(document, by=request.user, reason=request.POST.get("reason", "")[:200])
    return "已放弃这次导入，记录保留。"


ACTS = {"accept": _accept, "renumber": _renumber, "rematch": _rematch, "retry": _retry, "discard": _discard}


@office_page("plan.import")
@require_POST
def import_undo(request, pk, step):
    document = document_or_404(request, pk)
    wanted = get_object_or_404(document.steps, pk=step)
    back = review_url(pk, item=wanted.items[0] if len(wanted.items) == 1 else None)  # back to what was undone
    try:
        services.undo(wanted, by=request.user)
    except AlreadyMoved as refusal:
        return overtaken(request, document, refusal, back_url=back)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已撤销：{wanted}")
    return redirect(back)


@office_page("plan.import")
@require_safe
def import_steps(request, pk):
    """Who did what in this review, the latest first."""
    document = get_object_or_404(DocumentImport.objects.visible_to(request.user).for_table(), pk=pk)
    steps = document.steps.select_related("by", "undone_by").defer("before").order_by("-number")
    page = Paginator(steps, PAGE_SIZE).get_page(request.GET.get("page"))
    latest = services.last_step(document) if document.in_review else None
    return render(request, "imports/steps.html", {"document": document, "page": page, "latest": latest})
