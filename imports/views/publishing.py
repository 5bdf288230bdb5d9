"""The last page before a plan is in force: what stands in the way, what will happen, and for a second import the
differences."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from imports import services
from imports.changes import changes_of
from imports.desk import Desk
from imports.services import AlreadyMoved, NotReady, Refused, StillOpen
from imports.views.common import document_or_404, overtaken
from imports.views.items import version_of
from tasks.views.office.common import office_page
from tasks.views.posted import whole_number


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_publish(request, pk):
    document = document_or_404(request, pk)
    if not document.in_review and request.method == "GET":
        return redirect("imports:detail", pk=pk)
    if request.method == "POST" and request.user.may("plan.manage"):
        steps = whole_number(request.POST.get("steps_taken"))
        try:
            plan = services.publish(document, by=request.user, steps_taken=-1 if steps is None else steps)
        except AlreadyMoved as refusal:
            return overtaken(request, document, refusal, back_url=request.path)
        except StillOpen:
            messages.error(request, "还有没处理完的，处理后再发布。")
            return publish_page(request, document_or_404(request, pk))
        except NotReady as refusal:
            messages.error(request, refusal.message)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"已发布：{plan}")
        return redirect("imports:detail", pk=pk)
    return publish_page(request, document)


def publish_page(request, document):
    desk = Desk(document, show="all")
    context = {
        "document": document,
        "desk": desk,
        "hindrances": services.hindrances(document),
        "excluded": len(desk.rows) - len(desk.kept),
        "duties": sum(len(item.units.all()) for item in desk.kept),
        "proposals": sum(one.accepted is True for item in desk.kept for one in item.proposals.all()),
        "undecided": sum(one.accepted is None for item in desk.kept for one in item.proposals.all()),
        "changes": changes_of(document) if document.into_existing else None,
        "may_manage": request.user.may("plan.manage"),
    }
    return render(request, "imports/publish.html", context)


@office_page("plan.import")
@require_POST
def import_removal(request, pk, removal):
    """Whether the duties of an item that the document no longer has end or run on."""
    document = document_or_404(request, pk)
    row = get_object_or_404(document.removals, pk=removal)
    end = request.POST.get("end_duties") == "1"
    try:
        services.decide_removal(row, by=request.user, version=version_of(request), end_duties=end)
    except AlreadyMoved as refusal:
        return overtaken(request, document, refusal, back_url=request.POST.get("back") or request.path)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("imports:publish", pk=pk)
