"""What the filing pages share: fetching a report, the text beside it, the answer to a version that is out of date."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from calendars import clock
from tasks.deadlines import deadline_of
from tasks.filing_text import Beside, earlier_texts, is_own, last_month, with_earlier
from tasks.models import ProgressReport, ReportEvent
from tasks.views.posted import whole_number
from tasks.wording import near_moment

NOWHERE = -1  # no report has this version: what came without one is out of date


def rows():
    """Reports with everything a filing page shows, in one query."""
    related = ("plan", "period__settings", "duty_of", "edited_by", "submission__by")
    return with_earlier(ProgressReport.objects.for_table().select_related(*related))


def openable(request: HttpRequest, pk: int) -> ProgressReport:
    """A report whose page this user may open; else 404, as for one that does not exist."""
    return get_object_or_404(rows().openable_by(request.user), pk=pk)


def fillable(request: HttpRequest, pk: int) -> ProgressReport:
    return get_object_or_404(rows().fillable_by(request.user), pk=pk)


def earlier_of(report: ProgressReport) -> ReportEvent | None:
    return earlier_texts([report]).get(report.pk)


def beside(report: ProgressReport) -> Beside | None:
    return last_month(report, earlier_of(report))


def posted_version(request: HttpRequest) -> int:
    version = whole_number(request.POST.get("version"))
    return NOWHERE if version is None else version


def about(report: ProgressReport, request: HttpRequest) -> dict:
    """Template context of every page on one report."""
    return {
        "report": report,
        "own": is_own(report, request.user),
        "deadline": deadline_of(report, now=clock.now()),
        "on_behalf": not is_own(report, request.user),
    }


def last_edit(report: ProgressReport) -> str:
    """张三在今天 14:30改过: who was faster, for the messages of a conflict."""
    if report.edited_by is None:
        return "这一条刚被改过"
    when = near_moment(report.edited_at, today=clock.today())
    return f"{report.edited_by}在{when}改过这一条"


def moved_words(report: ProgressReport) -> str:
    """What happened to a report that can no longer be written."""
    if not report.period.is_moving:
        return f"{report.period.label}已定稿，不能再改。如需更正，请联系省厅。"
    if report.submission and report.submission.by:
        when = near_moment(report.submission.at, today=clock.today())
        return f"{report.submission.by}在{when}提交了这一条，现在是“{report.get_state_display()}”，不能再改。"
    return f"这一条现在是“{report.get_state_display()}”，不能再改。"
