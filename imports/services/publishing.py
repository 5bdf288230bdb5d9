"""From the checked draft to a plan in force, or into one that is: one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from imports.models import DocumentImport, ImportItem
from tasks.models import Plan


@dataclass(frozen=True)
class Hindrance:
    """Why the import cannot be published yet, with the item or the field it is about."""

    code: str
    sentence: str
    item: ImportItem | None = None
    field: str = ""


def hindrances(document: DocumentImport) -> list[Hindrance]:
    """Everything still open, in the order of the page; empty when it can be published."""
    raise NotImplementedError


def publish(document: DocumentImport, *, by: User, steps_taken: int) -> Plan:
    """Make the plan, or bring the one imported into up to date (`plan.manage`).

    `steps_taken` is what the publisher saw: AlreadyMoved when somebody changed the review meanwhile. Raises NotReady
    with the open hindrances.
    """
    raise NotImplementedError


def discard(document: DocumentImport, *, by: User, reason: str = "") -> DocumentImport:
    """Give an import up; its rows and the source stay on record."""
    raise NotImplementedError
