"""Lights of a month's items side by side, and the item's adopted text beside the departments' own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks import services
from tasks.choices import MOVING, Light, PeriodState, ReportState
from tasks.errors import AlreadyMoved, Refused
from tasks.forms.office import AdoptForm, ConfirmLightForm
from tasks.models import Assessment, ProgressReport, ReportingPeriod
from tasks.office_board import previous_period
from tasks.services.assessing import light_of
from tasks.texts import joined, sentence_of
from tasks.views.office.common import office_page, period_or_404, safe_back


@office_page("item.assess")
@require_safe
def assessment_list(request, pk):
    return list_page(request, period_or_404(request, pk))


def list_page(request, period: ReportingPeriod, *, refused: Assessment | None = None, form=None):
    """The page; `form` is what was typed for the item `refused`, kept beside the reason of the refusal."""
    if period.state in (PeriodState.PLANNED, PeriodState.SKIPPED):
        raise Http404
    rows = assessment_rows(period)
    for row in rows:
        row.form = form if refused and row.pk == refused.pk else ConfirmLightForm(initial=suggestion(row))
    open_rows = [row for row in rows if row.confirmed_light == Light.UNASSESSED]
    only_open = request.GET.get("show") == "open"
    page = {
        "period": period,
        "rows": open_rows if only_open else rows,
        "only_open": only_open,
        "total": len(rows),
        "unassessed": len(open_rows),
        "ready": sum(row.is_ready for row in open_rows),
        "as_rated": sum(row.is_ready and bool(row.self_light) for row in open_rows),
        "invalid": bool(form and form.errors),
    }
    return render(request, "tasks/office/assessment_list.html", page, status=200)


def assessment_rows(period: ReportingPeriod) -> list[Assessment]:
    """Every item that is assessed this month, with its required reports and last month's light; four queries."""
    rows = list(
        period.assessments.exclude(confirmed_light=Light.NOT_APPLICABLE)
        .select_related("item__revision", "item__section", "confirmed_by")
        .order_by("item__position")
    )
    reports: dict[int, list[ProgressReport]] = {}
    for report in period.reports.required().select_related("department", "submission").in_order():
        reports.setdefault(report.item_id, []).append(report)
    previous = previous_period(period)
    before = dict(previous.assessments.values_list("item_id", "confirmed_light")) if previous else {}
    for row in rows:
        row.asked = reports.get(row.item_id, [])
        row.accepted = sum(report.state == ReportState.ACCEPTED for report in row.asked)
        row.is_ready = bool(row.asked) and row.accepted == len(row.asked)
        row.last_light = before.get(row.item_id, "")
        row.parts = [(report, light_of(report.submission.text)) for report in accepted_of(row.asked)]
        row.may_change = may_change(row, period)
    return rows


def may_change(assessment: Assessment, period: ReportingPeriod) -> bool:
    """Until the month is issued; in a correction only what it names."""
    if period.state == PeriodState.REVISING:
        return assessment.named_in_revision == period.revision + 1
    return period.state in MOVING


def suggestion(row: Assessment) -> dict:
    """What the form shows first: the confirmed light, else the self-rating, else nothing."""
    confirmed = row.confirmed_light if row.confirmed_light != Light.UNASSESSED else ""
    return {"version": row.version, "light": confirmed or row.self_light or "", "reason": row.reason}


@office_page("item.assess")
@require_POST
def assessment_confirm(request, pk):
    assessment = assessment_or_404(request, pk)
    period = assessment.period
    address = f"{reverse('tasks:assessments', args=[period.pk])}#item-{assessment.item_id}"
    form = ConfirmLightForm(request.POST)
    if not form.is_valid():
        return list_page(request, period, refused=assessment, form=form)
    try:
        services.confirm_light(assessment, by=request.user, **form.cleaned_data)
    except AlreadyMoved as refusal:
        return stale(request, pk, refusal, light=form.cleaned_data["light"], reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error("reason" if refusal.code == "reason_required" else "light", refusal.message)
        return list_page(request, period, refused=assessment, form=form)
    light = assessment.get_confirmed_light_display()
    messages.success(request, f"第{assessment.item.number}项已认定为{light}。")
    return redirect(address)


@office_page("item.assess")
@require_POST
def confirm_all(request, pk):
    period = period_or_404(request, pk)
    try:
        number = services.confirm_self_rated(period, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        words = (
            f"已按自评认定 {number} 项。" if number else "没有可按自评认定的事项：报送还没有全部通过，或本月没有自评。"
        )
        messages.success(request, words)
    return redirect("tasks:assessments", pk=pk)


def assessment_or_404(request, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).select_related(
        "item__revision", "item__section", "period__plan", "period__settings", "confirmed_by", "adopted_by"
    )
    return get_object_or_404(rows, pk=pk)


@office_page("item.assess")
@require_http_methods(["GET", "POST"])
def assessment_edit(request, pk):
    """The adopted text (采用稿): prefilled with the departments' accepted parts in file order, theirs beside it."""
    assessment = assessment_or_404(request, pk)
    back = safe_back(request, reverse("tasks:assessments", args=[assessment.period_id]))
    parts = parts_of(assessment)
    prefill = joined((report.department.name, sentence_of(report.submission.text)) for report in accepted_of(parts))
    initial = {"version": assessment.version, "text": assessment.adopted_text or prefill}
    form = AdoptForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.adopt_text(
                assessment, text=form.cleaned_data["text"], by=request.user, version=form.cleaned_data["version"]
            )
        except AlreadyMoved as refusal:
            return stale(request, pk, refusal, text=form.cleaned_data["text"], back=back)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"第{assessment.item.number}项采用稿已保存。")
            return redirect(back)
    page = {
        "assessment": assessment,
        "period": assessment.period,
        "form": form,
        "parts": parts,
        "prefilled": bool(prefill) and not assessment.adopted_text,
        "may_change": may_change(assessment, assessment.period),
        "back_url": back,
    }
    return render(request, "tasks/office/assessment_edit.html", page)


def parts_of(assessment: Assessment) -> list[ProgressReport]:
    reports = ProgressReport.objects.filter(period=assessment.period_id, item=assessment.item_id)
    return list(reports.select_related("department", "submission").in_order())


def accepted_of(parts: list[ProgressReport]) -> list[ProgressReport]:
    return [report for report in parts if report.state == ReportState.ACCEPTED]


def stale(request, pk: int, refusal: AlreadyMoved, *, text=None, light="", reason="", back=""):
    """409: what stands now beside what was typed; the form below holds the present version and the typed text."""
    now = assessment_or_404(request, pk)
    page = {
        "assessment": now,
        "period": now.period,
        "why": refusal.message,
        "text": text,
        "light": light,
        "reason": reason,
        "back_url": back or reverse("tasks:assessments", args=[now.period_id]),
    }
    if text is None:
        page["form"] = ConfirmLightForm(initial={"version": now.version, "light": light, "reason": reason})
    else:
        page["form"] = AdoptForm(initial={"version": now.version, "text": text})
    return render(request, "tasks/office/assessment_stale.html", page, status=409)
