"""Who writes and reads a department's working text, which earlier text stands beside it, and how both are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from tasks import diff
from tasks.choices import OWING, Light, MonthKind, PeriodState, ReportState
from tasks.models import ProgressReport, ReportAttachment, ReportEvent
from tasks.models.cycle import text_of

ASKED = {
    MonthKind.PROGRESS: ("progress_text", "problems", "coordination", "next_step", "self_light", "approver"),
    MonthKind.NO_CHANGE: ("no_change_reason", "approver"),
    MonthKind.COMPLETED: ("progress_text", "problems", "coordination", "next_step", "approver"),
}
LABELS = {
    "kind": "本月情况",
    "progress_text": "进展情况",
    "problems": "存在问题",
    "coordination": "需省级协调",
    "next_step": "下一步打算",
    "no_change_reason": "无新进展原因",
    "self_light": "自评灯",
    "approver": "审签",
}
# Compared word by word; of the others it is enough to see both values.
PROSE = ("progress_text", "problems", "coordination", "next_step")
# What a person has to answer, for 「已填3/5」.
COUNTED = ("kind", "progress_text", "next_step", "self_light", "approver")


def is_own(report: ProgressReport, user: User) -> bool:
    return bool({report.department_id, report.duty_of_id} & user.departments)


def may_move(report: ProgressReport) -> bool:
    """Whether the report still waits for its department and its period lets it move. Needs `period`."""
    period = report.period
    named = period.state != PeriodState.REVISING or report.named_in_revision == period.revision + 1
    return report.state in OWING and period.is_moving and named


def reads_working_text(report: ProgressReport, user: User) -> bool:
    """A draft's text is its department's alone. Staff who file for it read only what they typed themselves,
    or what was handed in word for word. Needs `submission`."""
    if is_own(report, user):
        return True
    if not user.may("report.file_for"):
        return False
    if report.edited_at is None or report.edited_by_id == user.pk:
        return True
    return report.submission is not None and text_of(report) == report.submission.text


def may_write(report: ProgressReport, user: User) -> bool:
    """Whether the form is open to `user` now. Staff never write over a text they may not read."""
    return may_move(report) and reads_working_text(report, user)


def shown_text(report: ProgressReport, user: User) -> dict | None:
    """The text a page shows: the department sees its working copy while it owes, everybody else what was handed in."""
    if report.edited_at and report.state in (*OWING, ReportState.LAPSED) and is_own(report, user):
        return text_of(report)
    return report.submission.text if report.submission else None


def readable_attachments(user: User) -> QuerySet[ReportAttachment]:
    """Files that `user` may open: who may read a text may open the files handed in with it.

    Before that they are their department's, or of who put them there for it.
    """
    reports = ProgressReport.objects
    mine = Q(report__in=reports.own_of(user)) | Q(file__uploaded_by_id=str(user.pk))
    if user.may("report.read_all"):
        handed_in = Q(submission__isnull=False)
    else:
        handed_in = Q(report__in=reports.visible_to(user), submission__lte=F("report__issued"))
    return ReportAttachment.objects.filter(mine | handed_in).select_related("file", "report")


def present_attachments(report: ProgressReport, user: User) -> QuerySet[ReportAttachment]:
    return readable_attachments(user).filter(report=report, removed_at=None).order_by("pk")


def earlier_submissions() -> QuerySet[ProgressReport]:
    """Reports of the duty named by the outer report, or of the one it took over, in earlier periods; newest first."""
    same = Q(assignment=OuterRef("assignment")) | Q(assignment=OuterRef("assignment__replaces"))
    before = ProgressReport.objects.filter(same, submission__isnull=False, period__start__lt=OuterRef("period__start"))
    return before.order_by("-period__start")


def with_earlier(reports: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """Annotate `earlier_event`: key of the submission that stands beside this month's text, if any."""
    return reports.annotate(earlier_event=Subquery(earlier_submissions().values("submission")[:1]))


def earlier_texts(reports: Iterable[ProgressReport]) -> dict[int, ReportEvent]:
    """The submissions that `with_earlier` found, by report key; one query."""
    keys = {report.pk: report.earlier_event for report in reports if report.earlier_event}
    events = ReportEvent.objects.select_related("report__period").in_bulk(keys.values())
    return {pk: events[event] for pk, event in keys.items()}


@dataclass(frozen=True)
class Beside:
    """A read-only text that stands beside the form: last month's, or what another person saved meanwhile."""

    title: str
    text: dict
    quote_label: str = "引用上月文字"

    @property
    def kind_words(self) -> str:
        return kind_words(self.text)

    @property
    def signed(self) -> str:
        return signed(self.text)


def last_month(report: ProgressReport, event: ReportEvent | None) -> Beside | None:
    """上月（9月，已通过，只读）; an older text says that it is not last month's."""
    if event is None:
        return None
    period, now = event.report.period, report.period
    gap = (now.start.year - period.start.year) * 12 + now.start.month - period.start.month
    name = "上月" if gap == 1 else "上次报送"
    return Beside(f"{name}（{period.start.month}月，{event.report.get_state_display()}，只读）", event.text)


def kind_words(text: dict) -> str:
    return MonthKind(text["kind"]).label if text.get("kind") else ""


def signed(text: dict) -> str:
    """李明远，2024-10-21"""
    return "，".join(part for part in (text.get("approver"), text.get("approved_on")) if part)


@dataclass(frozen=True)
class Line:
    """One field as a table shows it. `parts` and `earlier_parts` are (same|add|gone, text) pairs."""

    name: str
    label: str
    parts: list[tuple[str, str]]
    earlier: str = ""
    earlier_parts: list[tuple[str, str]] | None = None
    light: str = ""
    earlier_light: str = ""


def lines_of(text: dict, earlier: dict | None = None) -> list[Line]:
    """The fields this kind of month asks for; prose is marked against `earlier`, where there is one."""
    asked = ASKED.get(text.get("kind"), ASKED[MonthKind.PROGRESS])
    return [_line(name, text, earlier) for name in ("kind", *asked)]


def _line(name: str, text: dict, earlier: dict | None) -> Line:
    value, before = _words(name, text), _words(name, earlier) if earlier else ""
    if name == "self_light":
        lights = text.get(name) or "", (earlier or {}).get(name) or ""
        return Line(name, LABELS[name], [("same", value)], before, light=lights[0], earlier_light=lights[1])
    if name in PROSE and earlier and value:
        parts, earlier_parts = diff.marked(value, before)
        return Line(name, LABELS[name], parts, before, earlier_parts)
    return Line(name, LABELS[name], [("same", value)] if value else [], before)


def _words(name: str, text: dict) -> str:
    if name == "kind":
        return kind_words(text)
    if name == "approver":
        return signed(text)
    if name == "self_light":
        return Light(text[name]).label if text.get(name) else ""
    return text.get(name) or ""


def filled(report: ProgressReport) -> str:
    """已填3/5: how far the working copy is. Only for its own department."""
    if report.kind == MonthKind.NO_CHANGE:
        return "无新进展"
    done = sum(bool(getattr(report, name)) for name in COUNTED)
    return f"已填 {done}/{len(COUNTED)}"
