"""What comes in, which imports are looked for, and what the plan is: forms of the pages around a review."""

from __future__ import annotations

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from departments.choices import Category, Level
from files.uploads import LARGEST
from imports.choices import ImportState
from imports.models import DocumentImport
from tasks.choices import PlanKind, PlanState
from tasks.forms.office import day_field, longest, sentence_field, version_field
from tasks.models import Plan

LONGEST_PASTE = 500_000  # characters; more is a matter of a file
READABLE = ".docx,.txt,.pdf,.xlsx,.doc,.wps,.ofd"
NUL = "\x00"


class UploadForm(forms.Form):
    """A file or pasted words, and the plan they are for."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="选择文件",
        required=False,
        allow_empty_file=True,
        help_text="docx、txt、可选文字的 pdf、xlsx 清单，不超过 20 MB。doc、wps、ofd 请先另存为 docx",
        widget=forms.FileInput(attrs={"accept": READABLE}),
        error_messages={"invalid": "没有收到文件，请重新选择。"},
    )
    text = forms.CharField(
        label="粘贴正文",
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"max_length": f"最多{LONGEST_PASTE // 10_000}万字，现在%(show_value)s字，请改为上传文件。"},
    )
    plan = forms.ChoiceField(label="导入到", required=False, error_messages={"invalid_choice": "请选择列出的计划。"})

    def __init__(self, *args, plans: list[Plan], **kwargs):
        super().__init__(*args, **kwargs)
        self.plans = {str(plan.pk): plan for plan in plans if plan.state != PlanState.CLOSED}
        self.fields["plan"].choices = [
            ("", "新计划"),
            *((key, f"已有计划：{plan.title}") for key, plan in self.plans.items()),
        ]
        # Its sentence about NUL does not say where; `clean_text` does.
        text = self.fields["text"]
        text.validators = [one for one in text.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")  # a browser sends every line end as two
        if (place := text.find(NUL)) >= 0:
            raise forms.ValidationError(f"第{place + 1}个字是空字符（NUL），请删去后再提交。")
        return text

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload and upload.size > LARGEST:
            raise forms.ValidationError("文件超过 20 MB。请另存为不含图片的文件，或只粘贴正文。")
        return upload

    def clean(self):
        data = super().clean()
        upload, text = data.get("file"), (data.get("text") or "").strip()
        if not self.errors and upload and text:
            self.add_error("text", "文件和粘贴的文字只能选一种，请清空其中一个。")
        if not self.errors and not upload and not text:
            self.add_error("file", "请选择文件，或粘贴正文。")
        return data

    def content(self) -> dict:
        """Arguments of `start_import`."""
        data = self.cleaned_data
        given = {"plan": self.plans.get(data["plan"]), "request_key": data["request_key"] or None}
        if data["file"]:
            return given | {"name": data["file"].name, "data": data["file"].read()}
        return given | {"text": data["text"]}


class FilterForm(forms.Form):
    """?state= of the list."""

    state = forms.ChoiceField(required=False, choices=[("", "全部"), *ImportState.choices])


def month_field(label: str, **options) -> forms.DateField:
    messages = {"invalid": "请写成年-月，如 2024-09。"}
    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2024-09"}, format="%Y-%m")
    return forms.DateField(
        label=label, widget=widget, input_formats=["%Y-%m", "%Y-%m-%d"], error_messages=messages, **options
    )


class FactsForm(forms.Form):
    """The plan's own facts. Blank means not known yet: publishing asks for it, saving does not."""

    version = version_field()
    title = sentence_field("计划名称", longest(DocumentImport, "title"), "", required=False)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "请选择"), *PlanKind.choices])
    issuer = sentence_field("发文机关", longest(DocumentImport, "issuer"), "", required=False)
    number = sentence_field("文号", longest(DocumentImport, "number"), "", required=False, help_text="没有可不填")
    issued_on = day_field("成文日期", required=False)
    year = forms.IntegerField(
        label="年度", required=False, min_value=1990, max_value=2100, error_messages={"invalid": "请写四位年份。"}
    )
    starts_on = day_field("实施自", required=False)
    ends_on = day_field("实施至", required=False)
    first_period = month_field("首次调度月", required=False, help_text="从哪个月开始要求报送")

    @property
    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NewDepartmentForm(forms.Form):
    """A department that the register lacks, as the document names it."""

    name = sentence_field("简称", 60, "请填写单位简称。")
    full_name = sentence_field("全称", 120, "请填写单位全称。")
    level = forms.ChoiceField(label="层级", choices=Level.choices)
    category = forms.ChoiceField(label="类别", choices=Category.choices, initial=Category.GOVERNMENT)
