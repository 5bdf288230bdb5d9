"""Review: list left, reading pane right; accept, return, undo either, many at once."""

from __future__ import annotations

from datetime import time
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendars import clock
from calendars.workdays import add_working_days
from tasks import services
from tasks.choices import MOVING, EventVerb, Light, ReportState
from tasks.errors import AlreadyMoved, PeriodClosed, Refused
from tasks.forms.office import AcceptForm, ReturnForm
from tasks.models import Assessment, ProgressReport, ReportEvent
from tasks.office_board import with_earlier_text
from tasks.review_desk import last_decision, moving_periods, pane_of, prepare, queue, state_counts
from tasks.services import deciding
from tasks.views.office.common import (
    DUE_REFUSALS,
    chosen_plan,
    latest_events,
    office_page,
    overtaken,
    period_or_404,
    plan_switch,
    plans_to_choose,
)
from tasks.views.posted import whole_number
from tasks.wording import time_left

SEEN_KEPT = 500  # reports remembered as opened; a session never grows beyond
PAGE_SIZE = 50


@office_page("report.review")
@require_safe
def review_queue(request):
    return queue_page(request)


def queue_page(request, *, form: AcceptForm | None = None, report: ProgressReport | None = None):
    """The page, with `form` bound when an acceptance of `report` was refused."""
    plans = plans_to_choose(request)
    plan = report.plan if report else chosen_plan(request, plans)
    periods = moving_periods(plan) if plan else []
    period = chosen_period(request, periods, report)
    page = {"plan": plan, "plan_switch": plan_switch(plans, plan, request.path), "periods": periods, "period": period}
    if period is None:
        return render(request, "tasks/office/review_queue.html", page)
    by_number = request.GET.get("order") == "number"
    rows = queue(period, user=request.user, by_number=by_number)
    current = shown_report(request, period, rows, report)
    page |= {
        "rows": rows,
        "by_number": by_number,
        "clean": sum(row.is_clean for row in rows),
        "current": current,
        "explicit": bool(report or request.GET.get("report")),
        "left": time_left(period.due_at, now=clock.now()),
        "counts": progress_of(period),
        "undo": undo_bar(period, request.user),
        "to_assess": Assessment.objects.filter(period=period, confirmed_light="unassessed").count() if not rows else 0,
    }
    if current:
        remember_seen(request, current)
        page |= pane_page(current, rows, form)
    return render(request, "tasks/office/review_queue.html", page)


def chosen_period(request, periods, report):
    """The month of the report, the one named by `?period=`, else the earliest with something waiting, else the last."""
    wanted = str(report.period_id) if report else request.GET.get("period")
    if wanted:
        found = next((period for period in periods if str(period.pk) == wanted), None)
        if found is None:
            _number(wanted)
        return found
    waiting = [period for period in periods if period.waiting]
    return (waiting or periods[-1:] or [None])[0]


def shown_report(request, period, rows, report):
    """The report in the pane: the one asked for, waiting or not, else the first of the queue."""
    wanted = str(report.pk) if report else request.GET.get("report", "")
    if not wanted:
        return rows[0] if rows else None
    found = next((row for row in rows if str(row.pk) == wanted), None)
    if found:
        return found
    key = _number(wanted)
    reports = with_earlier_text(ProgressReport.objects.reviewable_by(request.user).for_table())
    return prepare(get_object_or_404(reports, pk=key, period=period), period, user=request.user)


def progress_of(period) -> dict:
    counts = state_counts(period)
    return {
        "expected": counts.total(),
        "accepted": counts[ReportState.ACCEPTED],
        "returned": counts[ReportState.RETURNED],
        "missing": counts[ReportState.AWAITING] + counts[ReportState.DRAFT],
    }


def undo_bar(period, user) -> dict | None:
    event = last_decision(period, user=user)
    if event is None:
        return None
    verb = "已通过" if event.verb == EventVerb.ACCEPTED else "已退回"
    what = name_of(event.report)
    if event.total > 1:
        what += " 等"
    return {
        "text": f"{verb} {event.total} 份：{what}",
        "url": f"{reverse('tasks:review-undo', args=[event.pk])}{'?batch=1' if event.batch else ''}",
    }


