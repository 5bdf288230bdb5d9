from django import forms

from audit import labels
from audit.choices import Result
from audit.querysets import AuditEventQuerySet


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"placeholder": "2024-10-25", "inputmode": "numeric"}),
        error_messages={"invalid": "日期请写成 2024-10-25 这样的格式。"},
    )


def _actions() -> list[tuple[str, str]]:
    return [("", "全部"), *labels.all_labels()]


class FilterForm(forms.Form):
    """What the auditor looks for. Unknown values are told, not guessed."""

    actor = forms.CharField(label="用户", required=False, max_length=150)
    action = forms.ChoiceField(label="操作", required=False, choices=_actions)
    about = forms.CharField(label="对象或请求编号", required=False, max_length=200)
    result = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *Result.choices])
    first = _day("从")
    last = _day("到")

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "结束日期早于开始日期，请改正其中一个。")
        return cleaned

    def asked(self) -> dict:
        """The filters in use, by name."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: AuditEventQuerySet) -> AuditEventQuerySet:
        asked = self.asked()
        if "actor" in asked:
            rows = rows.by_actor(asked["actor"])
        if "action" in asked:
            rows = rows.with_action(asked["action"])
        if "about" in asked:
            rows = rows.about(asked["about"])
        if "result" in asked:
            rows = rows.with_result(asked["result"])
        return rows.on_days(asked.get("first"), asked.get("last"))
