"""The pieces of a draft: each points at its place in the source's text (code points, the end exclusive)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from counties.models import County
from departments.models import Department
from imports.choices import Change, ItemState, MatchedBy, OpenUnitsDecision
from imports.models.document import DocumentImport
from imports.querysets import ImportItemQuerySet, OfficeQuerySet
from tasks.choices import AssignmentRole, CountyScope, ProposalKind
from tasks.models import WorkItem


class Evidence(models.Model):
    """A stretch of the source's text and the rule that found it; none for what a person added."""

    start = models.PositiveIntegerField("起", null=True, blank=True)
    end = models.PositiveIntegerField("止", null=True, blank=True)
    rule = models.CharField("识别规则", max_length=80, blank=True)

    class Meta:
        abstract = True


class ImportSection(models.Model):
    """A heading of the document; `path` joins the numbers from the top, as in 三/(二)."""

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120)
    number = models.CharField("序号", max_length=20, blank=True)
    title = models.CharField("标题", max_length=200)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入板块"
        ordering = ("document", "start", "pk")

    def __str__(self) -> str:
        return f"{self.number}、{self.title}" if self.number else self.title


class ImportItem(models.Model):
    """A work item as proposed; in document order by `start`. Its text is the source from `start` to `end`, verbatim.

    `version` guards the item with its units, doubts and proposals. In a second import `matched` is the item of the
    plan it stands for and `change` what it means for it.
    """

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="items")
    section = models.ForeignKey(ImportSection, models.PROTECT, null=True, blank=True, related_name="items")
    number = models.CharField("序号", max_length=20)
    title = models.CharField("事项名称", max_length=60)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    state = models.CharField("核对状态", max_length=10, choices=ItemState, default=ItemState.CHECK)
    optional = models.BooleanField("有则报", default=False)
    county_scope = models.CharField("涉及县", max_length=10, choices=CountyScope, default=CountyScope.NONE)
    counties = models.ManyToManyField(County, blank=True, related_name="+", verbose_name="所列县")
    open_units = models.CharField("未具名单位", max_length=300, blank=True)
    open_units_decision = models.CharField("未具名单位的处理", max_length=10, choices=OpenUnitsDecision, blank=True)
    coordinator = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="综合单位"
    )
    coordinator_reason = models.CharField("指定理由", max_length=200, blank=True)
    origin = models.CharField("来历", max_length=120, blank=True, help_text="合并或拆分的说明")
    matched = models.ForeignKey(
        WorkItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应的原有事项"
    )
    change = models.CharField("变化", max_length=10, choices=Change, default=Change.ADDED)
    version = models.PositiveIntegerField(default=0)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人")
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)

    objects = ImportItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入事项"
        ordering = ("document", "start", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="import_item_span_in_order"),
            models.CheckConstraint(
                condition=Q(coordinator=None) | ~Q(coordinator_reason=""), name="import_coordinator_has_reason"
            ),
            models.UniqueConstraint(
                fields=("document", "matched"), condition=Q(matched__isnull=False), name="import_item_matched_once"
            ),
        )

    def __str__(self) -> str:
        return f"第{self.number}项"

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def is_kept(self) -> bool:
        return self.state != ItemState.EXCLUDED

    @property
    def has_no_lead(self) -> bool:
        """Whether several units share it and none leads: the office may name a coordinating one."""
        units = self.units.all()
        return len(units) > 1 and all(unit.role != AssignmentRole.LEAD for unit in units)


class ImportUnit(Evidence):
    """A named unit of an item. `candidates` lists keys of departments offered when none was found for sure."""

    item = models.ForeignKey(ImportItem, models.CASCADE, related_name="units")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField("原文写法", max_length=120)
    full_name = models.CharField("补全的名称", max_length=120, blank=True)
    role = models.CharField("分工", max_length=12, choices=AssignmentRole)
    scope = models.CharField("所涉部分", max_length=120, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应单位"
    )
    matched_by = models.CharField("匹配方式", max_length=10, choices=MatchedBy, blank=True)
    candidates = models.JSONField(default=list, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入责任单位"
        ordering = ("item", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(department=None, matched_by="") | (Q(department__isnull=False) & ~Q(matched_by="")),
                name="import_unit_says_how_matched",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ImportDoubt(Evidence):
    """What a person should look at, with the reason; of the whole document when it has no item."""

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="doubts")
    item = models.ForeignKey(ImportItem, models.CASCADE, null=True, blank=True, related_name="doubts")
    unit = models.ForeignKey(ImportUnit, models.CASCADE, null=True, blank=True, related_name="doubts")
    code = models.CharField(max_length=40)
    reason = models.CharField("原因", max_length=300)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人")
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入疑点"
        ordering = ("document", "start", "pk")

    def __str__(self) -> str:
        return self.reason

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


class ImportProposal(Evidence):
    """A deadline or a target as read; kept on the item when `accepted` is True. Without an item: of the document."""

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="proposals")
    item = models.ForeignKey(ImportItem, models.CASCADE, null=True, blank=True, related_name="proposals")
    kind = models.CharField("类型", max_length=10, choices=ProposalKind)
    text = models.TextField("原文")
    content = models.JSONField("内容")
    accepted = models.BooleanField("采纳", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入时限与目标"
        ordering = ("document", "start", "pk")

    def __str__(self) -> str:
        return self.text[:40]


class ImportCounty(Evidence):
    """A county named in the document's list. `settled` when the reviewer has seen that the register lacks it."""

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="counties_found")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField("原文写法", max_length=60)
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应县")
    settled = models.BooleanField("已核对", default=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入县区"
        ordering = ("document", "position", "pk")

    def __str__(self) -> str:
        return self.name


class ImportRemoval(models.Model):
    """An item of the plan that the document imported into it no longer has (删除).

    Its duties end only when a person says so.
    """

    document = models.ForeignKey(DocumentImport, models.CASCADE, related_name="removals")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="+", verbose_name="原有事项")
    end_duties = models.BooleanField("结束责任分工", default=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文件中已删除的事项"
        ordering = ("document", "item__position")
        constraints = (models.UniqueConstraint(fields=("document", "item"), name="import_removal_once"),)

    def __str__(self) -> str:
        return str(self.item)
