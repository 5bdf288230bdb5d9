"""The office's desk: who owes, one click for all, calls, what was done; the phone list and the sheet to print."""

from __future__ import annotations

import io
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendars import clock
from reminders import phone_list as phones
from reminders.desk import default_period, desk_of, digests_of, neighbours, periods_at_hand, preview_of, sheet_rows
from reminders.forms import CallForm, ChaseForm
from tasks import services
from tasks.choices import PeriodState
from tasks.errors import Refused
from tasks.models import ReportEvent
from tasks.services.chasing import PHONE, REPEAT_WITHIN
from tasks.views.office.common import office_page, period_or_404
from tasks.views.posted import whole_number
from tasks.wording import time_left

TABS = ("late", "returned", "history")
PAGE_SIZE = 50
NAMED = 5  # departments of one message; the rest is counted
UNOPENED = (PeriodState.PLANNED, PeriodState.SKIPPED)


@office_page("reminder.send")
@require_safe
def chase_desk(request):
    periods = periods_at_hand(request.user)
    period = shown_period(request, periods)
    if period is None:
        return render(request, "reminders/idle.html")
    request.page_plan = period.plan
    desk = desk_of(period)
    show = tab_of(request, desk)
    rows = {"late": desk.late, "returned": desk.returned, "history": []}[show]
    named = request.GET.get("named") == "1"
    page = {
        "desk": desk,
        "period": period,
        "board": desk.board,
        "show": show,
        "rows": rows,
        "recent": desk.recent(row.key for row in rows),
        "reachable": [row for row in rows if row.people],
        "unreachable": [row for row in rows if not row.people],
        "key": uuid4(),
        "named": named,
        "left": time_left(period.due_at, now=desk.now) if period.is_moving and not period.is_backfill else "",
        "switch": period_switch(periods, period),
        "period_bar": neighbours(period),
        "mail_ready": settings.MAIL_READY,
        "undo": desk.last_click_of(request.user),
        "group_text": desk.board.group_text(named=named) if period.is_moving and not period.is_backfill else "",
    }
    page |= department_panel(request, desk, rows)
    if show == "history":
        lines = Paginator(desk.history, PAGE_SIZE).get_page(request.GET.get("page"))
        for line in lines:
            line.stands = line.state_words(desk.now)
        page |= {"page": lines, "query": urlencode({"period": period.pk, "show": "history"})}
    return render(request, "reminders/desk.html", page)


def shown_period(request, periods):
    """The month of `?period=`, whatever its state, else the one the desk opens on."""
    wanted = request.GET.get("period")
    if not wanted:
        return default_period(periods, whole_number(request.GET.get("plan")))
    key = whole_number(wanted)
    if key is None:
        raise Http404
    return next((one for one in periods if one.pk == key), None) or opened_or_404(request, key)


def opened_or_404(request, pk: int):
    period = period_or_404(request, pk)
    if period.state in UNOPENED:
        raise Http404
    request.page_plan = period.plan
    return period


def tab_of(request, desk) -> str:
    if not desk.period.is_moving:
        return "history"
    wanted = request.GET.get("show")
    return wanted if wanted in TABS else "late"


def period_switch(periods, chosen) -> list[dict]:
    """Links between the months under way of all plans; empty when there is nothing to choose."""
    if len(periods) < 2:
        return []
    several = len({one.plan_id for one in periods}) > 1
    return [
        {
            "label": f"{one.label} {one.plan.title}" if several else one.label,
            "url": f"?period={one.pk}",
            "active": one.pk == chosen.pk,
        }
        for one in periods
    ]


def department_panel(request, desk, rows) -> dict:
    """The department in the side panel: the one asked for, else the first row; with its neighbours and its record."""
    if not rows:
        return {"chosen": None}
    wanted = whole_number(request.GET.get("department"))
    place = next((place for place, row in enumerate(rows) if row.key == wanted), 0)
    row = rows[place]
    subject, content = preview_of(row, desk)
    return {
        "preview": {"subject": subject, "content": content} if not desk.bar else None,
        "chosen": row,
        "place": place + 1,
        "before": rows[place - 1].key if place else None,
        "after": rows[place + 1].key if place + 1 < len(rows) else None,
        "record": record_of(desk, row.key),
    }


def record_of(desk, department: int) -> list[dict]:
    """What the department was told in this month, by whom, and whether it was read; the latest first."""
    clicks = [
        {"at": one.at, "by": one.by, "how": one.channel_words, "words": one.words, "stands": one.state_words(desk.now)}
        for one in desk.history
        if one.department == department
    ]
    digests = [
        {"at": one.at, "by": "自动", "how": one.words, "words": f"发给{one.to}", "stands": one.state_words}
        for one in digests_of(desk.period, department, desk.board.reports)
    ]
    return sorted(clicks + digests, key=lambda line: line["at"], reverse=True)


