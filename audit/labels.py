"""Office words for action codes. Each room registers its own; an unknown code is shown as it is."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

_labels: dict[str, str] = {
    "audit.read": "查看审计记录",
}


def register_labels(labels: dict[str, str]) -> None:
    """Add action code → office words. Raises ValueError when a code already means something else."""
    for action, words in labels.items():
        if _labels.setdefault(action, words) != words:
            raise ValueError(f"{action} is already {_labels[action]}, not {words}")


def label_of(action: str) -> str:
    return _labels.get(action, action)


def all_labels() -> list[tuple[str, str]]:
    """(code, words) in the order of the words, for a filter's choices."""
    return sorted(_labels.items(), key=lambda pair: pair[1])


def object_words(object_type: str) -> str:
    """What kind of thing "tasks.progressreport" is, in office words; the code itself when it is gone."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_type


def field_words(object_type: str, name: str, value: Any) -> tuple[str, Any]:
    """A stated name and value as the model words them: ("state", "submitted") → (「状态」, 「待审核」)."""
    try:
        field = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return name, value
    choices = dict(getattr(field, "flatchoices", ()) or ())
    worded = choices.get(value, value) if isinstance(value, (str, int)) else value
    return str(getattr(field, "verbose_name", name)), worded
