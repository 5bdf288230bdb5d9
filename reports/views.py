"""Monthly reports: the list of months, one month with its editions, and the acts of the office."""

from __future__ import annotations

import io

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import audit
from accounts.views.common import permitted
from calendars import clock
from reports import services, summary
from reports.choices import CONTENT_TYPES
from reports.forms import CorrectionForm, FinaliseForm
from reports.gather import gather
from reports.models import MonthlyReport
from tasks.choices import FILED, Light, ReportState
from tasks.errors import Refused
from tasks.models import Plan, ReportingPeriod
from tasks.services import hindrances, owing_before_due


@require_safe
@permitted("monthly.read")
def monthly_list(request):
    plan = _plan(request)
    reports = MonthlyReport.objects.visible_to(request.user).filter(plan=plan).for_table().newest_first()
    by_period: dict[int, list[MonthlyReport]] = {}
    for report in reports:
        by_period.setdefault(report.period_id, []).append(report)
    periods = ReportingPeriod.objects.visible_to(request.user).filter(plan=plan).opened()
    if not request.user.may("monthly.read_drafts"):
        periods = periods.filter(pk__in=by_period)
    required = Q(reports__required=True) & ~Q(reports__state=ReportState.WAIVED)
    counted = periods.annotate(
        expected=Count("reports", filter=required),
        filed=Count("reports", filter=required & Q(reports__state__in=FILED)),
    )
    rows = [(period, by_period.get(period.pk, [])) for period in counted.order_by("-start")]
    return render(request, "reports/list.html", {"plan": plan, "rows": rows})


@require_safe
@permitted("monthly.read")
def monthly_detail(request, pk):
    period, editions = _month(request, pk)
    is_office = request.user.may("monthly.issue")
    live = is_office and period.is_moving
    issued = [edition for edition in editions if edition.kind == "issued"]
    if not live and not issued:
        raise Http404
    snapshot = gather(period) if live else issued[0].snapshot
    context = {
        "period": period,
        "editions": editions,
        "issued": issued,
        "live": live,
        "snapshot": snapshot,
        "paragraphs": summary.paragraphs(snapshot),
        "sections": summary.sections(snapshot),
        "stats": summary.stats(snapshot),
        "hindrance": hindrances(period) if live else "",
        "unassessed": [item for item in snapshot["items"] if item["light"] == Light.UNASSESSED] if live else [],
        "next_label": f"v{period.revision + 1}",
        "may_correct": is_office and not period.is_moving and issued and issued[0].is_ready,
    }
    return render(request, "reports/detail.html", context)


@require_POST
@permitted("monthly.issue")
def monthly_preview(request, pk):
    return _asked(request, _period(request, pk), services.preview, "正在生成预览，完成后可在“版本”中下载。")


@require_POST
@permitted("monthly.issue")
def monthly_draft(request, pk):
    return _asked(request, _period(request, pk), services.make_draft, "正在生成送审稿，完成后可在“版本”中下载。")


def _asked(request, period, service, done):
    try:
        service(period, by=request.user)
    except Refused as refusal:
        _refused(request, "monthly.refused", period, refusal)
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("reports:monthly-detail", pk=period.pk)


