"""What the document says must be done, and who answers for it."""

from __future__ import annotations

from datetime import date, time

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from calendars import clock
from counties.models import County
from departments.models import Department
from tasks.choices import AssignmentRole, CountyScope, PeriodKind, PlanKind, PlanState
from tasks.models.source import SourceDocument
from tasks.querysets.plan import AssignmentQuerySet, PlanPostQuerySet, PlanQuerySet, WorkItemQuerySet


class Plan(models.Model):
    """One official document as a tracked plan. `content_version` rises with every change its pages show."""

    title = models.CharField("名称", max_length=200)
    kind = models.CharField("类型", max_length=30, choices=PlanKind, default=PlanKind.WORK_POINTS)
    state = models.CharField("状态", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    issuer = models.CharField("发文机关", max_length=120)
    number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("成文日期")
    starts_on = models.DateField("实施自")
    ends_on = models.DateField("实施至")
    first_period = models.DateField("首次调度月", help_text="首个应报月份的第一天")
    content_version = models.PositiveBigIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作计划"
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_dates_in_order"),
            models.CheckConstraint(condition=Q(first_period__lte=F("ends_on")), name="plan_first_period_before_end"),
        )

    def __str__(self) -> str:
        return self.title


def default_required_roles() -> list[str]:
    return [AssignmentRole.LEAD, AssignmentRole.SHARED, AssignmentRole.RESPONSIBLE]


def default_reminder_rungs() -> list[int]:
    return [-3, 0, 1]


class PlanSettings(models.Model):
    """Business settings of a plan, one row a version: a period keeps the version it was opened with."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="settings")
    version = models.PositiveIntegerField(default=1)
    due_day = models.PositiveSmallIntegerField("截止日", default=25, help_text="每月几日；遇节假日顺延到下一个工作日")
    due_time = models.TimeField("截止时间", default=time(18))
    behind_gap = models.DecimalField("滞后（百分点）", max_digits=5, decimal_places=2, default=10)
    far_behind_gap = models.DecimalField("严重滞后（百分点）", max_digits=5, decimal_places=2, default=30)
    reminder_rungs = models.JSONField("提醒节点", default=default_reminder_rungs, help_text="相对截止日的工作日数")
    required_roles = models.JSONField("必须报送的分工", default=default_required_roles)
    report_title = models.CharField("月报名称", max_length=80, default="重点帮扶县工作重点进展月报")
    office_name = models.CharField("编制单位", max_length=80, default="安徽省农业农村厅帮扶处")
    contact = models.CharField("联系人及电话", max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "计划设置"
        ordering = ("plan", "-version")
        constraints = (
            models.UniqueConstraint(fields=("plan", "version"), name="plan_settings_version_unique"),
            models.CheckConstraint(condition=Q(due_day__range=(1, 31)), name="plan_settings_due_day"),
            models.CheckConstraint(condition=Q(far_behind_gap__gt=F("behind_gap")), name="plan_settings_gaps_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.plan} 设置第{self.version}版"


class Section(models.Model):
    """A heading of the document (板块), possibly inside another."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    number = models.CharField("序号", max_length=20, blank=True)
    title = models.CharField("标题", max_length=200)
    position = models.PositiveIntegerField("位置")

    class Meta:
        verbose_name = verbose_name_plural = "板块"
        ordering = ("plan", "position")
        constraints = (models.UniqueConstraint(fields=("plan", "position"), name="section_position_unique"),)

    def __str__(self) -> str:
        return f"{self.number}、{self.title}" if self.number else self.title


