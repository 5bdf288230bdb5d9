"""Lays out the files of a frozen month, outside any transaction and from its snapshot alone."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from background.registry import job
from background.run import JobRefused, JobRun, LeaseLost
from reports import services
from reports.choices import RenderState, ReportKind
from reports.models import MonthlyReport

logger = logging.getLogger(__name__)
STEPS = ("汇总", "制表", "排版", "完成")


@job(services.JOB, label="生成月报", steps=STEPS)
def render(run: JobRun) -> dict:
    """Lay out the edition named in the payload and store it once; a second run finds it ready and does nothing."""
    run.step(STEPS[0], 10)
    report = MonthlyReport.objects.filter(pk=run.payload["report"]).first()
    if report is None:
        return {"label": "已由新的预览代替"}
    if not report.is_ready:
        _check_requester(run, report)
        _lay_out(run, report)
    return {"report": report.pk, "label": str(report)}


def _check_requester(run: JobRun, report: MonthlyReport) -> None:
    """Drafts are made for who asked and still may; an issue is the office's, whatever became of its clerk."""
    if report.kind != ReportKind.ISSUED and not run.requester().may("monthly.issue"):
        services.fail(report, step=STEPS[0], reason="提交人已没有月报权限。")
        raise JobRefused("提交人已没有月报权限。")


def _lay_out(run: JobRun, report: MonthlyReport) -> None:
    from reports import workbook  # openpyxl is loaded where it is used

    # Somebody may have retried the job itself, not the edition.
    MonthlyReport.objects.filter(pk=report.pk, state=RenderState.FAILED).update(
        state=RenderState.RENDERING, failed_step="", failed_reason=""
    )
    step = STEPS[0]
    try:
        run.step(step := STEPS[1], 40)
        book = workbook.build(report.snapshot)
        run.step(step := STEPS[2], 70)
        content = workbook.to_bytes(book, made_at=workbook.made_at(report.snapshot))
        run.step(step := STEPS[3], 90)
        services.store(report, content)
    except (DatabaseError, LeaseLost):
        raise  # not the snapshot's fault: the job is tried again by itself
    except Exception as error:
        # The same snapshot fails the same way: trying again is a person's decision.
        logger.exception("monthly report %s failed at %s", report.pk, step)
        reason = f"{step}时出错：{error}"[:200]
        services.fail(report, step=step, reason=reason)
        raise JobRefused(reason) from error
