"""One month (or quarter) of a plan: what was asked, what was filed, how it was judged."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from calendars import clock
from counties.models import County
from departments.models import Department
from files.models import StoredFile
from tasks.choices import (
    DECISIONS,
    AssignmentRole,
    CoordinationState,
    EventVerb,
    Light,
    MonthKind,
    NoteState,
    PeriodKind,
    PeriodState,
    ReportField,
    ReportState,
)
from tasks.models.plan import Assignment, Plan, PlanSettings, WorkItem, WorkItemRevision
from tasks.querysets.cycle import (
    AssessmentQuerySet,
    CoordinationRequestQuerySet,
    CountyNoteQuerySet,
    ProgressReportQuerySet,
    ReportEventQuerySet,
    ReportingPeriodQuerySet,
)


class ReportingPeriod(models.Model):
    """A month or quarter in which departments report.

    `due_at` (截止) ends punctual filing, `finalised_at` (定稿) ends filing. `revision` counts issues: 1 after the
    first. A period opened after its own due date is a backfill (补录): nobody is late in it.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods")
    kind = models.CharField("类型", max_length=10, choices=PeriodKind, default=PeriodKind.MONTH)
    start = models.DateField("起始日")
    covers_from = models.DateField("涵盖自")
    covers_to = models.DateField("涵盖至")
    due_at = models.DateTimeField("截止时间", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=PeriodState, default=PeriodState.PLANNED)
    is_backfill = models.BooleanField("补录", default=False)
    skip_reason = models.CharField("未调度原因", max_length=200, blank=True)
    settings = models.ForeignKey(PlanSettings, models.PROTECT, null=True, related_name="periods")
    opened_at = models.DateTimeField("开启时间", null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    first_finalised_at = models.DateTimeField("首次定稿时间", null=True, blank=True)
    finalised_at = models.DateTimeField("定稿时间", null=True, blank=True)
    revision = models.PositiveIntegerField("版次", default=0)
    revision_reason = models.CharField("修订原因", max_length=300, blank=True)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调度周期"
        ordering = ("plan", "start")
        constraints = (
            models.UniqueConstraint(fields=("plan", "kind", "start"), name="period_unique"),
            models.CheckConstraint(condition=Q(covers_to__gte=F("covers_from")), name="period_covers_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "skipped")) | Q(due_at__isnull=False, settings__isnull=False),
                name="open_period_has_due_and_settings",
            ),
            models.CheckConstraint(condition=~Q(state="skipped") | ~Q(skip_reason=""), name="skipped_period_says_why"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """2024年10月; other kinds by their months, 2024年10–12月."""
        if self.kind == PeriodKind.MONTH:
            return f"{self.start.year}年{self.start.month}月"
        return f"{self.start.year}年{self.covers_from.month}–{self.covers_to.month}月"

    @property
    def key(self) -> str:
        return f"{self.start:%Y-%m}"

    @property
    def contact(self) -> str:
        """Whom departments may ask, as the settings of the period say."""
        return self.settings.contact if self.settings else ""

    @property
    def is_moving(self) -> bool:
        return self.state in (PeriodState.OPEN, PeriodState.REVISING)


class ProgressReport(models.Model):
    """What one department owes and files for one item in one period.

    Created for every required assignment when the period opens, so that "missing" is a row. The text columns hold
    the department's working copy; `submission` is the event with the text last handed in, which is all the office
    reads; `issued` is the submission printed in the latest issue, which is all other departments read.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="reports")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="reports")
    item_revision = models.ForeignKey(WorkItemRevision, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="reports", verbose_name="单位")
    duty_of = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="现责任单位")
    role = models.CharField("分工", max_length=12, choices=AssignmentRole)
    required = models.BooleanField("应报", default=True)
    state = models.CharField("报送状态", max_length=10, choices=ReportState, default=ReportState.AWAITING)
    version = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField("截止时间")
    return_due_at = models.DateTimeField("重报限时", null=True, blank=True)

    kind = models.CharField("本月情况", max_length=10, choices=MonthKind, blank=True)
    progress_text = models.TextField("进展情况", max_length=500, blank=True)
    problems = models.TextField("存在问题", max_length=500, blank=True)
    coordination = models.TextField("需省级协调", max_length=300, blank=True)
    next_step = models.TextField("下一步打算", max_length=500, blank=True)
    no_change_reason = models.TextField("无新进展原因", max_length=200, blank=True)
    self_light = models.CharField("自评灯", max_length=15, choices=Light, blank=True)
    approver = models.CharField("本单位审签人", max_length=40, blank=True)
    approved_on = models.DateField("审签日期", null=True, blank=True)

    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField("最近保存", null=True, blank=True)
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人")
    on_behalf = models.BooleanField("代填", default=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    return_reason = models.CharField("退回理由", max_length=400, blank=True)
    return_field = models.CharField("退回所指", max_length=20, choices=ReportField, blank=True)
    return_count = models.PositiveSmallIntegerField("退回次数", default=0)
    submission = models.ForeignKey("ReportEvent", models.PROTECT, null=True, blank=True, related_name="+")
    issued = models.ForeignKey("ReportEvent", models.PROTECT, null=True, blank=True, related_name="+")
    named_in_revision = models.PositiveIntegerField("列入修订", null=True, blank=True)
    state_before_revision = models.CharField(max_length=10, choices=ReportState, blank=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进展报送"
        ordering = ("period", "item__position", "assignment__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("assignment", "period"), name="report_once_per_assignment_and_period"),
            models.CheckConstraint(
                condition=~Q(state__in=("submitted", "accepted")) | Q(submission__isnull=False),
                name="filed_report_has_its_text",
            ),
            models.CheckConstraint(condition=~Q(state="lapsed") | Q(required=True), name="only_required_reports_lapse"),
        )
        indexes = (
            models.Index(fields=("period", "state"), name="report_by_period_state"),
            models.Index(fields=("item", "period"), name="report_by_item_period"),
            models.Index(fields=("duty_of", "state"), name="report_by_duty_state"),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.item} {self.department}"

    @property
    def submitted_text(self) -> dict:
        """The text last handed in; empty when nothing ever was."""
        return (self.submission.text if self.submission else None) or {}


class ReportEvent(models.Model):
    """报送记录: what happened to a report, append-only.

    `text` is the text as submitted, `version` the report's version after the event.
    """

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="events")
    verb = models.CharField("动作", max_length=12, choices=EventVerb)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    on_behalf = models.BooleanField("代填", default=False)
    version = models.PositiveIntegerField(default=0)
    text = models.JSONField("提交内容", null=True, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    field = models.CharField("所指栏目", max_length=20, choices=ReportField, blank=True)
    due_at = models.DateTimeField("限时", null=True, blank=True)
    channel = models.CharField("方式", max_length=20, blank=True)
    batch = models.UUIDField(null=True, blank=True)
    undone_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="undoes")

    objects = ReportEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报送记录"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("report", "verb"), name="event_by_report_verb"),
            models.Index(fields=("batch",), name="event_of_batch", condition=Q(batch__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d}"

    @property
    def is_decision(self) -> bool:
        return self.verb in DECISIONS


class ReportAttachment(models.Model):
    """A file beside a report. `submission` is set when it was handed in: from then on it stays with that text."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    submission = models.ForeignKey(ReportEvent, models.PROTECT, null=True, blank=True, related_name="attachments")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报送附件"
        constraints = (models.UniqueConstraint(fields=("report", "file"), name="attachment_once_per_report"),)

    def __str__(self) -> str:
        return str(self.file)


class Assessment(models.Model):
    """认定: how an item stands in a period. The three lights are kept apart; `adopted_text` is the office's wording."""

    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="assessments")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="assessments")
    self_light = models.CharField("自评", max_length=15, choices=Light, blank=True)
    computed_light = models.CharField("测算", max_length=15, choices=Light, blank=True)
    confirmed_light = models.CharField("认定", max_length=15, choices=Light, default=Light.UNASSESSED)
    reason = models.CharField("认定理由", max_length=200, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("认定时间", null=True, blank=True)
    adopted_text = models.TextField("采用稿", max_length=2000, blank=True)
    adopted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    adopted_at = models.DateTimeField("采用稿时间", null=True, blank=True)
    named_in_revision = models.PositiveIntegerField("列入修订", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "认定"
        ordering = ("period", "item__position")
        constraints = (models.UniqueConstraint(fields=("item", "period"), name="assessment_once_per_item_and_period"),)

    def __str__(self) -> str:
        return f"{self.period} {self.item} {self.get_confirmed_light_display()}"


class CoordinationRequest(models.Model):
    """需省级协调: what a department asks the province to settle. Stands on the leader's page until closed."""

    report = models.OneToOneField(ProgressReport, models.PROTECT, related_name="coordination_request")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="coordination_requests")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="coordination_requests")
    department = models.ForeignKey(Department, models.PROTECT, related_name="coordination_requests")
    text = models.TextField("请求事项", max_length=300)
    state = models.CharField("状态", max_length=10, choices=CoordinationState, default=CoordinationState.RAISED)
    raised_at = models.DateTimeField("提出时间", default=clock.now)
    assigned_to = models.CharField("交办单位", max_length=120, blank=True)
    answer = models.TextField("答复", max_length=500, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField("办理时间", null=True, blank=True)

    objects = CoordinationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需省级协调事项"
        ordering = ("-raised_at", "-pk")

    def __str__(self) -> str:
        return self.text[:30]


class CountyNote(models.Model):
    """情况反映: what a county tells the office."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="county_notes")
    county = models.ForeignKey(County, models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField("情况", max_length=1000)
    state = models.CharField("状态", max_length=10, choices=NoteState, default=NoteState.OPEN)
    answer = models.TextField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("反映时间", default=clock.now)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = CountyNoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "情况反映"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.text[:30]


def text_of(report: ProgressReport) -> dict:
    """The working copy as the JSON a submission keeps; dates are ISO text."""
    return {
        "kind": report.kind,
        "progress_text": report.progress_text,
        "problems": report.problems,
        "coordination": report.coordination,
        "next_step": report.next_step,
        "no_change_reason": report.no_change_reason,
        "self_light": report.self_light,
        "approver": report.approver,
        "approved_on": report.approved_on.isoformat() if report.approved_on else None,
    }
