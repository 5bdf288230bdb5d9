from __future__ import annotations

import re
from datetime import datetime, time

from django import forms

from calendars import clock
from calendars.months import Month
from tasks.choices import Light, ReportField, ReportState, ReturnReason
from tasks.models import Assessment, CoordinationRequest, CountyNote, ReportEvent, ReportingPeriod

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONFIRM_CHOICES = [(code, code.label) for code in (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND, Light.DONE)]


def day_field(label: str, **options) -> forms.DateField:
    messages = {"required": f"请填写{label}。", "invalid": "请写成年-月-日，如 2024-10-25。"}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)


def time_field(label: str, **options) -> forms.TimeField:
    messages = {"required": f"请填写{label}。", "invalid": "请写成时:分，如 18:00。"}
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages=messages, initial=time(18), **options)


class SentenceField(forms.CharField):
    """Notes and reasons: without the characters that turn the order of what is read (U+202A–202E, U+2066–2069)."""

    def to_python(self, value):
        return super().to_python(TURNING.sub("", value) if isinstance(value, str) else value)


def sentence_field(label: str, limit: int, missing: str, *, lines: int = 0, **options) -> SentenceField:
    messages = {"required": missing, "max_length": f"最多{limit}字，现在%(show_value)s字，请删减。"}
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    return SentenceField(label=label, max_length=limit, widget=widget, error_messages=messages, **options)


def version_field(**options) -> forms.IntegerField:
    """The version a page was built from; one that no column could hold is refused before it gets there."""
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, **options)


def longest(model, field: str) -> int:
    return model._meta.get_field(field).max_length


class MonthForm(forms.Form):
    """Which month is meant: hidden in the page, `2024-10`."""

    month = forms.CharField(max_length=7, widget=forms.HiddenInput)

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class OpenForm(MonthForm):
    due_day = day_field("截止日期")
    due_time = time_field("截止时间")

    @property
    def due_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["due_day"], self.cleaned_data["due_time"], clock.OFFICE_ZONE)


class SkipForm(MonthForm):
    reason = sentence_field(
        "未调度原因", longest(ReportingPeriod, "skip_reason"), "请写明未调度的原因，如“文件8月下旬印发”。", lines=2
    )


class ChosenReportsForm(forms.Form):
    """One act on some of a department's owed reports, with its reason."""

    reports = forms.MultipleChoiceField(
        label="事项", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请至少选一个事项。"}
    )

    def __init__(self, *args, owed, **kwargs):
        super().__init__(*args, **kwargs)
        self.owed = {str(report.pk): report for report in owed}
        self.fields["reports"].choices = [
            (key, f"第{report.item.number}项　{report.item_revision.title}") for key, report in self.owed.items()
        ]
        self.fields["reports"].initial = list(self.owed)

    @property
    def chosen(self) -> list:
        return [self.owed[key] for key in self.cleaned_data["reports"]]


class ExtendForm(ChosenReportsForm):
    """More time, or with `restore` the month's own due time again, for which no day is needed."""

    due_day = day_field("延期至")
    due_time = time_field("时间")
    reason = sentence_field("原因", longest(ReportEvent, "reason"), "请写明原因。", lines=2)
    restore = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        if data and data.get("restore"):
            self.fields["due_day"].required = self.fields["due_time"].required = False

    @property
    def restores(self) -> bool:
        return self.cleaned_data["restore"]

    @property
    def due_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["due_day"], self.cleaned_data["due_time"], clock.OFFICE_ZONE)


class WaiveForm(ChosenReportsForm):
    reason = sentence_field("免报原因", longest(ReportEvent, "reason"), "请写明免报原因。", lines=2)


class RosterFilter(forms.Form):
    """Which rows of the roster are shown."""

    state = forms.ChoiceField(
        label="报送状态",
        required=False,
        choices=[("", "全部状态"), *ReportState.choices, ("late", "补报"), ("nil", "无新进展")],
    )
    department = forms.ChoiceField(label="单位", required=False)

    def __init__(self, *args, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", "全部单位"), *departments]

    def keeps(self, report) -> bool:
        state, department = self._value("state"), self._value("department")
        if department and str(report.department_id) != department:
            return False
        if state == "late":
            return report.days_late > 0
        if state == "nil":
            return report.is_nil
        return not state or report.state == state

    def _value(self, name: str) -> str:
        return self.cleaned_data.get(name, "") if self.is_valid() else ""


class AcceptForm(forms.Form):
    """通过, with the item's light when the office confirms it in the same click."""

    version = version_field()
    assessment_version = version_field(required=False)
    light = forms.ChoiceField(
        label="认定", required=False, widget=forms.RadioSelect, choices=[*CONFIRM_CHOICES, ("", "暂不认定")]
    )
    reason = sentence_field("认定理由", longest(Assessment, "reason"), "", required=False)


class ReturnForm(forms.Form):
    version = version_field()
    reasons = forms.MultipleChoiceField(
        label="退回理由",
        choices=ReturnReason.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一条退回理由。"},
    )
    field = forms.ChoiceField(
        label="指到字段",
        help_text="联络员打开后直接落在这里",
        required=False,
        choices=[("", "不指定"), *ReportField.choices],
    )
    words = sentence_field("补充说明", 300, "", required=False, lines=3)
    due_day = day_field("重报期限")
    due_time = time_field("时间")

    def clean(self):
        cleaned = super().clean()
        if ReturnReason.OTHER in cleaned.get("reasons", ()) and not cleaned.get("words", "").strip():
            self.add_error("words", "选了“其他”，请写明退回的原因。")
        return cleaned

    @property
    def sentence(self) -> str:
        """The reasons in the office's words, then what was added: 口径不一致：请统一按统计口径填报。"""
        labels = [ReturnReason(code).label for code in self.cleaned_data["reasons"] if code != ReturnReason.OTHER]
        words = self.cleaned_data["words"].strip()
        return "：".join(part for part in ("、".join(labels), words) if part)

    @property
    def due_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["due_day"], self.cleaned_data["due_time"], clock.OFFICE_ZONE)


class ConfirmLightForm(forms.Form):
    version = version_field()
    light = forms.ChoiceField(
        label="认定",
        choices=[*CONFIRM_CHOICES, (Light.UNASSESSED, "待认定")],
        error_messages={"required": "请选择认定的灯。", "invalid_choice": "请选择正常、滞后、严重滞后或已完成。"},
    )
    reason = sentence_field("认定理由", longest(Assessment, "reason"), "", required=False)


class AdoptForm(forms.Form):
    version = version_field()
    text = sentence_field(
        "采用稿", longest(Assessment, "adopted_text"), "", required=False, lines=8, help_text="一事项一月一份，印入月报"
    )


class AssignRequestForm(forms.Form):
    to = sentence_field("交办给", longest(CoordinationRequest, "assigned_to"), "请写明交办给哪个单位或哪位同志。")


class AnswerRequestForm(forms.Form):
    answer = sentence_field("答复", longest(CoordinationRequest, "answer"), "请写明答复内容。", lines=3)


class AnswerNoteForm(forms.Form):
    answer = sentence_field("答复", longest(CountyNote, "answer"), "请写明答复内容。", lines=3)
