"""Months of a plan: opening, skipping, who is late, more time, excuses."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.common import confirmed
from calendars import clock, workdays
from calendars.months import Month
from tasks import services
from tasks.choices import MOVING, MonthKind, PeriodKind, PeriodState, ReportState
from tasks.errors import AlreadyMoved, Refused
from tasks.forms.office import ExtendForm, OpenForm, RosterFilter, SkipForm, WaiveForm
from tasks.models import Plan, ProgressReport, ReportEvent
from tasks.office_board import period_board, roster_preview
from tasks.services.opening import default_due
from tasks.views.office.common import (
    DUE_REFUSALS,
    chosen_plan,
    latest_events,
    office_page,
    overtaken,
    period_or_404,
    plan_switch,
    plans_to_choose,
    report_or_404,
    safe_back,
)
from tasks.wording import day_words, moment_words, time_left

EXPECTED = Q(reports__required=True) & ~Q(reports__state=ReportState.WAIVED)


@office_page("period.read")
@require_safe
def period_list(request):
    plans = plans_to_choose(request)
    plan = chosen_plan(request, plans)
    page = {"plan": plan, "plan_switch": plan_switch(plans, plan, request.path)}
    if plan:
        page |= {"rows": month_rows(plan), "may_manage": request.user.may("period.manage")}
    return render(request, "tasks/office/period_list.html", page)


def month_rows(plan: Plan) -> list[dict]:
    """One row for every month up to the next one to open, the latest first; two queries."""
    used = ReportEvent.objects.filter(report__period=OuterRef("pk"))
    periods = plan.periods.filter(kind=PeriodKind.MONTH).annotate(
        expected=Count("reports", EXPECTED),
        filed=Count("reports", EXPECTED & Q(reports__state__in=("submitted", "accepted"))),
        waiting=Count("reports", Q(reports__state=ReportState.SUBMITTED)),
        returned=Count("reports", EXPECTED & Q(reports__state=ReportState.RETURNED)),
        missing=Count("reports", EXPECTED & Q(reports__state__in=("awaiting", "draft", "lapsed"))),
        in_use=Exists(used),
    )
    known = {Month.of(period.start): period for period in periods}
    following = services.next_month_to_open(plan)
    month, last, rows = Month.of(plan.first_period), following or Month.of(plan.ends_on), []
    while month <= last:
        period = known.get(month)
        if period and period.state == PeriodState.PLANNED:
            period = None
        rows.append(
            {
                "month": month,
                "period": period,
                "state": state_of(period),
                "is_next": month == following and plan.state == "active",
                "may_unopen": period and period.state in ("open", "skipped") and not period.in_use,
            }
        )
        month = month.next
    return rows[::-1]


def state_of(period) -> str:
    """月度状态 in the office's words: an open month past its due day says that filing goes on as 补报."""
    if period is None:
        return PeriodState.PLANNED.label
    if period.state == PeriodState.OPEN and period.is_backfill:
        return "补录中"
    if period.state == PeriodState.OPEN and clock.today() > clock.local_date(period.due_at):
        return "已截止（可补报）"
    if period.state == PeriodState.FINALISED:
        return f"已定稿 v{period.revision}"
    return period.get_state_display()


@office_page("period.manage")
@require_http_methods(["GET", "POST"])
def period_open(request):
    plans = plans_to_choose(request)
    plan = chosen_plan(request, plans)
    month = wanted_month(request, plan)
    if plan is None or month is None:
        return render(request, "tasks/office/period_open.html", {"plan": plan})
    suggested = due_suggestion(plan, month)
    form = OpenForm(request.POST or None, initial={"month": str(month)} | suggested["initial"])
    if form.is_valid():
        try:
            period = services.open_period(plan, form.cleaned_data["month"], by=request.user, due_at=form.due_at)
        except Refused as refusal:
            form.add_error("due_day" if refusal.code in DUE_REFUSALS else None, refusal.message)
        else:
            done = f"{period.label}调度已开启，应报{period.reports.count()}份。第一份草稿产生之前可以撤销。"
            messages.success(request, done, extra_tags=undo_tag(period))
            return redirect("tasks:period-detail", pk=period.pk)
    page = {
        "plan": plan,
        "plan_switch": plan_switch(plans, plan, request.path),
        "month": month,
        "form": form,
        "due_reason": suggested["reason"],
        "is_backfill": suggested["due_at"] < clock.now(),
        "roster": roster_preview(plan, month, on=clock.today()),
        "existing": plan.periods.of_month(month.first_day).exclude(state=PeriodState.PLANNED).first(),
    }
    return render(request, "tasks/office/period_open.html", page)


