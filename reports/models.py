"""What was printed of a month: the frozen facts, and the files laid out from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from calendars import clock
from reports.choices import REASON_LENGTH, SIGNER_LENGTH, FileFormat, RenderState, ReportKind
from reports.querysets import MonthlyReportQuerySet
from tasks.models import Plan, ReportingPeriod


class MonthlyReport(models.Model):
    """One edition of a month's report: the preview, a numbered 送审稿, or an issue (v1, v2 …).

    `snapshot` holds every fact its files print; they are laid out from it alone and never from today's rows.
    `changes` says what an issue changed against the one before.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="monthly_reports")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="monthly_reports")
    kind = models.CharField("类型", max_length=10, choices=ReportKind)
    number = models.PositiveIntegerField("编号", default=0)
    state = models.CharField("状态", max_length=10, choices=RenderState, default=RenderState.RENDERING)
    failed_step = models.CharField("未完成的步骤", max_length=20, blank=True)
    failed_reason = models.CharField("未完成的原因", max_length=300, blank=True)
    schema_version = models.PositiveSmallIntegerField("结构版本")
    snapshot = models.JSONField("数据快照")
    changes = models.JSONField("变化", default=list, blank=True)
    reason = models.CharField("原因", max_length=REASON_LENGTH, blank=True)
    signer = models.CharField("签发人", max_length=SIGNER_LENGTH, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="编制人")
    created_at = models.DateTimeField("生成时间", default=clock.now)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月报"
        ordering = ("period", "pk")
        constraints = (
            models.UniqueConstraint(fields=("period", "kind", "number"), name="monthly_report_number_unique"),
            models.CheckConstraint(condition=Q(kind="preview", number=0) | Q(~Q(kind="preview"), number__gte=1),
                                   name="monthly_report_numbered"),
            models.CheckConstraint(condition=~Q(kind="issued") | (~Q(signer="") & Q(signed_on__isnull=False)),
                                   name="issued_report_is_signed"),
            models.CheckConstraint(condition=~Q(state="ready") | Q(finished_at__isnull=False),
                                   name="ready_report_has_time"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.period.label}月报{self.label}"

    @property
    def label(self) -> str:
        """预览, 送审稿第2稿, v1."""
        return edition_label(self.kind, self.number)

    @property
    def is_ready(self) -> bool:
        return self.state == RenderState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == RenderState.FAILED

    @property
    def workbook(self) -> IssuedFile | None:
        """The workbook's row; its bytes are read only when asked for."""
        return next((file for file in self.files.all() if file.format == FileFormat.XLSX), None)


def edition_label(kind: str, number: int) -> str:
    if kind == ReportKind.ISSUED:
        return f"v{number}"
    return f"送审稿第{number}稿" if kind == ReportKind.DRAFT else "预览"


class IssuedFile(models.Model):
    """A file of a monthly report, in the database so that it is in every backup. Written once, never changed."""

    report = models.ForeignKey(MonthlyReport, models.CASCADE, related_name="files")
    format = models.CharField("格式", max_length=10, choices=FileFormat)
    name = models.CharField("文件名", max_length=200)
    content = models.BinaryField("内容")
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "月报文件"
        constraints = (models.UniqueConstraint(fields=("report", "format"), name="one_file_per_format"),)

    def __str__(self) -> str:
        return self.name

    @property
    def check_code(self) -> str:
        """校验码: the first eight characters of the SHA-256, as printed beside a version."""
        return self.sha256[:8].upper()
