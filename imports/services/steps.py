"""What every step of a review has in common: the lock, the compare-and-set, the way back, the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core import serializers
from django.db import transaction
from django.db.models import F

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from imports import diff
from imports.choices import ImportState, ItemState, Verb
from imports.models import (
    DocumentImport,
    ImportCounty,
    ImportDoubt,
    ImportItem,
    ImportProposal,
    ImportRemoval,
    ImportStep,
    ImportUnit,
)
from imports.reasons import blocking, reasons_of
from tasks.errors import AlreadyMoved, Refused
from tasks.services.locks import defended

FACTS = ("title", "kind", "issuer", "number", "issued_on", "year", "starts_on", "ends_on", "first_period")


@dataclass
class Edit:
    """A step being taken: the locked document, and the items made by it."""

    document: DocumentImport
    made: list[ImportItem] = field(default_factory=list)
    detail: str = ""


@contextmanager
def step(
    document_id: int, verb: Verb, *, by: User, items: Iterable[int] = (), whole: bool = False, detail: str = ""
) -> Iterator[Edit]:
    """One step of a review: one transaction, one row of its record, one audit row.

    `items` are the keys of the items it may change, `whole` says that it changes the document's own rows. Raises
    Refused (not_in_review) when the document is read, published or discarded meanwhile.
    """
    require(by, "plan.import")
    with transaction.atomic():
        document = lock_review(document_id)
        keys = list(items)
        before = [*_snapshot_of_document(document)] if whole else []
        before += _snapshot_of_items(keys)
        edit = Edit(document, detail=detail)
        yield edit
        touched = [*keys, *(item.pk for item in edit.made)]
        diff.refresh_changes(document, touched)
        restate(touched)
        _write(edit, verb, before, keys, by=by)


@contextmanager
def item_step(item: ImportItem, verb: Verb, *, by: User, version: int, detail: str = "") -> Iterator[Edit]:
    """A step on one item. Raises AlreadyMoved when the item is no longer as the actor saw it."""
    with step(item.document_id, verb, by=by, items=[item.pk], detail=detail or str(item)) as edit:
        raise_version(ImportItem, item.pk, version)
        yield edit
    item.refresh_from_db()


@contextmanager
def document_step(document: DocumentImport, verb: Verb, *, by: User, version: int, detail: str = "") -> Iterator[Edit]:
    """A step on the document's own rows: its facts, its doubts, its counties. Raises AlreadyMoved."""
    with step(document.pk, verb, by=by, whole=True, detail=detail) as edit:
        raise_version(DocumentImport, document.pk, version)
        yield edit
    document.refresh_from_db()


def lock_review(document_id: int) -> DocumentImport:
    """The document, ours until commit; on SQLite the IMMEDIATE transaction is the lock."""
    documents = DocumentImport.objects.select_related("source").defer("source__content")
    document = documents.select_for_update(of=("self",)).get(pk=document_id)
    if document.state != ImportState.REVIEW:
        raise Refused(f"这次导入{document.get_state_display()}，不能再核对。", code="not_in_review")
    return document


def raise_version(model: type[DocumentImport] | type[ImportItem], pk: int, version: int) -> None:
    """Compare and set on the row's own columns; raises AlreadyMoved when another was faster."""
    rows = model.objects.filter(pk=pk)
    if defended("version_check"):
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1):
        raise AlreadyMoved()


def restate(item_ids: list[int]) -> None:
    """Put items that are no longer settled back to 需确认: the change opened a question."""
    settled = ImportItem.objects.filter(pk__in=item_ids, state__in=(ItemState.AGREED, ItemState.CONFIRMED))
    for item in settled.prefetch_related("units", "doubts__unit"):
        if blocking(item) or (item.state == ItemState.AGREED and reasons_of(item)):
            ImportItem.objects.filter(pk=item.pk).update(state=ItemState.CHECK, checked_by=None, checked_at=None)


def _snapshot_of_items(keys: list[int]) -> list[dict]:
    if not keys:
        return []
    return _plain(
        *ImportItem.objects.filter(pk__in=keys),
        *ImportUnit.objects.filter(item__in=keys),
        *ImportDoubt.objects.filter(item__in=keys),
        *ImportProposal.objects.filter(item__in=keys),
    )


def _snapshot_of_document(document: DocumentImport) -> list[dict]:
    return _plain(
        document,
        *ImportCounty.objects.filter(document=document),
        *ImportDoubt.objects.filter(document=document, item=None),
        *ImportProposal.objects.filter(document=document, item=None),
        *ImportRemoval.objects.filter(document=document),
    )


def _plain(*rows) -> list[dict]:
    return json.loads(serializers.serialize("json", rows))


def _write(edit: Edit, verb: Verb, before: list[dict], keys: list[int], *, by: User) -> None:
    document = edit.document
    DocumentImport.objects.filter(pk=document.pk).update(steps_taken=F("steps_taken") + 1)
    ImportStep.objects.create(
        document=document, number=document.steps_taken + 1, verb=verb, detail=edit.detail[:200], by=by, at=clock.now(),
        before=before, items=keys, made=[item.pk for item in edit.made],
    )  # fmt: skip
    audit.record(f"import.{verb}", document, by=by, detail=edit.detail)
