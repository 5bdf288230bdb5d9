"""需省级协调 on its way to being closed, and 情况反映 of the counties with the answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tasks import services
from tasks.choices import CoordinationState, NoteState
from tasks.errors import AlreadyMoved, Refused
from tasks.forms.office import AnswerNoteForm, AnswerRequestForm, AssignRequestForm
from tasks.models import CoordinationRequest, CountyNote
from tasks.views.office.common import chosen_plan, office_page, overtaken, plan_switch, plans_to_choose

PAGE_SIZE = 30


@require_safe
def coordination_list(request):
    """Read by who reads all, by a department for its own requests, by a county for its own notes."""
    return list_page(request)


def readable_tabs(user) -> list[str]:
    requests = user.may("report.read_all") or user.departments
    notes = user.may("county.read_all") or user.counties
    return [tab for tab, readable in (("requests", requests), ("notes", notes)) if readable]


def list_page(request, *, tab: str = "", refused=None, act: str = "", form=None):
    """The page; `form` is what was typed for the row `refused` in `act`, shown open with its error."""
    tabs = readable_tabs(request.user)
    if not tabs:
        raise Http404
    plans = plans_to_choose(request)
    plan = refused.plan if refused else chosen_plan(request, plans)
    wanted = tab or request.GET.get("show", "")
    shown = wanted if wanted in tabs else tabs[0]
    only_open = request.GET.get("state", "open") == "open"
    requests = CoordinationRequest.objects.visible_to(request.user).filter(plan=plan)
    notes = CountyNote.objects.visible_to(request.user).filter(plan=plan)
    open_requests = requests.exclude(state=CoordinationState.CLOSED)
    open_notes = notes.filter(state=NoteState.OPEN)
    if shown == "requests":
        rows = (open_requests if only_open else requests).for_table().select_related("handled_by")
    else:
        rows = (open_notes if only_open else notes).for_table().select_related("answered_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    may_manage = request.user.may("coordination.manage")
    for row in page:
        attach_forms(row, shown, refused=refused, act=act, form=form)
    context = {
        "plan": plan,
        "plan_switch": plan_switch(plans, plan, request.path),
        "tabs": tabs,
        "shown": shown,
        "only_open": only_open,
        "open_requests": open_requests.count() if "requests" in tabs else 0,
        "open_notes": open_notes.count() if "notes" in tabs else 0,
        "page": page,
        "may_manage": may_manage,
        "invalid": bool(form),
        "query": f"plan={plan.pk if plan else ''}&show={shown}&state={'open' if only_open else 'all'}",
    }
    return render(request, "tasks/office/coordination_list.html", context)


def attach_forms(row, shown: str, *, refused, act: str, form) -> None:
    """Each row's forms; the refused one keeps what was typed and stays open."""
    is_refused = refused is not None and row.pk == refused.pk
    prefix = f"row{row.pk}"
    if shown == "notes":
        row.answer_form = form if is_refused else AnswerNoteForm(initial={"answer": row.answer}, auto_id=f"{prefix}_%s")
        row.open_act = act if is_refused else ""
        return
    row.assign_form = AssignRequestForm(initial={"to": row.assigned_to}, auto_id=f"{prefix}_%s")
    row.answer_form = AnswerRequestForm(initial={"answer": row.answer}, auto_id=f"{prefix}_%s")
    row.open_act = act if is_refused else ""
    if is_refused:
        setattr(row, f"{act}_form", form)


def back_url(row, tab: str) -> str:
    return f"{reverse('tasks:coordination-list')}?plan={row.plan_id}&show={tab}"


def request_or_404(request, pk: int) -> CoordinationRequest:
    rows = CoordinationRequest.objects.visible_to(request.user).for_table().select_related("plan")
    return get_object_or_404(rows, pk=pk)


@office_page("coordination.manage")
@require_POST
def request_assign(request, pk):
    row = request_or_404(request, pk)
    form = AssignRequestForm(request.POST, auto_id=f"row{pk}_%s")
    return handled(request, row, form, "assign", services.assign_request, done="已交办", fields=("to",))


@office_page("coordination.manage")
@require_POST
def request_answer(request, pk):
    row = request_or_404(request, pk)
    form = AnswerRequestForm(request.POST, auto_id=f"row{pk}_%s")
    return handled(request, row, form, "answer", services.answer_request, done="已记录答复", fields=("answer",))


def handled(request, row, form, act: str, service, *, done: str, fields):
    if not form.is_valid():
        return list_page(request, tab="requests", refused=row, act=act, form=form)
    values = {name: form.cleaned_data[name] for name in fields}
    try:
        service(row, by=request.user, **values)
    except AlreadyMoved as refusal:
        kept = [(form.fields[name].label, values[name]) for name in fields]
        return overtaken_row(request, row, refusal, kept)
    except Refused as refusal:
        form.add_error(fields[0], refusal.message)
        return list_page(request, tab="requests", refused=row, act=act, form=form)
    messages.success(request, f"第{row.item.number}项 {row.department.name}的请求{done}。")
    return redirect(back_url(row, "requests"))


def overtaken_row(request, row, refusal, kept=()):
    row.refresh_from_db()
    return overtaken(
        request,
        refusal,
        title=f"没有改动：这条请求现在是“{row.get_state_display()}”",
        back_url=f"{back_url(row, 'requests')}&state=all",
        kept=kept,
    )


@office_page("coordination.manage")
@require_POST
def request_close(request, pk):
    row = request_or_404(request, pk)
    try:
        services.close_request(row, by=request.user)
    except AlreadyMoved as refusal:
        return overtaken_row(request, row, refusal)
    messages.success(request, f"第{row.item.number}项 {row.department.name}的请求已办结，不再列在领导页。")
    return redirect(back_url(row, "requests"))


@office_page("coordination.manage")
@require_POST
def note_answer(request, pk):
    note = get_object_or_404(CountyNote.objects.visible_to(request.user).for_table().select_related("plan"), pk=pk)
    form = AnswerNoteForm(request.POST, auto_id=f"row{pk}_%s")
    if form.is_valid():
        try:
            services.answer_note(note, answer=form.cleaned_data["answer"], by=request.user)
        except Refused as refusal:
            form.add_error("answer", refusal.message)
        else:
            messages.success(request, f"已答复{note.county.name}的情况反映。")
            return redirect(back_url(note, "notes"))
    return list_page(request, tab="notes", refused=note, act="answer", form=form)
