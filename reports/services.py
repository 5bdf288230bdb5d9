"""Editions of a month's report: asked for in one transaction with their facts, laid out later from those alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Max

import audit
import background.services
from accounts.guards import require
from accounts.models import User
from background.models import Job
from calendars import clock
from reports import changes, layout
from reports.choices import REASON_LENGTH, SIGNER_LENGTH, RenderState, ReportKind
from reports.gather import SCHEMA, gather
from reports.models import IssuedFile, MonthlyReport, edition_label
from tasks.choices import MOVING
from tasks.errors import AlreadyMoved, PeriodClosed, Refused
from tasks.models import ReportingPeriod
from tasks.services import close_period, reopen_for_revision

JOB = "reports.render"


@transaction.atomic
def preview(period: ReportingPeriod, *, by: User) -> MonthlyReport:
    """The month as it stands, as draft 0 (预览); an earlier preview is replaced. Raises PeriodClosed."""
    require(by, "monthly.issue")
    period = _lock_moving(period)
    MonthlyReport.objects.filter(period=period, kind=ReportKind.PREVIEW).delete()
    return _ask_for(period, ReportKind.PREVIEW, 0, by=by)


@transaction.atomic
def make_draft(period: ReportingPeriod, *, by: User) -> MonthlyReport:
    """The next 送审稿第n稿 of the month, kept beside the earlier ones. Raises PeriodClosed."""
    require(by, "monthly.issue")
    period = _lock_moving(period)
    last = MonthlyReport.objects.drafts().filter(period=period).aggregate(last=Max("number"))["last"] or 0
    return _ask_for(period, ReportKind.DRAFT, last + 1, by=by)


@transaction.atomic
def finalise(period: ReportingPeriod, *, by: User, signer: str, signed_on: date, reason: str = "") -> MonthlyReport:
    """Close the month and freeze what its report prints (定稿): v1, or after a correction the next number.

    `signed_on` is a date of the office (Asia/Shanghai). Raises Refused: something is still submitted, a reason is
    needed before the due time, the signature is incomplete, an earlier month is not issued.
    """
    require(by, "monthly.issue")
    _check_signature(period, signer, signed_on)
    _check_reason(reason)
    period = close_period(period, by=by, reason=reason)
    why = reason.strip() if period.revision == 1 else period.revision_reason
    signed = {"signer": signer.strip(), "signed_on": signed_on, "reason": why}
    return _ask_for(period, ReportKind.ISSUED, period.revision, by=by, **signed)


def _check_signature(period: ReportingPeriod, signer: str, signed_on: date) -> None:
    if not signer.strip():
        raise Refused("请填写签发人。", code="signer_required")
    if len(signer.strip()) > SIGNER_LENGTH:
        raise Refused(f"签发人最多{SIGNER_LENGTH}字。", code="too_long")
    if signed_on > clock.today():
        raise Refused("签发日期不能晚于今天。", code="signed_in_future")
    if signed_on < period.covers_from:
        raise Refused(f"签发日期不能早于{period.label}1日。", code="signed_too_early")


def _check_reason(reason: str) -> None:
    length = len(reason.strip())
    if length > REASON_LENGTH:
        raise Refused(f"原因最多{REASON_LENGTH}字，现在{length}字，请删减。", code="too_long")


@transaction.atomic
def begin_correction(
    period: ReportingPeriod, *, reports: Collection[int], items: Collection[int], reason: str, by: User
) -> ReportingPeriod:
    """Reopen the named reports and items of an issued month (修订); the issue before stays downloadable.

    Raises Refused when the last issue is not laid out yet, nothing is named, or the reason is missing.
    """
    require(by, "monthly.issue")
    latest = MonthlyReport.objects.issued().filter(period=period).order_by("-number").defer("snapshot").first()
    if latest is None or not latest.is_ready:
        raise Refused("上一版月报还没有生成完毕，请稍后再开始修订。", code="issue_not_ready")
    _check_reason(reason)
    period = reopen_for_revision(period, reports=reports, items=items, reason=reason, by=by)
    audit.record("monthly.correction_begun", latest, by=by, after={"reason": reason.strip()})
    return period


@transaction.atomic
def retry(report: MonthlyReport, *, by: User) -> MonthlyReport:
    """Lay out a failed edition again, from the same snapshot. Raises AlreadyMoved when it has not failed."""
    require(by, "monthly.issue")
    job = job_of(report)
    if job is None or not job.has_failed or report.is_ready:
        raise AlreadyMoved("文件已经生成或正在生成，无需重试。")
    MonthlyReport.objects.filter(pk=report.pk).exclude(state=RenderState.READY).update(
        state=RenderState.RENDERING, failed_step="", failed_reason=""
    )
    background.services.retry(job, by=by)
    report.refresh_from_db(fields=("state", "failed_step", "failed_reason"))
    audit.record("monthly.retried", report, by=by)
    return report


def job_of(report: MonthlyReport) -> Job | None:
    """The job that lays the edition out."""
    return jobs_of([report]).get(report.pk)


def jobs_of(reports: Iterable[MonthlyReport]) -> dict[int, Job]:
    """The jobs that lay these editions out, by edition; one query."""
    keys = {_job_key(report.pk): report.pk for report in reports}
    return {keys[str(job.key)]: job for job in Job.objects.filter(key__in=keys)}


@transaction.atomic
def download(pk: int, *, by: User) -> IssuedFile:
    """The stored workbook of an edition, with the record that `by` took it.

    Raises MonthlyReport.DoesNotExist when there is none that `by` may read, or it is not laid out yet.
    """
    report = MonthlyReport.objects.visible_to(by).ready().select_related("period").defer("snapshot").get(pk=pk)
    file = report.files.get(format="xlsx")
    audit.record("monthly.downloaded", report, by=by, after={"file": file.name, "sha256": file.sha256})
    return file


def export(period: ReportingPeriod, *, by: User | None) -> tuple[str, bytes, str]:
    """File name, bytes and version of the month for the command line: the latest issue as stored — laid out now if no
    worker has done it yet — else a preview of today's facts that is kept nowhere.
    """
    issued = MonthlyReport.objects.issued().filter(period=period).order_by("-number").first()
    if issued is None:
        snapshot, _ = snapshot_of(period, ReportKind.PREVIEW, 0, by=by)
        name, content, label = layout.workbook_name(snapshot), layout.workbook_bytes(snapshot), "预览"
    else:
        if not issued.is_ready:
            store(issued, layout.workbook_bytes(issued.snapshot))
        file = issued.files.get(format="xlsx")
        name, content, label = file.name, bytes(file.content), issued.label
    with transaction.atomic():
        audit.record("monthly.exported", period, by=by, after={"file": name, "edition": label})
    return name, content, label


def store(report: MonthlyReport, content: bytes) -> bool:
    """Keep the laid-out file, once: whoever comes second finds the edition ready and changes nothing."""
    with transaction.atomic():
        moved = MonthlyReport.objects.filter(pk=report.pk, state=RenderState.RENDERING).update(
            state=RenderState.READY, finished_at=clock.now()
        )
        if not moved:
            return False
        file = IssuedFile.objects.create(report=report, **layout.file_values(report.snapshot, content))
        audit.record("monthly.rendered", report, by=None, after={"file": file.name, "sha256": file.sha256})
    return True


def fail(report: MonthlyReport, *, step: str, reason: str) -> None:
    """Write down at which step laying out failed; the snapshot stays for another try."""
    with transaction.atomic():
        moved = MonthlyReport.objects.filter(pk=report.pk, state=RenderState.RENDERING).update(
            state=RenderState.FAILED, failed_step=step, failed_reason=reason[:300]
        )
        if moved:
            audit.record("monthly.failed", report, by=None, detail=f"{step}：{reason}")


def snapshot_of(period: ReportingPeriod, kind: str, number: int, *, by: User | None, **signed) -> tuple[dict, list]:
    """The month's facts with what the edition says about itself, and what it changed against the issue before."""
    facts = gather(period)
    issued = list(MonthlyReport.objects.issued().filter(period=period).order_by("number"))
    changed = changes.between(issued[-1].snapshot, facts) if issued and kind == ReportKind.ISSUED else []
    signed_on = signed.get("signed_on")
    edition = {
        "kind": kind,
        "number": number,
        "label": edition_label(kind, number),
        "made_at": clock.local(clock.now()).isoformat(timespec="seconds"),
        "made_by": by.name if by else "",
        "signer": signed.get("signer", ""),
        "signed_on": signed_on.isoformat() if signed_on else "",
        "reason": signed.get("reason", ""),
    }
    present = _version_line(edition["label"], edition["signer"], edition["signed_on"], edition["reason"], changed)
    edition["versions"] = [_line_of(report) for report in issued] + [present]
    return facts | {"edition": edition}, changed


