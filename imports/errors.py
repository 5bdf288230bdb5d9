"""Refusals of this room beyond those of `tasks`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imports.models import ImportItem
from tasks.errors import NotReady


@dataclass(frozen=True)
class Hindrance:
    """Why an import cannot be published yet, with the item or the field it is about."""

    code: str
    sentence: str
    item: ImportItem | None = None
    field: str = ""


class StillOpen(NotReady):
    """Something must be answered or decided before publishing; `hindrances` lists it in the order of the page."""

    code = "still_open"

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        errors: dict[str, list[str]] = {}
        for hindrance in hindrances:
            errors.setdefault(hindrance.field or hindrance.code, []).append(hindrance.sentence)
        super().__init__(errors)
        self.hindrances = list(hindrances)
