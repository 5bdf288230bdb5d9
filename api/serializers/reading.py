"""What a reader gets. Texts pass the functions that also decide for the pages."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from departments.models import Department
from tasks.choices import OWING, Light, MonthKind, ReportField, ReportState
from tasks.filing_text import is_own, reads_working_text
from tasks.lateness import days_late
from tasks.models import Assignment, Plan, ProgressReport, ReportEvent, ReportingPeriod, Section, WorkItem
from tasks.models.cycle import text_of
from tasks.texts import readable_submission


class DepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ("id", "name", "full_name")


class PlanSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plan
        fields = (
            "id", "title", "kind", "state", "issuer", "number", "issued_on", "starts_on", "ends_on", "first_period",
            "is_demo",
        )  # fmt: skip


class SectionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Section
        fields = ("id", "number", "title", "position")


class DutySerializer(serializers.ModelSerializer):
    department = DepartmentSerializer()

    class Meta:
        model = Assignment
        fields = ("id", "department", "role", "scope", "division", "cadence")


class ItemSerializer(serializers.ModelSerializer):
    section = SectionSerializer()
    title = serializers.CharField(source="revision.title")
    summary = serializers.CharField(source="revision.summary")
    text = serializers.CharField(source="revision.text", help_text="原文；文件导入前为空")
    coordinator = DepartmentSerializer(allow_null=True, help_text="综合单位")
    duties = DutySerializer(many=True, help_text="现行责任分工，按文件顺序")

    class Meta:
        model = WorkItem
        fields = (
            "id", "plan", "section", "number", "position", "title", "summary", "text", "open_units", "county_scope",
            "coordinator", "duties",
        )  # fmt: skip


class PeriodSerializer(serializers.ModelSerializer):
    key = serializers.CharField(help_text="如 2024-10")
    label = serializers.CharField(help_text="如 2024年10月")

    class Meta:
        model = ReportingPeriod
        fields = (
            "id", "plan", "kind", "key", "label", "start", "covers_from", "covers_to", "due_at", "state", "is_backfill",
            "skip_reason", "opened_at", "first_finalised_at", "finalised_at", "revision",
        )  # fmt: skip


class TextSerializer(serializers.Serializer):
    """A month's text, as a draft holds it or as it was handed in."""

    kind = serializers.ChoiceField(choices=MonthKind.choices, allow_blank=True)
    progress_text = serializers.CharField()
    problems = serializers.CharField()
    coordination = serializers.CharField()
    next_step = serializers.CharField()
    no_change_reason = serializers.CharField()
    self_light = serializers.ChoiceField(choices=Light.choices, allow_blank=True)
    approver = serializers.CharField()
    approved_on = serializers.DateField(allow_null=True)


class SubmissionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReportEvent
        fields = ("id", "at", "text")

    text = TextSerializer()


class ReturnSerializer(serializers.ModelSerializer):
    """Why and until when a report was sent back."""

    at = serializers.DateTimeField(source="returned_at")
    reason = serializers.CharField(source="return_reason")
    field = serializers.ChoiceField(source="return_field", choices=ReportField.choices, allow_blank=True)
    due_at = serializers.DateTimeField(source="return_due_at", allow_null=True)

    class Meta:
        model = ProgressReport
        fields = ("at", "reason", "field", "due_at")


class ReportSerializer(serializers.ModelSerializer):
    """Needs the reader as `user` in its context, and rows of `readable_reports`."""

    item_number = serializers.CharField(source="item.number")
    item_title = serializers.CharField(source="item_revision.title", help_text="本期开启时的事项名称")
    department = DepartmentSerializer()
    days_late = serializers.SerializerMethodField(help_text="补报天数，按日历日；按时或未报为 0")
    returned = serializers.SerializerMethodField(help_text="退回情况；仅本单位和省厅可见")
    draft = serializers.SerializerMethodField(help_text="正在填写的文字；仅填写的单位可见，提交后为 null")
    submission = serializers.SerializerMethodField(help_text="提交的文字；其他单位只见月报已刊载的")

    class Meta:
        model = ProgressReport
        fields = (
            "id", "plan", "period", "item", "item_number", "item_title", "department", "role", "required", "state",
            "version", "due_at", "submitted_at", "first_submitted_at", "days_late", "on_behalf", "returned", "draft",
            "submission",
        )  # fmt: skip

    def get_days_late(self, report) -> int:
        return days_late(report.due_at, report.first_submitted_at, is_backfill=report.period.is_backfill)

    @extend_schema_field(ReturnSerializer(allow_null=True))
    def get_returned(self, report):
        user = self.context["user"]
        if report.returned_at is None or not (is_own(report, user) or user.may("report.read_all")):
            return None
        return ReturnSerializer(report).data

    @extend_schema_field(TextSerializer(allow_null=True))
    def get_draft(self, report):
        if report.state not in (*OWING, ReportState.LAPSED) or not reads_working_text(report, self.context["user"]):
            return None
        return TextSerializer(text_of(report) | {"approved_on": report.approved_on}).data

    @extend_schema_field(SubmissionSerializer(allow_null=True))
    def get_submission(self, report):
        submission = readable_submission(report, user=self.context["user"])
        return SubmissionSerializer(submission).data if submission else None


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="请求头 Authorization: Token …；只显示这一次")
    expiry = serializers.DateTimeField()