def pane_page(current, rows, form) -> dict:
    pane = pane_of(current)
    keys = [row.pk for row in rows]
    place = keys.index(current.pk) if current.pk in keys else -1
    initial = {
        "version": current.version,
        "assessment_version": pane.assessment.version,
        "light": pane.suggested if pane.may_confirm else "",
    }
    form = form or AcceptForm(initial=initial)
    if Light.DONE not in (pane.own_light, pane.suggested):
        form.fields["light"].choices = [pair for pair in form.fields["light"].choices if pair[0] != Light.DONE]
    return {
        "pane": pane,
        "before": keys[place - 1] if place > 0 else None,
        "after": keys[place + 1] if 0 <= place < len(keys) - 1 else None,
        "form": form,
        "return_form": ReturnForm(initial=return_initial(current)),
        "decidable": current.state == ReportState.SUBMITTED,
    }


def return_initial(report) -> dict:
    """Two working days to mend it, at the plan's hour."""
    plan_settings = report.period.settings
    return {
        "version": report.version,
        "due_day": add_working_days(clock.today(), 2),
        "due_time": plan_settings.due_time if plan_settings else time(18),
    }


def remember_seen(request, report) -> None:
    """Which texts this person has had before his eyes: bulk acceptance says how many it has not."""
    mark = f"{report.pk}:{report.version}"
    seen = request.session.get("seen_reports", [])
    if mark not in seen:
        request.session["seen_reports"] = [*seen[1 - SEEN_KEPT :], mark]


def queue_url(report: ProgressReport, *, show: str = "", order: str = "") -> str:
    query = {"plan": report.plan_id, "period": report.period_id}
    query |= {"report": show} if str(show).isdigit() else {}
    query |= {"order": "number"} if order == "number" else {}
    return f"{reverse('tasks:review-queue')}?{urlencode(query)}"


def url_after(request, report) -> str:
    return queue_url(report, show=request.POST.get("next", ""), order=request.POST.get("order", ""))


