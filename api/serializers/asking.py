"""What a request may say. Who owns a report and in which state it is, the server knows itself."""

from rest_framework import serializers

from api.serializers.strict import Prose, StrictSerializer
from tasks.choices import SELF_RATED, Light, MonthKind, ReportField

LARGEST_VERSION = 2**31 - 1  # the column's
LIGHTS = [(light.value, light.label) for light in map(Light, SELF_RATED)]


class VersionInput(StrictSerializer):
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST_VERSION, help_text="读到的 version；此后有人改过则答 409。"
    )


class DraftInput(VersionInput):
    """Only the fields that are sent are changed."""

    kind = serializers.ChoiceField(choices=MonthKind.choices, required=False, allow_blank=True, help_text="本月情况")
    progress_text = Prose(help_text="进展情况，最多 500 字")
    problems = Prose(help_text="存在问题，最多 500 字")
    coordination = Prose(help_text="需省级协调，最多 300 字")
    next_step = Prose(help_text="下一步打算，最多 500 字")
    no_change_reason = Prose(help_text="无新进展原因，最多 200 字")
    self_light = serializers.ChoiceField(choices=LIGHTS, required=False, allow_blank=True, help_text="自评灯")
    approver = Prose(help_text="本单位审签人，最多 40 字")
    approved_on = serializers.DateField(required=False, allow_null=True, help_text="审签日期")


class ReturnInput(VersionInput):
    reason = serializers.CharField(max_length=400, help_text="退回理由")
    field = serializers.ChoiceField(
        choices=ReportField.choices, required=False, allow_blank=True, help_text="退回所指栏目"
    )
    due_at = serializers.DateTimeField(required=False, allow_null=True, help_text="重报限时，带时区")


class SignInInput(StrictSerializer):
    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    code = serializers.CharField(max_length=20, required=False, help_text="动态验证码；仅启用两步验证的账号需要")