def wanted_month(request, plan: Plan | None) -> Month | None:
    """The month named in the address or the form, else the next one to open."""
    named = request.POST.get("month") or request.GET.get("month")
    if plan is None:
        return None
    try:
        return Month.parse(named) if named else services.next_month_to_open(plan)
    except ValueError as error:
        raise Http404 from error


def due_suggestion(plan: Plan, month: Month) -> dict:
    """The due time by the plan's rule, and why it is that day."""
    plan_settings = plan.settings.order_by("-version").first()
    due_at = default_due(plan_settings, month)
    ruled, day = month.day(plan_settings.due_day), clock.local_date(due_at)
    reason = f"{day_words(day)}是工作日，不用顺延。"
    if day != ruled:
        reason = f"{day_words(ruled)}不是工作日，顺延到{day_words(day)}。"
    initial = {"due_day": day, "due_time": plan_settings.due_time}
    return {"due_at": due_at, "initial": initial, "reason": reason + workdays.load().notice(ruled, day)}


@office_page("period.manage")
@require_http_methods(["GET", "POST"])
def period_skip(request):
    plan = chosen_plan(request, plans_to_choose(request))
    month = wanted_month(request, plan)
    if month is None:
        raise Http404
    form = SkipForm(request.POST or None, initial={"month": str(month)})
    if form.is_valid():
        try:
            period = services.skip_period(
                plan, form.cleaned_data["month"], reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{period.label}已登记为未调度。", extra_tags=undo_tag(period))
            return redirect(list_url(plan))
    return render(request, "tasks/office/period_skip.html", {"plan": plan, "month": month, "form": form})


def undo_tag(period) -> str:
    return f"undo:{reverse('tasks:period-unopen', args=[period.pk])}"


def list_url(plan: Plan) -> str:
    return f"{reverse('tasks:period-list')}?plan={plan.pk}"


@office_page("period.manage")
@require_http_methods(["GET", "POST"])
def period_unopen(request, pk):
    period = period_or_404(request, pk)
    skipped = period.state == PeriodState.SKIPPED
    page = {
        "title": f"撤销{period.label}的“未调度”" if skipped else f"撤销开启{period.label}调度",
        "why": "撤销后这个月回到未开启，可以重新开启。"
        if skipped
        else "撤销后各单位的应报名单一并收回，这个月回到未开启。已有单位开始填报的月份不能撤销。",
        "rows": [("月份", period.label), ("应报", f"{period.reports.required().count()} 份")],
        "button": "撤销未调度" if skipped else "撤销开启",
    }
    done = f"{period.label}已回到未开启。"
    return confirmed(
        request, page, services.unopen_period, period, by=request.user, done=done, to=list_url(period.plan)
    )


@office_page("period.read")
@require_safe
def period_detail(request, pk):
    period = period_or_404(request, pk)
    if period.state in (PeriodState.PLANNED, PeriodState.SKIPPED):
        return render(request, "tasks/office/period_idle.html", {"period": period, "state": state_of(period)})
    board = period_board(period)
    show = request.GET.get("show") if request.GET.get("show") in ("all", "returned") else "late"
    named = request.GET.get("named") == "1"
    page = {
        "period": period,
        "board": board,
        "state": state_of(period),
        "left": time_left(period.due_at, now=clock.now()) if period.state in MOVING and not period.is_backfill else "",
        "now": clock.now(),
        "show": show,
        "stats": stats_of(board),
        "named": named,
        "group_text": board.group_text(named=named),
        "may_manage": request.user.may("period.manage") and period.state in MOVING,
        "may_file": request.user.may("report.file_for") and period.state in MOVING,
    }
    if show == "all":
        page |= roster_page(request, board)
    return render(request, "tasks/office/period_detail.html", page)


def stats_of(board) -> list[dict]:
    """The strip of numbers, in the words of the office."""
    address = reverse("tasks:period-detail", args=[board.period.pk])
    queue = f"{reverse('tasks:review-queue')}?period={board.period.pk}"
    oldest = f"最早 {clock.local(board.oldest_waiting):%m-%d}" if board.oldest_waiting else ""
    return [
        {"label": "应报", "value": board.expected, "note": f"免报 {board.waived}" if board.waived else ""},
        {"label": "已报", "value": board.filed, "note": f"{board.percent_filed}%"},
        {"label": "已通过", "value": board.accepted},
        {"label": "待审", "value": board.waiting, "note": oldest, "url": queue if board.waiting else ""},
        {
            "label": "退回未改",
            "value": len(board.returned),
            "url": f"{address}?show=returned" if board.returned else "",
        },
        {"label": "未报", "value": board.missing, "note": f"{len(board.late)} 个单位" if board.late else ""},
    ]


def roster_page(request, board) -> dict:
    """All rows with their filter; excuses carry their reason (one query more)."""
    waived = [report.pk for report in board.reports if report.state == ReportState.WAIVED]
    events = ReportEvent.objects.filter(report__in=waived, verb="waived").order_by("pk")
    reasons = {event.report_id: event.reason for event in events}
    for report in board.reports:
        report.is_nil = bool(report.submission) and report.submission.text["kind"] == MonthKind.NO_CHANGE
        report.waived_because = reasons.get(report.pk, "")
    names = dict.fromkeys((str(report.department_id), report.department.name) for report in board.reports)
    chosen = RosterFilter(request.GET, departments=list(names))
    rows = [report for report in board.reports if chosen.keeps(report)]
    return {
        "filter": chosen,
        "filtered": len(rows) != len(board.reports),
        "rows": [report for report in rows if report.required],
        "optional_rows": [report for report in rows if not report.required],
    }


@office_page("period.manage")
@require_http_methods(["GET", "POST"])
def period_extend(request, pk, department):
    period, owed = owed_by_department(request, pk, department)
    back = safe_back(request, reverse("tasks:period-detail", args=[pk]))
    suggested = workdays.add_working_days(max(clock.today(), clock.local_date(period.due_at)), 2)
    extended = [report for report in owed if report.due_at != period.due_at]
    form = ExtendForm(request.POST or None, owed=owed, initial={"due_day": suggested})
    if form.is_valid():
        try:
            done = restore_dues(request, form) if form.restores else extend_chosen(request, form)
        except AlreadyMoved as refusal:
            return moved_on(request, period, refusal, form, back)
        except Refused as refusal:
            form.add_error("due_day" if refusal.code in DUE_REFUSALS else None, refusal.message)
        else:
            messages.success(request, f"{owed[0].duty_of.name}{done}。")
            return redirect(back)
    page = {"period": period, "department": owed[0].duty_of, "extended": extended, "form": form, "act": "延期",
            "back": back}  # fmt: skip
    return render(request, "tasks/office/department_act.html", page)


@transaction.atomic
def extend_chosen(request, form: ExtendForm) -> str:
    for report in form.chosen:
        services.extend(report, due_at=form.due_at, reason=form.cleaned_data["reason"], by=request.user)
    return f"已延期 {len(form.chosen)} 份，至{moment_words(form.due_at)}"


@transaction.atomic
def restore_dues(request, form: ExtendForm) -> str:
    """Those of the chosen reports that were extended; when none was, the first one says so."""
    extended = [report for report in form.chosen if report.due_at != report.period.due_at] or form.chosen[:1]
    for report in extended:
        services.unextend(report, reason=form.cleaned_data["reason"], by=request.user)
    return f"已恢复原截止 {len(extended)} 份，{moment_words(extended[0].period.due_at)}"


@office_page("period.manage")
@require_http_methods(["GET", "POST"])
def period_waive(request, pk, department):
    period, owed = owed_by_department(request, pk, department)
    back = safe_back(request, reverse("tasks:period-detail", args=[pk]))
    form = WaiveForm(request.POST or None, owed=owed)
    if form.is_valid():
        try:
            with transaction.atomic():
                for report in form.chosen:
                    services.waive(report, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyMoved as refusal:
            return moved_on(request, period, refusal, form, back)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{owed[0].duty_of.name}已免报 {len(form.chosen)} 份，不再计入应报。")
            return redirect(back)
    page = {"period": period, "department": owed[0].duty_of, "form": form, "act": "免报", "back": back}
    return render(request, "tasks/office/department_act.html", page)


def owed_by_department(request, pk: int, department: int):
    """The period and what the department still owes in it; 404 when nothing."""
    period = period_or_404(request, pk)
    rows = ProgressReport.objects.filter(period=period, duty_of=department, required=True).owing()
    owed = list(rows.for_table().select_related("duty_of").in_order())
    if not owed or period.state not in MOVING:
        raise Http404
    return period, owed


def moved_on(request, period, refusal, form, back):
    events = ReportEvent.objects.filter(report__in=form.chosen).for_table().order_by("-pk")[:3]
    return overtaken(
        request,
        refusal,
        title=f"{period.label}没有改动",
        back_url=back,
        happened=events,
        kept=[("原因", form.cleaned_data["reason"])],
    )


@office_page("period.manage")
@require_POST
def report_unwaive(request, pk):
    report = report_or_404(request, pk)
    address = f"{reverse('tasks:period-detail', args=[report.period_id])}?show=all"
    try:
        services.unwaive(report, by=request.user)
    except AlreadyMoved as refusal:
        return overtaken(request, refusal, title="没有恢复应报", back_url=address, happened=latest_events(report))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"第{report.item.number}项 {report.department.name}已恢复应报。")
    return redirect(address)
