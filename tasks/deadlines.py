"""How a report stands to its due time, in the words of the filing pages. Lateness itself is `tasks/lateness.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars import clock
from tasks import lateness
from tasks.choices import OWING, ReportState
from tasks.errors import Refused
from tasks.models import ProgressReport, ReportingPeriod
from tasks.wording import moment_words, time_left

SOON = 2  # days before the due date from which a report is 临期
FARTHEST = timedelta(days=366)  # of any deadline from the month's own, or from today when that is past


@dataclass(frozen=True)
class Deadline:
    text: str  # 截止 10月25日（周五）18:00，还剩 2 天
    note: str = ""  # what a late filing means, while it is still owed
    days_late: int = 0
    due_soon: bool = False


def due_of(period: ReportingPeriod) -> datetime:
    """The month's own due time, before any extension; every opened month has one."""
    assert period.due_at is not None
    return period.due_at


def check_not_too_far(due_at: datetime, *, month_due: datetime) -> None:
    """Raises Refused for a deadline nobody means: with a slip of the year a report would never be late."""
    latest = max(clock.local_date(month_due), clock.today()) + FARTHEST
    if clock.local_date(due_at) > latest:
        words = f"{latest.year}年{latest.month}月{latest.day}日"
        raise Refused(f"时间最晚到{words}（本月截止或今天起一年内），请检查年份。", code="due_too_far")


def deadline_of(report: ProgressReport, *, now: datetime) -> Deadline:
    """Wording for one report at `now`. Needs `period`."""
    if report.period.is_backfill:
        return Deadline("补录月份，不计逾期")
    if report.state not in OWING:
        return Deadline(f"截止 {moment_words(report.due_at)}")
    if report.state == ReportState.RETURNED and report.first_submitted_at:
        # The counted submission is in: what is asked now is a correction, and it makes nobody late.
        return _of_return(report, now)
    return _of_due(report, now)


def _of_return(report: ProgressReport, now: datetime) -> Deadline:
    due = report.return_due_at
    if due is None:
        return Deadline(f"截止 {moment_words(report.due_at)}，已报送过")
    if late := lateness.days_overdue(due, on=clock.local_date(now)):
        return Deadline(f"应在 {moment_words(due)} 前重报，已逾期 {late} 天")
    return Deadline(f"{'应' if now > due else '请'}在 {moment_words(due)} 前重报{'，已过时间' if now > due else ''}")


def _of_due(report: ProgressReport, now: datetime) -> Deadline:
    due, prefix = report.due_at, "" if report.required else "有则报，"
    text = f"{prefix}截止 {moment_words(due)}，{time_left(due, now=now)}"
    late = lateness.days_overdue(due, on=clock.local_date(now))
    if late:
        note = f"现在提交记为补报（逾期 {late} 天）。"
        return Deadline(f"{prefix}截止 {moment_words(due)}，已逾期 {late} 天", note, late if report.required else 0)
    if now > due:
        return Deadline(text, f"已过{clock.local(due):%H:%M}，今天24:00前提交仍算按时。", due_soon=True)
    return Deadline(text, due_soon=report.required and _days_to(due, now) <= SOON)


def _days_to(due: datetime, now: datetime) -> int:
    return (clock.local_date(due) - clock.local_date(now)).days


def filed_words(report: ProgressReport) -> str:
    """按时报送, 补报2天, or 补录: how the counted submission stands."""
    if report.period.is_backfill:
        return "补录"
    late = lateness.days_late(report.due_at, report.first_submitted_at)
    return f"补报{late}天" if late else "按时报送"
