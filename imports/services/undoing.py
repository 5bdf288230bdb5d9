"""Taking back the last steps of a review."""

from __future__ import annotations

from django.core import serializers
from django.db import transaction
from django.db.models import F

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from imports import diff
from imports.models import (
    DocumentImport,
    ImportDoubt,
    ImportItem,
    ImportProposal,
    ImportRemoval,
    ImportStep,
    ImportUnit,
)
from imports.services.steps import FACTS, lock_review
from tasks.errors import AlreadyMoved


def last_step(document: DocumentImport) -> ImportStep | None:
    """The step that can be taken back now."""
    return document.steps.standing().select_related("by").first()


@transaction.atomic
def undo(step: ImportStep, *, by: User) -> DocumentImport:
    """Take back the latest standing step, whoever took it. Raises AlreadyMoved when another one is the latest.

    Versions go on rising: a page drawn before the undoing cannot save over it.
    """
    require(by, "plan.import")
    document = lock_review(step.document_id)
    latest = document.steps.standing().select_for_update(of=("self",)).first()
    if latest is None or latest.pk != step.pk:
        raise AlreadyMoved()
    _restore(document, latest)
    ImportStep.objects.filter(pk=latest.pk).update(undone_at=clock.now(), undone_by=by)
    DocumentImport.objects.filter(pk=document.pk).update(steps_taken=F("steps_taken") + 1, version=F("version") + 1)
    audit.record("import.step_undone", document, by=by, detail=str(latest))
    document.refresh_from_db()
    return document


def _restore(document: DocumentImport, step: ImportStep) -> None:
    keys = [*step.items, *step.made]
    versions = dict(ImportItem.objects.filter(pk__in=keys).values_list("pk", "version"))
    ImportItem.objects.filter(pk__in=step.made).delete()
    for model in (ImportDoubt, ImportProposal, ImportUnit):
        model.objects.filter(item__in=step.items).delete()
    rows = list(serializers.deserialize("python", step.before))
    if any(isinstance(row.object, DocumentImport) for row in rows):  # then every removal of before is among them
        ImportRemoval.objects.filter(document=document).delete()
    for row in rows:
        _put_back(row, versions)
    diff.refresh_changes(document, step.items)


def _put_back(row, versions: dict[int, int]) -> None:
    """One row as it stood, with its own key; a version that only rises."""
    kept = row.object
    if isinstance(kept, DocumentImport):
        DocumentImport.objects.filter(pk=kept.pk).update(**{name: getattr(kept, name) for name in FACTS})
        return
    if isinstance(kept, ImportItem):
        kept.version = max(kept.version, versions.get(kept.pk, 0)) + 1
    row.save()
