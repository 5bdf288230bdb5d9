"""The document a plan was made from, kept so that every item can be quoted to the sentence."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from calendars import clock
from tasks.choices import ProposalKind
from tasks.querysets.source import ProposalQuerySet, SourceDocumentQuerySet


class SourceDocument(models.Model):
    """原文: the bytes as they came in, and the text that was decoded from them.

    Spans of revisions and proposals count code points of `text`, which never changes once it is set.
    """

    name = models.CharField("文件名", max_length=200)
    format = models.CharField("格式", max_length=10, blank=True)
    content = models.BinaryField("内容")
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    text = models.TextField("解码后的文字", blank=True)
    created_at = models.DateTimeField("上传时间", default=clock.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "原文"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """A deadline or a quantified target that the document states and a person accepted; not yet an indicator.

    `content` holds what was read: for a deadline `date` or `recurrence`, for a target `metric`, `comparator`,
    `value`, `unit`, `date`, `of`, `relative_to`. Without an item it holds for the whole plan.
    """

    plan = models.ForeignKey("tasks.Plan", models.CASCADE, related_name="proposals")
    item = models.ForeignKey("tasks.WorkItem", models.CASCADE, null=True, blank=True, related_name="proposals")
    kind = models.CharField("类型", max_length=10, choices=ProposalKind)
    text = models.TextField("原文")
    content = models.JSONField("内容")
    rule = models.CharField("识别规则", max_length=80, blank=True)
    source = models.ForeignKey(SourceDocument, models.PROTECT, related_name="proposals", verbose_name="原文文件")
    span_start = models.PositiveIntegerField("起")
    span_end = models.PositiveIntegerField("止")
    accepted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="采纳人")
    accepted_at = models.DateTimeField("采纳时间", default=clock.now)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "时限与目标（待设指标）"
        ordering = ("plan", "item__position", "span_start", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(span_end__gt=F("span_start")), name="proposal_span_in_order"),
        )

    def __str__(self) -> str:
        return self.text[:40]
