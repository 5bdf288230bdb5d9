"""A document on its way to a plan, and the steps taken in its review."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from calendars import clock
from imports.choices import UNREAD, ImportState, Verb
from imports.querysets import DocumentImportQuerySet, ImportStepQuerySet
from tasks.choices import PlanKind
from tasks.models import Plan, SourceDocument


class DocumentImport(models.Model):
    """导入: one document under review.

    `plan` is the plan imported into, empty for a new one; `made_plan` the plan that came of it. The facts of the plan
    are empty until the document or a person says them. `version` guards the columns of this row, `steps_taken` counts
    every change of the whole review (it only rises, also when a step is undone).
    """

    source = models.ForeignKey(SourceDocument, models.PROTECT, related_name="imports", verbose_name="原文")
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name="导入到")
    made_plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="形成的计划"
    )
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal = models.CharField("不能导入的原因", max_length=500, blank=True)

    title = models.CharField("名称", max_length=200, blank=True)
    kind = models.CharField("类型", max_length=30, choices=PlanKind, blank=True)
    issuer = models.CharField("发文机关", max_length=120, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    starts_on = models.DateField("实施自", null=True, blank=True)
    ends_on = models.DateField("实施至", null=True, blank=True)
    first_period = models.DateField("首次调度月", null=True, blank=True)
    evidence = models.JSONField(
        "计划信息的出处", default=dict, blank=True, help_text="栏目名 → {text, start, end, rule}"
    )

    version = models.PositiveIntegerField(default=0)
    steps_taken = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间", default=clock.now)
    read_at = models.DateTimeField("读取完成时间", null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects = DocumentImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文件导入"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="refused_import_says_why"),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(made_plan__isnull=False, published_at__isnull=False, published_by__isnull=False),
                name="published_import_has_plan",
            ),
        )
        indexes = (models.Index(fields=("state", "-id"), name="imports_by_state"),)

    def __str__(self) -> str:
        return self.title or self.source.name

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def checkers(self) -> models.QuerySet:
        """Who looked at its items."""
        return User.objects.filter(pk__in=self.items.exclude(checked_by=None).values("checked_by")).order_by("pk")

    @property
    def is_unread(self) -> bool:
        return self.state in UNREAD

    @property
    def in_review(self) -> bool:
        return self.state == ImportState.REVIEW

    @property
    def into_existing(self) -> bool:
        return self.plan_id is not None


class ImportStep(models.Model):
    """One step of a review and what it changed, so that the last ones can be taken back.

    `before` holds the rows as they stood (Django's serialised form), `made` the keys of items the step created.
    """

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField("序号")
    verb = models.CharField("动作", max_length=20, choices=Verb)
    detail = models.CharField("对象", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间", default=clock.now)
    before = models.JSONField(default=list)
    items = models.JSONField(default=list)
    made = models.JSONField(default=list)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销人")

    objects = ImportStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核对步骤"
        ordering = ("document", "number")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="import_step_number_unique"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="import_step_undone_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.detail}".strip()
