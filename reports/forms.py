from __future__ import annotations

from django import forms

from calendars import clock
from reports.choices import REASON_LENGTH, SIGNER_LENGTH
from tasks.choices import ReportState
from tasks.forms.office import SentenceField
from tasks.models import ReportingPeriod

TOO_LONG = "最多%(limit_value)d字，现在%(show_value)d字，请删减。"


class FinaliseForm(forms.Form):
    """Who signs the issue and when; `early` asks why it is issued before everybody's time is up."""

    signer = SentenceField(
        label="签发人", max_length=SIGNER_LENGTH,
        error_messages={"required": "请填写签发人姓名。", "max_length": TOO_LONG},
    )  # fmt: skip
    signed_on = forms.DateField(
        label="签发日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "请填写签发日期，如 2024-10-28。", "invalid": "请写成年-月-日，如 2024-10-28。"},
    )  # fmt: skip
    reason = SentenceField(
        label="提前定稿的理由", max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "还有单位未到截止时间，请写明提前定稿的理由。", "max_length": TOO_LONG},
    )  # fmt: skip

    def __init__(self, *args, early: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].initial = clock.today
        if not early:
            del self.fields["reason"]


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their keys. SQLite raises on a key larger than its integers: such a row cannot exist."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as error:
            raise forms.ValidationError("所选的内容已不存在，请刷新后重新选择。") from error


class CorrectionForm(forms.Form):
    """Which reports and items a correction reopens, and why."""

    reason = SentenceField(
        label="修订原因", max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明修订原因。", "max_length": TOO_LONG},
    )  # fmt: skip
    reports = RowsField(queryset=None, required=False, label="退回重报的报送")
    items = RowsField(queryset=None, required=False, label="重新认定的事项")

    def __init__(self, *args, period: ReportingPeriod, **kwargs):
        super().__init__(*args, **kwargs)
        decided = period.reports.filter(state__in=(ReportState.ACCEPTED, ReportState.LAPSED))
        self.fields["reports"].queryset = decided
        self.fields["items"].queryset = period.plan.items.all()

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["reports"] and not cleaned["items"]:
            raise forms.ValidationError("请至少选择一份报送或一个事项。")
        return cleaned

    def chosen(self) -> dict:
        """Arguments of the service."""
        return {
            "reports": [report.pk for report in self.cleaned_data["reports"]],
            "items": [item.pk for item in self.cleaned_data["items"]],
            "reason": self.cleaned_data["reason"],
        }
