"""Check, hand in, receipt, take back; and several reports at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from calendars import clock
from tasks import services, validators
from tasks.choices import FILED, ReportState
from tasks.deadlines import filed_words
from tasks.errors import AlreadyMoved, NotReady, PeriodClosed, Refused
from tasks.filing_board import department_board, errors_of, row_of
from tasks.filing_text import earlier_texts, last_month, lines_of, may_write, present_attachments
from tasks.models import ProgressReport
from tasks.models.cycle import text_of
from tasks.views.filing.common import (
    about,
    earlier_of,
    fillable,
    last_edit,
    moved_words,
    openable,
    posted_version,
    rows,
)
from tasks.views.posted import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
def progress_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that will be handed in, beside last month's; POST hands it in."""
    report = fillable(request, pk)
    if request.method == "POST":
        return _submit(request, report)
    if report.state in FILED:
        return redirect("tasks:progress-receipt", pk=pk)
    if not may_write(report, request.user):
        return redirect("tasks:progress-edit", pk=pk)
    if errors_of(report):
        return _back_to_form(report)
    return _check_page(request, report)


def _back_to_form(report: ProgressReport) -> HttpResponse:
    return redirect(reverse("tasks:progress-edit", args=[report.pk]) + "?check=1")


def _submit(request: HttpRequest, report: ProgressReport) -> HttpResponse:
    try:
        if not may_write(report, request.user):
            raise AlreadyMoved()
        services.submit(report, by=request.user, version=posted_version(request))
    except NotReady:
        return _back_to_form(report)
    except (AlreadyMoved, PeriodClosed) as refusal:
        return _not_submitted(request, report.pk, refusal)
    return redirect("tasks:progress-receipt", pk=report.pk)


def _not_submitted(request: HttpRequest, pk: int, refusal: Refused) -> HttpResponse:
    report = fillable(request, pk)
    if report.state in FILED:
        # A second click, or the colleague of the same department: the report is in, and here is its receipt.
        messages.info(request, "这一条已经提交过，下面是回执。")
        return redirect("tasks:progress-receipt", pk=pk)
    if not may_write(report, request.user):
        messages.error(request, f"没有提交：{moved_words(report)}")
        return redirect("tasks:progress-edit", pk=pk)
    problem = (
        refusal.message if isinstance(refusal, PeriodClosed) else f"{last_edit(report)}，请核对现在的文字后再提交。"
    )
    return _check_page(request, report, problem=f"没有提交：{problem}", status=409)


def _check_page(request, report, *, problem: str = "", status: int = 200) -> HttpResponse:
    earlier = earlier_of(report)
    text = text_of(report)
    context = about(report, request) | {
        "lines": lines_of(text, earlier.text if earlier else None),
        "beside": last_month(report, earlier),
        "warnings": validators.warnings(text, earlier.text if earlier else None),
        "attachments": present_attachments(report, request.user),
        "problem": problem,
    }
    return render(request, "tasks/filing/check.html", context, status=status)


def progress_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed in, when, and how it stands; and what else the department owes this month."""
    report = openable(request, pk)
    if report.submission is None:
        raise Http404
    board = department_board(report.duty_of, request.user)
    listed = sorted((*board.returned, *board.owing, *board.filed), key=lambda row: row.report.item.position)
    same_month = [row for row in listed if row.report.period_id == report.period_id]
    waiting = [row for row in (*board.returned, *board.owing) if row.report.pk != report.pk and row.action != "查看"]
    context = about(report, request) | {
        "number": f"{report.period.key}-{report.item.number}-{report.pk:04d}",
        "filed": filed_words(report),
        "text": report.submission.text,
        "attachments": report.submission.attachments.count(),
        "may_withdraw": _may_withdraw(report, request.user),
        "department_rows": same_month,
        "next": waiting[0] if waiting else None,
        "missing": sum(row.report.required and row.report.state not in FILED for row in same_month),
    }
    return render(request, "tasks/filing/receipt.html", context)


def _may_withdraw(report: ProgressReport, user) -> bool:
    filer = bool({report.department_id, report.duty_of_id} & user.departments) or report.filed_by_id == user.pk
    return filer and report.state == ReportState.SUBMITTED and report.period.is_moving


@require_POST
def progress_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    report = fillable(request, pk)
    try:
        if not _may_withdraw(report, request.user):
            raise AlreadyMoved()
        services.withdraw(report, by=request.user, version=posted_version(request))
    except (AlreadyMoved, PeriodClosed):
        report = fillable(request, pk)
        messages.error(request, f"没有撤回：这一条现在是“{report.get_state_display()}”，如需改动请联系省厅。")
        return redirect("tasks:progress-receipt" if report.submission else "tasks:progress-edit", pk=pk)
    messages.success(request, "已撤回，改好后请重新提交。")
    return redirect("tasks:progress-edit", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def progress_check_all(request: HttpRequest) -> HttpResponse:
    """All drafts of the own departments: those ready to be handed in together, and those with something missing."""
    if not request.user.departments:
        raise Http404
    if request.method == "POST":
        return _submit_chosen(request)
    drafts = [report for report in _drafts(request.user) if may_write(report, request.user)]
    earlier, now = earlier_texts(drafts), clock.now()
    ready, unready = [], []
    for report in drafts:
        row, errors = row_of(report, request.user, now=now), errors_of(report)
        if errors:
            unready.append({"row": row, "errors": [said for sentences in errors.values() for said in sentences]})
            continue
        before = earlier[report.pk].text if report.pk in earlier else None
        text = text_of(report)
        ready.append({"row": row, "lines": lines_of(text, before), "warnings": validators.warnings(text, before)})
    awaiting = ProgressReport.objects.own_of(request.user).in_moving_periods().required()
    context = {"ready": ready, "unready": unready, "awaiting": awaiting.filter(state=ReportState.AWAITING).count()}
    return render(request, "tasks/filing/check_all.html", context)


def _drafts(user):
    mine = rows().own_of(user).in_moving_periods().filter(state__in=(ReportState.DRAFT, ReportState.RETURNED))
    return mine.order_by("period__start", "item__position", "pk")


def _submit_chosen(request: HttpRequest) -> HttpResponse:
    """Each report is its own act: one that was edited meanwhile stays a draft and is named, the others go in."""
    chosen = {}
    for text in request.POST.getlist("report"):
        pk, _, version = text.partition(":")
        key, seen = whole_number(pk), whole_number(version)
        if key is not None and seen is not None:
            chosen[key] = seen
    done, refused = [], []
    for report in _drafts(request.user).filter(pk__in=chosen):
        try:
            services.submit(report, by=request.user, version=chosen[report.pk])
        except Refused as refusal:
            refused.append(f"第{report.item.number}项没有提交：{refusal.message}")
        else:
            done.append(f"第{report.item.number}项")
    if done:
        messages.success(request, f"已提交 {len(done)} 条：{'、'.join(done)}。")
    for sentence in refused:
        messages.error(request, sentence)
    if not done and not refused:
        messages.error(request, "没有选中可提交的草稿，请先勾选。")
        return redirect("tasks:progress-check-all")
    return redirect("tasks:progress-check-all" if refused else "tasks:progress-list")
