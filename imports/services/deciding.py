"""Saying that an item is right, later, or not to be imported; settling doubts; keeping proposals."""

from __future__ import annotations

from django.db.models import F, QuerySet

from accounts.guards import require
from accounts.models import User
from calendars import clock
from imports.choices import ItemState, Verb
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportProposal, ImportRemoval
from imports.reasons import blocking
from imports.services.linking import propose_states
from imports.services.steps import document_step, item_step, step
from tasks.errors import Refused


def confirm_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """已确认; settles its remaining doubts. Raises Refused (open_questions) while something must be decided first."""
    with item_step(item, Verb.CONFIRMED, by=by, version=version):
        waiting = blocking(ImportItem.objects.prefetch_related("units", "doubts__unit").get(pk=item.pk))
        if waiting:
            raise Refused("".join(reason.sentence for reason in waiting), code="open_questions")
        _settle(item.doubts.all(), by=by)
        ImportItem.objects.filter(pk=item.pk).update(state=ItemState.CONFIRMED, **_checked(by))
    return item


def accept_all_agreed(document: DocumentImport, *, by: User) -> int:
    """接受全部一致项: returns how many."""
    require(by, "plan.import")
    agreed = list(ImportItem.objects.filter(document=document).agreed().values_list("pk", flat=True))
    if not agreed:
        return 0
    with step(document.pk, Verb.AGREED_ACCEPTED, by=by, items=agreed) as edit:
        # Asked again under the lock: what somebody changed meanwhile is not accepted unseen.
        still = ImportItem.objects.filter(pk__in=agreed).agreed()
        accepted = still.update(state=ItemState.CONFIRMED, version=F("version") + 1, **_checked(by))
        edit.detail = f"{accepted}项"
    return accepted


def postpone_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """标为稍后: publishing waits for it."""
    with item_step(item, Verb.POSTPONED, by=by, version=version):
        ImportItem.objects.filter(pk=item.pk).update(state=ItemState.LATER, **_unchecked())
    return item


def exclude_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """不导入."""
    with item_step(item, Verb.EXCLUDED, by=by, version=version):
        ImportItem.objects.filter(pk=item.pk).update(state=ItemState.EXCLUDED, **_checked(by))
    return item


def recall_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """Back to what the rules say of it now, 需确认 or 一致, whatever a person had decided."""
    with item_step(item, Verb.RECALLED, by=by, version=version) as edit:
        ImportItem.objects.filter(pk=item.pk).update(state=ItemState.CHECK, **_unchecked())
        propose_states(edit.document, [item.pk])
    return item


def settle_doubt(doubt: ImportDoubt, *, by: User, version: int) -> ImportDoubt:
    """Seen and settled. `version` is the item's, or the document's for a doubt of the whole document."""
    with _owner_step(doubt, Verb.DOUBT_SETTLED, by=by, version=version, detail=doubt.reason):
        _settle(ImportDoubt.objects.filter(pk=doubt.pk), by=by)
    doubt.refresh_from_db()
    return doubt


def decide_proposal(proposal: ImportProposal, *, by: User, version: int, accepted: bool | None) -> ImportProposal:
    """Keep a deadline or target on the item (True), drop it (False), leave it open (None). `version` as above."""
    is_decided = accepted is not None
    decided = {"decided_by": by if is_decided else None, "decided_at": clock.now() if is_decided else None}
    with _owner_step(proposal, Verb.PROPOSAL_DECIDED, by=by, version=version, detail=proposal.text):
        ImportProposal.objects.filter(pk=proposal.pk).update(accepted=accepted, **decided)
    proposal.refresh_from_db()
    return proposal


def decide_removal(removal: ImportRemoval, *, by: User, version: int, end_duties: bool) -> ImportRemoval:
    """End the duties of an item that the document no longer has, or let them run. `version` is the document's."""
    with document_step(removal.document, Verb.REMOVAL_DECIDED, by=by, version=version, detail=str(removal)):
        ImportRemoval.objects.filter(pk=removal.pk).update(end_duties=end_duties)
    removal.refresh_from_db()
    return removal


def _owner_step(row: ImportDoubt | ImportProposal, verb: Verb, *, by: User, version: int, detail: str):
    """A step on the item that the row belongs to, or on the document when it belongs to the whole of it."""
    if row.item:
        return item_step(row.item, verb, by=by, version=version, detail=f"{row.item} {detail}")
    return document_step(row.document, verb, by=by, version=version, detail=detail)


def _settle(doubts: QuerySet, *, by: User) -> None:
    doubts.filter(settled_at=None).update(settled_by=by, settled_at=clock.now())


def _checked(by: User) -> dict:
    return {"checked_by": by, "checked_at": clock.now()}


def _unchecked() -> dict:
    return {"checked_by": None, "checked_at": None}
