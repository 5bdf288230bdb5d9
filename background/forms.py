from django import forms

from background import registry
from background.choices import JobState
from background.querysets import JobQuerySet


def _kinds() -> list[tuple[str, str]]:
    return [("", "全部"), *((kind.name, kind.label) for kind in registry.jobs().values())]


class JobFilter(forms.Form):
    """Which jobs whoever runs the system wants to see. Unknown values are told, not guessed."""

    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *JobState.choices])
    kind = forms.ChoiceField(label="作业", required=False, choices=_kinds)

    def asked(self) -> dict[str, str]:
        """The filters in use, by name; of a bad one nothing."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, jobs: JobQuerySet) -> JobQuerySet:
        return jobs.filter(**{name: self.asked()[name] for name in ("state", "kind") if name in self.asked()})