@require_http_methods(["GET", "POST"])
@permitted("monthly.issue")
def monthly_finalise(request, pk):
    period = _period(request, pk)
    early = owing_before_due(period, now=clock.now()).for_table().in_order() if period.is_moving else []
    form = FinaliseForm(request.POST or None, early=bool(early))
    if form.is_valid():
        try:
            report = services.finalise(period, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _refused(request, "monthly.refused", period, refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{period.label}月报已定稿{report.label}，正在生成文件。")
            return redirect("reports:monthly-detail", pk=period.pk)
    owing = period.reports.owing().filter(required=True).for_table().in_order()
    context = {
        "period": period,
        "form": form,
        "early": early,
        "owing": owing,
        "waiting": period.reports.waiting().for_table().in_order(),
        "unassessed": period.assessments.filter(confirmed_light=Light.UNASSESSED).select_related("item__revision"),
        "hindrance": hindrances(period),
        "next_label": f"v{period.revision + 1}",
    }
    return render(request, "reports/finalise.html", context)


@require_http_methods(["GET", "POST"])
@permitted("monthly.issue")
def monthly_correct(request, pk):
    period = _period(request, pk)
    if period.first_finalised_at is None:
        raise Http404  # there is nothing to correct before the first issue
    form = CorrectionForm(request.POST or None, period=period)
    if form.is_valid():
        try:
            services.begin_correction(period, by=request.user, **form.chosen())
        except Refused as refusal:
            _refused(request, "monthly.refused", period, refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{period.label}已开始修订。改好后在本页定稿v{period.revision + 1}。")
            return redirect("reports:monthly-detail", pk=period.pk)
    return render(request, "reports/correct.html", {"period": period, "form": form, "rows": _correctable(period, form)})


def _correctable(period, form):
    """Every item with the reports a correction may reopen, and what was ticked before."""
    by_item: dict[int, list] = {}
    for report in form.fields["reports"].queryset.for_table().in_order():
        by_item.setdefault(report.item_id, []).append(report)
    assessments = period.assessments.select_related("item__revision").order_by("item__position")
    ticked = {name: set(map(str, form[name].value() or ())) for name in ("reports", "items")}
    return [
        {
            "assessment": assessment,
            "ticked": str(assessment.item_id) in ticked["items"],
            "reports": [
                (report, str(report.pk) in ticked["reports"]) for report in by_item.get(assessment.item_id, [])
            ],
        }
        for assessment in assessments
    ]


@require_safe
@permitted("monthly.read")
def edition_line(request, pk):
    """One version's line, asked for again while it is being laid out."""
    edition = get_object_or_404(MonthlyReport.objects.visible_to(request.user).for_table(), pk=pk)
    if not request.htmx:
        return redirect("reports:monthly-detail", pk=edition.period_id)
    _with_jobs([edition])
    return render(request, "reports/_edition.html", {"edition": edition})


@require_POST
@permitted("monthly.issue")
def edition_retry(request, pk):
    edition = get_object_or_404(MonthlyReport.objects.visible_to(request.user), pk=pk)
    try:
        services.retry(edition, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:monthly-detail", pk=edition.period_id)


@require_safe
@permitted("monthly.read")
def edition_download(request, pk):
    try:
        file = services.download(pk, by=request.user)
    except MonthlyReport.DoesNotExist:
        raise Http404 from None
    content = io.BytesIO(bytes(file.content))
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=CONTENT_TYPES[file.format])


def _plan(request) -> Plan | None:
    """The plan of `?plan=`, else the latest active one, else the latest; of those the user may see."""
    plans = list(Plan.objects.visible_to(request.user))
    if "plan" in request.GET:
        chosen = [plan for plan in plans if str(plan.pk) == request.GET["plan"]]
        if not chosen:
            raise Http404
        return chosen[0]
    active = [plan for plan in plans if plan.state == "active"]
    return next(iter(active or plans), None)


def _period(request, pk: int) -> ReportingPeriod:
    opened = ReportingPeriod.objects.visible_to(request.user).opened().select_related("plan", "settings")
    period = get_object_or_404(opened, pk=pk)
    request.page_plan = period.plan
    return period


def _month(request, pk: int) -> tuple[ReportingPeriod, list[MonthlyReport]]:
    """The period and the editions the user may see, newest first; the newest issue comes with its snapshot."""
    period = _period(request, pk)
    editions = list(MonthlyReport.objects.visible_to(request.user).filter(period=period).for_table().newest_first())
    _with_jobs(editions)
    return period, editions


def _with_jobs(editions: list[MonthlyReport]) -> None:
    """Each edition with the job that lays it out, for its progress; one query."""
    jobs = services.jobs_of(editions)
    for edition in editions:
        edition.job = jobs.get(edition.pk)


def _refused(request, action: str, period: ReportingPeriod, refusal: Refused) -> None:
    audit.record_refusal(action, period, by=request.user, detail=refusal.message)