def desk_url(period, **query) -> str:
    return f"{reverse('reminders:desk')}?{urlencode({'period': period.pk} | {k: v for k, v in query.items() if v})}"


@office_page("reminder.send")
@require_POST
def chase(request, pk):
    """One click. Who was chased within a day is named first; with `confirm` they are chased again."""
    period = opened_or_404(request, pk)
    show = request.POST.get("show") if request.POST.get("show") in TABS else ""
    back = desk_url(period, show=show)
    desk = desk_of(period)
    if desk.bar:
        messages.error(request, desk.bar)
        return redirect(back)
    rows = desk.returned if show == "returned" else desk.late
    form = ChaseForm(request.POST, owing={row.key for row in rows})
    if not form.is_valid() or not form.departments:
        messages.error(request, "没有选中欠报的单位，请勾选后再催。")
        return redirect(back)
    departments = [key for key in form.departments if key in desk.reachable]
    posted_before = any(line.batch == form.batch for line in desk.history)
    if not posted_before:
        departments = without_unsent(request, desk, departments)
    if not departments:
        if unheard := names_unheard(desk, form.departments):
            messages.error(request, f"{unheard}没有联络员，提醒发不到。请电话联系，并补上联络员。")
        return redirect(back)
    recent = [] if posted_before else desk.recent(departments)
    if recent and not form.cleaned_data["confirm"]:
        return ask_again(request, desk, departments, recent, back=back, show=show, email="email" in form.channels)
    since = None if recent or posted_before else desk.now - REPEAT_WITHIN
    try:
        services.chase(
            period, departments, by=request.user, channels=form.channels, unless_since=since, batch=form.batch
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(back)


def without_unsent(request, desk, departments: list[int]) -> list[int]:
    """Those whose last message has gone; of the others nobody is told the same twice."""
    unsent = {line.department: line.name for line in desk.unsent(departments)}
    if unsent:
        which = "、".join(list(unsent.values())[:NAMED]) + (f"等 {len(unsent)} 个单位" if len(unsent) > NAMED else "")
        messages.info(request, f"{which}上次的提醒还没有发出，不再重复。")
    return [key for key in departments if key not in unsent]


def names_unheard(desk, departments: list[int]) -> str:
    names = [row.name for row in (*desk.late, *desk.returned) if row.key in departments and not row.people]
    return "、".join(dict.fromkeys(names))


def ask_again(request, desk, departments, recent, *, back, show, email):
    again = {line.department for line in recent}
    names = {row.key: row.name for row in (*desk.late, *desk.returned)}
    page = {
        "period": desk.period,
        "recent": recent,
        "departments": departments,
        "others": [(key, names[key]) for key in departments if key not in again],
        "email": email,
        "keys": (uuid4(), uuid4()),
        "show": show,
        "back_url": back,
    }
    return render(request, "reminders/ask_again.html", page)


@office_page("reminder.send")
@require_POST
def chase_undo(request, batch):
    is_call = ReportEvent.objects.filter(batch=batch, channel=PHONE).exists()
    try:
        period = services.undo_chase(batch, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("reminders:desk")
    messages.success(request, "已撤销电话记录。" if is_call else "这次催办已撤销，它的提醒不会发出。")
    return redirect(desk_url(period))


@office_page("reminder.send")
@require_http_methods(["GET", "POST"])
def call(request, pk, department):
    """已电话: whom to ring, and a line about what was agreed."""
    period = opened_or_404(request, pk)
    desk = desk_of(period)
    row = next((one for one in (*desk.late, *desk.returned) if one.key == department), None)
    if row is None:
        raise Http404
    show = "" if row in desk.late else "returned"
    form = CallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.note_call(period, department, by=request.user, words=form.cleaned_data["words"], batch=form.batch)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(desk_url(period, show=show, department=department))
    page = {"period": period, "row": row, "form": form, "back_url": desk_url(period, show=show, department=department)}
    return render(request, "reminders/call.html", page)


@office_page("reminder.send")
@require_safe
def phone_list(request, pk):
    period = opened_or_404(request, pk)
    content = phones.export(desk_of(period), by=request.user)
    name = f"{period.label}催办电话单.xlsx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=phones.CONTENT_TYPE)


@office_page("reminder.send")
@require_safe
def sheet(request, pk):
    """报送情况表 for printing: one row a department."""
    period = opened_or_404(request, pk)
    desk = desk_of(period)
    page = {"period": period, "board": desk.board, "rows": sheet_rows(desk), "now": clock.now()}
    return render(request, "reminders/sheet.html", page)
