"""Which text of a report a reader gets, and how the texts of a shared item are joined: always submitted texts."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.choices import MonthKind, ReportState
from tasks.models import ProgressReport, ReportEvent, ReportingPeriod


def readable_submission(report: ProgressReport, *, user) -> ReportEvent | None:
    """The submission whose text `user` may read, or None.

    Who reads all, and the own department, read the last submission; others what the latest issue printed.
    """
    if user.may("report.read_all") or {report.department_id, report.duty_of_id} & user.departments:
        return report.submission
    return report.issued if report.period.first_finalised_at else None


def sentence_of(text: dict) -> str:
    """One submitted text as the progress sentence a list prints."""
    if text["kind"] == MonthKind.NO_CHANGE:
        return f"无新进展（{text['no_change_reason']}）" if text["no_change_reason"] else "无新进展"
    return text["progress_text"]


def joined(parts: Iterable[tuple[str, str]]) -> str:
    """(department, sentence) pairs in file order as one text; a single one stands alone."""
    parts = [(name, sentence) for name, sentence in parts if sentence]
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(f"{name}：{sentence}" for name, sentence in parts)


def may_read_adopted(period: ReportingPeriod, *, user) -> bool:
    """Adopted texts are the office's until the month is issued."""
    return user.may("report.read_all") or period.first_finalised_at is not None


def item_progress(period: ReportingPeriod, adopted: str, reports: Iterable[ProgressReport], *, user) -> str:
    """What a list shows of an item's month: the adopted text, else the accepted parts that `user` may read."""
    if adopted and may_read_adopted(period, user=user):
        return adopted
    accepted = [report for report in reports if report.state == ReportState.ACCEPTED]
    readable = [(report.department.name, readable_submission(report, user=user)) for report in accepted]
    return joined((name, sentence_of(submission.text)) for name, submission in readable if submission)