class WorkItem(models.Model):
    """A numbered piece of work. `number` is text: documents start again in each section."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField("位置")
    number = models.CharField("序号", max_length=20)
    open_units = models.CharField("未具名单位", max_length=300, blank=True, help_text="原文写法，如“等有关部门”")
    county_scope = models.CharField("涉及县", max_length=10, choices=CountyScope, default=CountyScope.ALL)
    counties = models.ManyToManyField(County, through="ItemCounty", related_name="work_items")
    revision = models.ForeignKey("WorkItemRevision", models.PROTECT, null=True, related_name="+", editable=False)
    coordinator = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="coordinated_items", verbose_name="综合单位"
    )
    coordinator_reason = models.CharField("指定理由", max_length=200, blank=True)
    coordinator_set_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    coordinator_set_at = models.DateTimeField(null=True, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作事项"
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(fields=("plan", "position"), name="item_position_unique"),
            models.CheckConstraint(
                condition=Q(coordinator=None) | (~Q(coordinator_reason="") & Q(coordinator_set_at__isnull=False)),
                name="coordinator_is_a_recorded_decision",
            ),
        )

    def __str__(self) -> str:
        return f"第{self.number}项"


class WorkItemRevision(models.Model):
    """A wording of an item. Reports point at the wording they were asked with, so old months keep theirs.

    `text` is verbatim, from `span_start` to `span_end` (exclusive) of the source's text when it was imported.
    """

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField(default=1)
    title = models.CharField("事项名称", max_length=60)
    summary = models.CharField("概述", max_length=300, blank=True)
    text = models.TextField("原文", blank=True, help_text="文件导入后逐字保留")
    source = models.ForeignKey(
        SourceDocument, models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name="原文文件"
    )
    span_start = models.PositiveIntegerField("起", null=True, blank=True)
    span_end = models.PositiveIntegerField("止", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "事项文本版本"
        ordering = ("item", "-version")
        constraints = (
            models.UniqueConstraint(fields=("item", "version"), name="item_revision_unique"),
            models.CheckConstraint(
                condition=Q(source=None, span_start=None, span_end=None)
                | Q(source__isnull=False, span_start__isnull=False, span_end__gt=F("span_start")),
                name="item_revision_source_has_span",
            ),
        )

    def __str__(self) -> str:
        return self.title


class ItemCounty(models.Model):
    """A county an item lists by name (county scope `listed`)."""

    item = models.ForeignKey(WorkItem, models.CASCADE)
    county = models.ForeignKey(County, models.PROTECT)

    class Meta:
        verbose_name = verbose_name_plural = "事项涉及县"
        constraints = (models.UniqueConstraint(fields=("item", "county"), name="item_county_unique"),)

    def __str__(self) -> str:
        return f"{self.item} {self.county}"


class Assignment(models.Model):
    """A department's duty in an item (or in the sub-point `scope` of it).

    `required` overrides what the plan's settings say of the role; empty follows them.
    `closed_from` is the first day of the first period that no longer asks for it.
    """

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, related_name="assignments")
    scope = models.CharField("所涉部分", max_length=120, blank=True)
    role = models.CharField("分工", max_length=12, choices=AssignmentRole)
    required = models.BooleanField("是否必报", null=True, blank=True)
    name_as_written = models.CharField("原文写法", max_length=120, blank=True)
    division = models.CharField("处室", max_length=60, blank=True)
    position = models.PositiveIntegerField("文件顺序", default=0)
    cadence = models.CharField("频次", max_length=10, choices=PeriodKind, default=PeriodKind.MONTH)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    closed_from = models.DateField("办结后不再报送自", null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任分工"
        ordering = ("item", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "department", "scope"), condition=Q(valid_to=None), name="assignment_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="assignment_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.department}（{self.get_role_display()}）"

    def is_required(self, plan_settings: PlanSettings) -> bool:
        return self.role in plan_settings.required_roles if self.required is None else self.required


class PlanPost(models.Model):
    """计划联络员: whom one plan addresses in a department, in place of its ordinary liaison."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="posts")
    department = models.ForeignKey(Department, models.PROTECT, related_name="plan_posts")
    user = models.ForeignKey(User, models.PROTECT, related_name="plan_posts")
    valid_from = models.DateField("自", default=clock.today)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = PlanPostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划联络员"
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "department"), condition=Q(valid_to=None), name="plan_post_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="plan_post_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.user}"

    def holds_on(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
