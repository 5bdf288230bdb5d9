"""The filing form: open, save, save while typing, and what happens when somebody else was faster."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from calendars import clock
from files.kinds import KINDS
from files.refusal import UploadRefused
from files.services import store
from tasks import services
from tasks.errors import AlreadyMoved, PeriodClosed, Refused
from tasks.filing_text import Beside, lines_of, may_write, present_attachments, reads_working_text, shown_text
from tasks.forms.filing import FilingForm
from tasks.models import ProgressReport
from tasks.models.cycle import text_of
from tasks.views.filing.common import (
    about,
    beside,
    earlier_of,
    fillable,
    last_edit,
    moved_words,
    openable,
    posted_version,
)
from tasks.views.posted import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
def progress_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form, or the text where the reader may not write. POST: save, then stay or go on to the check page."""
    if request.method == "POST":
        return _save(request, fillable(request, pk))
    report = openable(request, pk)
    if not may_write(report, request.user):
        return _read(request, report)
    if "check" in request.GET:
        return _form(request, report, FilingForm.checked(report, today=clock.today()))
    last = beside(report)
    approver = last.text.get("approver", "") if last else ""
    return _form(request, report, FilingForm.of(report, approver=approver), last=last)


def _save(request: HttpRequest, report: ProgressReport) -> HttpResponse:
    form = FilingForm(request.POST)
    if not form.is_valid():
        return _form(request, report, form, version=request.POST.get("version"), status=422)
    try:
        keep(report, form, by=request.user, version=posted_version(request))
    except PeriodClosed as refusal:
        return _conflict(request, report.pk, form, refusal.message)
    except AlreadyMoved:
        return _conflict(request, report.pk, form)
    _keep_files(request, report, form)
    if form.errors:
        return _form(request, report, form, status=422)
    if request.POST.get("action") != "check":
        messages.success(request, f"草稿已保存 {clock.local(report.edited_at):%H:%M:%S}")
        return redirect("tasks:progress-edit", pk=report.pk)
    form.add_filing_errors(today=clock.today())
    if form.errors:
        return _form(request, report, form, status=422)
    return redirect("tasks:progress-check", pk=report.pk)


def _keep_files(request: HttpRequest, report: ProgressReport, form: FilingForm) -> None:
    """Take what was chosen and drop what was crossed out. The text is saved by now, whatever a file does."""
    for upload in request.FILES.getlist("files"):
        try:
            stored = store(upload, by=request.user, quota_key=f"department:{report.duty_of_id}")
            services.attach(report, stored, by=request.user)
        except (UploadRefused, Refused) as refusal:
            form.add_error("files", f"{upload.name}：{refusal}")
    action, _, key = request.POST.get("action", "").partition("-")
    if action == "remove" and (number := whole_number(key)) is not None:
        for attachment in present_attachments(report, request.user).filter(pk=number):
            services.detach(attachment, by=request.user)


def keep(report: ProgressReport, form: FilingForm, *, by, version: int) -> None:
    """Save a valid form as the draft. Raises AlreadyMoved when another text stands there now, PeriodClosed."""
    if not may_write(report, by):
        if not report.period.is_moving:
            raise PeriodClosed(moved_words(report))
        raise AlreadyMoved()
    values = form.draft
    try:
        services.save_draft(report, by=by, version=version, **values)
    except AlreadyMoved:
        report.refresh_from_db()
        # The same text came twice, by a second click or a lost answer: it is there, so nothing is in conflict.
        if not may_write(report, by) or any(getattr(report, name) != value for name, value in values.items()):
            raise


@require_POST
def progress_autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Save while a person types (autosave.js)."""
    report = fillable(request, pk)
    form = FilingForm(request.POST)
    if not form.is_valid():
        sentences = [f"{form[name].label}：{said}" for name, errors in form.errors.items() for said in errors]
        message = f"没有保存，{'；'.join(sentences)}"
        return JsonResponse({"code": "invalid", "message": message, "errors": form.errors}, status=422)
    try:
        keep(report, form, by=request.user, version=posted_version(request))
    except PeriodClosed as refusal:
        return JsonResponse({"code": refusal.code, "message": f"没有保存：{refusal.message}"}, status=422)
    except AlreadyMoved as refusal:
        report = fillable(request, pk)
        if not may_write(report, request.user):
            words = {"message": f"{moved_words(report)}您的文字还在本页。", "url": report_url(report)}
        else:
            words = {"message": f"{last_edit(report)}，您的文字没有覆盖它。请点“保存草稿”，对照两份文字后再定。"}
        return JsonResponse({"code": refusal.code} | words, status=409)
    return JsonResponse({"version": report.version, "saved_at": f"{clock.local(report.edited_at):%H:%M:%S}"})


def report_url(report: ProgressReport) -> str:
    return reverse("tasks:progress-edit", args=[report.pk])


def _form(request, report, form, *, last: Beside | None = None, version=None, status: int = 200) -> HttpResponse:
    context = about(report, request) | {
        "form": form,
        "beside": last or beside(report),
        "version": report.version if version is None else version,
        "attachments": present_attachments(report, request.user),
        "accepted_files": ",".join(f".{extension}" for extension in KINDS),
        "returned": report.state == "returned",
    }
    return render(request, "tasks/filing/edit.html", context, status=status)


def _conflict(request, pk: int, form: FilingForm, message: str = "") -> HttpResponse:
    """Both texts side by side; what was typed stays in the fields, to be saved over the other text or copied."""
    report = fillable(request, pk)
    writable = may_write(report, request.user)
    saved = None
    if reads_working_text(report, request.user):
        saved = Beside("已保存的文字", text_of(report), "引用已保存的文字")
    context = about(report, request) | {
        "form": form,
        "beside": saved,
        "version": report.version,
        "writable": writable,
        "message": message or (last_edit(report) if writable else moved_words(report)),
        "conflict": True,
    }
    return render(request, "tasks/filing/conflict.html", context, status=409)


def _read(request: HttpRequest, report: ProgressReport) -> HttpResponse:
    earlier = earlier_of(report)
    text = shown_text(report, request.user)
    context = about(report, request) | {
        "lines": lines_of(text, earlier.text if earlier else None) if text else [],
        "earlier": earlier,
        "attachments": present_attachments(report, request.user),
    }
    return render(request, "tasks/filing/report.html", context)
