"""The filing form: reads what was typed. What must be in it, `validators` says."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.datastructures import MultiValueDict

from tasks import validators
from tasks.choices import SELF_RATED, Light, MonthKind, ReportState
from tasks.models import ProgressReport
from tasks.models.cycle import text_of

DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]


class Prose(forms.CharField):
    """Text of any length: a browser's own limit would cut pasted text without a word."""

    def __init__(self, label: str, rows: int = 3) -> None:
        super().__init__(label=label, required=False, widget=forms.Textarea({"rows": rows}))

    def to_python(self, value):
        # Browsers send \r\n; the counter beside the field and the limit count a line break as one.
        return super().to_python(value).replace("\r\n", "\n")


class FilingForm(forms.Form):
    kind = forms.ChoiceField(label="本月情况", required=False, choices=MonthKind, widget=forms.RadioSelect)
    progress_text = Prose("进展情况", rows=4)
    problems = Prose("存在问题")
    needs_coordination = forms.BooleanField(label="需省级协调", required=False)
    coordination = Prose("需省级协调")
    next_step = Prose("下一步打算", rows=2)
    no_change_reason = Prose("无新进展原因", rows=2)
    self_light = forms.ChoiceField(
        label="自评灯",
        required=False,
        choices=[(light.value, light.label) for light in map(Light, SELF_RATED)],
        widget=forms.RadioSelect,
    )
    approver = forms.CharField(label="本单位审签人", required=False, widget=forms.TextInput({"autocomplete": "off"}))
    files = forms.FileField(label="附件", required=False)  # taken by the view: each file is checked and kept on its own
    approved_on = forms.DateField(
        label="审签日期",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput({"placeholder": "2024-10-23", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={"invalid": "看不懂这个日期，请写成 2024-10-23 这样。"},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, bound in self.fields.items():
            bound.widget.attrs["aria-describedby"] = f"id_{name}_error"

    @classmethod
    def of(cls, report: ProgressReport, *, approver: str = "") -> FilingForm:
        """The form as last saved. An untouched one offers last month's approver, never texts or dates."""
        form = cls(initial=_values(report, approver))
        if report.state == ReportState.RETURNED and report.return_field in form.fields:
            form.fields[report.return_field].widget.attrs["data-focus"] = True
        return form

    @classmethod
    def checked(cls, report: ProgressReport, *, today: date) -> FilingForm:
        """The saved draft with everything that still forbids handing in."""
        data: MultiValueDict = MultiValueDict({name: [value] for name, value in _values(report, "").items() if value})
        form = cls(data)
        if form.is_valid():
            form.add_filing_errors(today=today)
        return form

    def clean(self):
        cleaned = super().clean()
        self._add(validators.too_long(cleaned))
        return cleaned

    @property
    def draft(self) -> dict:
        """What a draft keeps; only after `is_valid()`."""
        return {name: self.cleaned_data.get(name) for name in validators.DRAFT_FIELDS}

    def add_filing_errors(self, *, today: date) -> None:
        """Everything that forbids handing in, in the words of the rules; only after `is_valid()`."""
        errors = validators.filing_errors(self.draft, today=today)
        if self.draft["kind"] != MonthKind.NO_CHANGE:
            self._check_request(errors)
        self._add(errors)

    def _check_request(self, errors: dict[str, list[str]]) -> None:
        asks, text = self.cleaned_data["needs_coordination"], self.cleaned_data["coordination"]
        if asks and not text:
            errors["coordination"] = ["需省级协调：请写明需要协调什么；不需要的，请取消勾选。"]
        if text and not asks:
            errors.setdefault("coordination", []).append(
                "需省级协调：写了请求但没有勾选。需要的请勾选，不需要的请清空文字。"
            )

    def _add(self, errors: dict[str, list[str]]) -> None:
        for name, sentences in errors.items():
            for sentence in sentences:
                # The sentences of the rules begin with the label, which pages print themselves.
                self.add_error(name, sentence.partition("：")[2] or sentence)


def _values(report: ProgressReport, approver: str) -> dict:
    values = text_of(report) | {"approved_on": report.approved_on, "needs_coordination": bool(report.coordination)}
    if report.edited_at is None:
        values |= {"kind": MonthKind.PROGRESS, "approver": approver}
    return values
