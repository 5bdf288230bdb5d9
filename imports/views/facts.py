"""What the document says of the plan as a whole: its facts with their evidence, doubts without an item, counties."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calendars import clock
from counties.models import County
from imports import services
from imports.forms import FactsForm
from imports.hindrances import REQUIRED
from imports.saving import DECIDED
from imports.services import AlreadyMoved, NotReady, Refused
from imports.services.steps import FACTS
from imports.views.common import document_or_404, latest_steps, overtaken
from imports.views.items import version_of
from tasks.views.office.common import office_page
from tasks.views.posted import whole_number


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_facts(request, pk):
    """One page, several small forms: `act` says which was posted."""
    document = document_or_404(request, pk)
    if document.is_unread or document.state == "refused":
        return redirect("imports:detail", pk=pk)
    form = FactsForm(initial={name: getattr(document, name) for name in FACTS} | {"version": document.version})
    if request.method != "POST":
        return facts_page(request, document, form)
    act, _, key = request.POST.get("act", "facts").partition("-")
    if act == "facts":
        return facts_saved(request, document)
    if act not in ACTS:
        raise SuspiciousOperation("no such act")
    try:
        ACTS[act](document, key, request)
    except AlreadyMoved as refusal:
        return overtaken(request, document, refusal, back_url=request.path)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("imports:facts", pk=pk)


def facts_saved(request, document):
    form = FactsForm(request.POST)
    if not form.is_valid():
        return facts_page(request, document, form)
    try:
        services.set_facts(document, by=request.user, version=form.cleaned_data["version"], **form.facts)
    except NotReady as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return facts_page(request, document_or_404(request, document.pk), form)
    except AlreadyMoved as refusal:
        return facts_page(request, document_or_404(request, document.pk), form, moved=refusal, status=409)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "计划信息已保存。")
    return redirect("imports:detail" if "back" in request.POST else "imports:facts", pk=document.pk)


def facts_page(request, document, form, *, moved=None, status=200):
    counties = list(document.counties_found.all())
    unknown = any(found.county_id is None for found in counties)
    context = {
        "document": document,
        "form": form,
        "rows": [fact_row(document, form, name) for name in FACTS],
        "doubts": [doubt for doubt in document.doubts.all() if doubt.item_id is None],
        "proposals": [one for one in document.proposals.all() if one.item_id is None],
        "counties": counties,
        "register": County.objects.current(clock.today()).order_by("position", "pk") if unknown else (),
        "editable": document.in_review,
        "moved": moved and {"why": moved.message, "happened": latest_steps(document), "kept": ()},
    }
    return render(request, "imports/facts.html", context, status=status)


def fact_row(document, form, name: str) -> dict:
    """A field beside the document's own words."""
    evidence = document.evidence.get(name)
    missing = name in REQUIRED and not document.into_existing and not getattr(document, name)
    shown = {"kind": document.get_kind_display(), "first_period": document.first_period}.get(name, form[name].value())
    return {"field": form[name], "evidence": evidence, "missing": missing, "shown": shown}


def _settle(document, key: str, request) -> None:
    services.settle_doubt(_row(document.doubts, key), by=request.user, version=version_of(request))


def _proposal(document, key: str, request) -> None:
    accepted = DECIDED.get(request.POST.get("accepted", ""))
    services.decide_proposal(
        _row(document.proposals, key), by=request.user, version=version_of(request), accepted=accepted
    )


def _county(document, key: str, request) -> None:
    county = _chosen_county(request.POST.get("county"))
    found = _row(document.counties_found, key)
    services.set_county(found, by=request.user, version=version_of(request), county=county)


def _chosen_county(key: str | None) -> County | None:
    """None only where 名录中确实没有 was chosen, whose value is empty: a key that leads nowhere is no such answer."""
    if key == "":
        return None
    county = County.objects.current(clock.today()).filter(pk=whole_number(key)).first()
    if county is None:
        raise Refused("请从名录中选择。", code="no_such_county")
    return county


def _row(rows, key: str):
    """One of the document's own rows. Items have theirs on their own page."""
    found = next((row for row in rows.all() if str(row.pk) == key and getattr(row, "item_id", None) is None), None)
    if found is None:
        raise SuspiciousOperation("no such row")
    return found


ACTS = {"settle": _settle, "proposal": _proposal, "county": _county}