@office_page("report.review")
@require_POST
def review_accept(request, pk):
    report = earlier_report_or_404(request, pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return queue_page(request, form=form, report=report)
    try:
        deciding.accept_and_confirm(
            report,
            by=request.user,
            version=form.cleaned_data["version"],
            light=form.cleaned_data["light"],
            reason=form.cleaned_data["reason"],
            assessment_version=form.cleaned_data["assessment_version"] or 0,
        )
    except (AlreadyMoved, PeriodClosed) as refusal:
        kept = [("认定理由", form.cleaned_data["reason"])]
        return overtaken_report(request, refusal, report, kept=kept, title="没有通过")
    except Refused as refusal:
        form.add_error("reason" if refusal.code == "reason_required" else None, refusal.message)
        return queue_page(request, form=form, report=earlier_report_or_404(request, pk))
    return redirect(url_after(request, report))


def earlier_report_or_404(request, pk: int) -> ProgressReport:
    reports = with_earlier_text(ProgressReport.objects.reviewable_by(request.user).for_table())
    return get_object_or_404(reports.select_related("plan", "period__settings"), pk=pk)


def name_of(report: ProgressReport) -> str:
    return f"第{report.item.number}项 {report.department.name}"


def overtaken_report(request, refusal, report, *, title: str, kept=()):
    return overtaken(
        request,
        refusal,
        title=f"{title}：{name_of(report)}",
        back_url=queue_url(report),
        happened=latest_events(report),
        kept=kept,
    )


@office_page("report.review")
@require_http_methods(["GET", "POST"])
def review_return(request, pk):
    report = earlier_report_or_404(request, pk)
    if report.state not in (ReportState.SUBMITTED, ReportState.ACCEPTED) and request.method == "GET":
        raise Http404
    form = ReturnForm(request.POST or None, initial=return_initial(report))
    if form.is_valid():
        try:
            services.return_report(
                report,
                by=request.user,
                version=form.cleaned_data["version"],
                reason=form.sentence,
                field=form.cleaned_data["field"],
                due_at=form.due_at,
            )
        except AlreadyMoved as refusal:
            return overtaken_report(request, refusal, report, title="没有退回", kept=[("退回理由", form.sentence)])
        except Refused as refusal:
            form.add_error("due_day" if refusal.code in DUE_REFUSALS else None, refusal.message)
        else:
            return redirect(url_after(request, report))
    page = {
        "report": report,
        "form": form,
        "back_url": queue_url(report, show=report.pk),
        "next": request.POST.get("next", ""),
        "order": request.POST.get("order", ""),
    }
    return render(request, "tasks/office/review_return.html", page)


@office_page("report.review")
@require_POST
def review_bulk(request):
    """Shows what would be accepted, with the true total; with `confirm` accepts it, each report on its own."""
    chosen = chosen_reports(request)
    if not chosen:
        messages.error(request, "还没有选中报送，请先勾选。")
        return redirect("tasks:review-queue")
    own = [report for report, _ in chosen if report.filed_by_id == request.user.pk]
    chosen = [(report, version) for report, version in chosen if report not in own]
    if request.POST.get("confirm") and chosen:
        return accept_chosen(request, chosen)
    seen = set(request.session.get("seen_reports", []))
    page = {
        "chosen": chosen,
        "own": own,
        "unseen": sum(f"{report.pk}:{version}" not in seen for report, version in chosen),
        "period": (chosen[0][0] if chosen else own[0]).period,
        "back_url": queue_url(chosen[0][0] if chosen else own[0]),
    }
    return render(request, "tasks/office/review_bulk.html", page)


def chosen_reports(request) -> list[tuple[ProgressReport, int]]:
    """(report, version as seen) of what was ticked; with `pick=clean` everything waiting without remarks."""
    if request.POST.get("pick") == "clean":
        period = period_or_404(request, _number(request.POST.get("period")))
        return [(row, row.version) for row in queue(period, user=request.user) if row.is_clean]
    marks = dict(_mark(mark) for mark in request.POST.getlist("chosen"))
    reports = ProgressReport.objects.reviewable_by(request.user).filter(pk__in=marks).for_table().in_order()
    return [(report, marks[report.pk]) for report in reports]


def _mark(mark: str) -> tuple[int, int]:
    key, _, version = mark.partition(":")
    return _number(key), _number(version)


def _number(text: str | None) -> int:
    number = whole_number(text)
    if number is None:
        raise Http404
    return number


def accept_chosen(request, chosen):
    _, refused = services.accept_many(chosen, by=request.user, batch=uuid4())  # the undo bar tells how many passed
    for report, refusal in refused:
        messages.error(request, f"{name_of(report)}没有通过：{refusal.message}")
    return redirect(queue_url(chosen[0][0]))


@office_page("report.review")
@require_POST
def review_undo(request, event):
    """Take a decision back; with `?batch=1` everything accepted in the same click."""
    decision = get_object_or_404(
        ReportEvent.objects.decisions().select_related("report__item", "report__department"), pk=event
    )
    if request.GET.get("batch") and decision.batch:
        return undo_batch(request, decision)
    report = decision.report
    try:
        light_went = deciding.take_back(decision, by=request.user)
    except AlreadyMoved as refusal:
        return overtaken_report(request, refusal, report, title="没有撤销")
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        what = "通过" if decision.verb == EventVerb.ACCEPTED else "退回"
        also = "，这个事项的灯也回到待认定" if light_went else ""
        messages.success(request, f"已撤销{what}：{name_of(report)}{also}。")
    return redirect(queue_url(report, show=report.pk))


def undo_batch(request, decision):
    batch = ReportEvent.objects.standing().decisions().filter(batch=decision.batch, by=decision.by)
    events = list(batch.select_related("report__item", "report__department"))
    undone, refused = deciding.take_back_many(events, by=request.user)
    if undone:
        messages.success(request, f"已撤销通过 {len(undone)} 份。")
    for event, refusal in refused:
        messages.error(request, f"{name_of(event.report)}没有撤销：{refusal.message}")
    return redirect(queue_url(decision.report))


@office_page("report.review")
@require_safe
def review_done(request):
    """已办: decisions of the months under way, the latest first; each can be undone until the month is issued."""
    plans = plans_to_choose(request)
    plan = chosen_plan(request, plans)
    decisions = ReportEvent.objects.decisions().filter(report__plan=plan, report__period__state__in=MOVING)
    decisions = decisions.select_related(
        "by", "report__item", "report__item_revision", "report__department", "report__period"
    )
    page = Paginator(decisions.order_by("-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    for event in page:
        report = event.report
        event.may_undo = event.undone_by_id is None and report.version == event.version
    context = {"plan": plan, "plan_switch": plan_switch(plans, plan, request.path), "page": page}
    return render(request, "tasks/office/review_done.html", context | {"query": f"plan={plan.pk}" if plan else ""})