def _line_of(report: MonthlyReport) -> dict:
    return _version_line(report.label, report.signer, str(report.signed_on), report.reason, report.changes)


def _version_line(label: str, signer: str, issued_on: str, reason: str, changed: list) -> dict:
    return {"label": label, "signer": signer, "issued_on": issued_on, "reason": reason, "changes": changed}


def _ask_for(period: ReportingPeriod, kind: str, number: int, *, by: User, **signed) -> MonthlyReport:
    """Freeze the facts and ask for their layout, in the caller's transaction."""
    snapshot, changed = snapshot_of(period, kind, number, by=by, **signed)
    report = MonthlyReport.objects.create(
        plan_id=period.plan_id, period=period, kind=kind, number=number, schema_version=SCHEMA, snapshot=snapshot,
        changes=changed, created_by=by, created_at=clock.now(), **signed,
    )  # fmt: skip
    background.services.enqueue(JOB, payload={"report": report.pk}, by=by, key=_job_key(report.pk))
    action = "monthly.finalised" if kind == ReportKind.ISSUED else "monthly.requested"
    said = {"signer": report.signer, "signed_on": str(report.signed_on or ""), "reason": report.reason}
    audit.record(action, report, by=by, after={"edition": report.label} | said)
    return report


def _job_key(pk: int) -> str:
    return f"{JOB}:{pk}"


def _lock_moving(period: ReportingPeriod) -> ReportingPeriod:
    """The period row, locked; raises PeriodClosed when there is nothing to draft: not open, or already issued."""
    period = (
        ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan", "settings").get(pk=period.pk)
    )
    if period.state not in MOVING:
        raise PeriodClosed(f"{period.label}{period.get_state_display()}，没有可以预览或送审的内容。")
    return period
