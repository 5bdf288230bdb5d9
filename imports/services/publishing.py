"""From the checked draft to a plan in force: one transaction, made of the rules of `tasks`."""

from __future__ import annotations

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from imports.choices import UNREAD, ImportState, ItemState
from imports.errors import StillOpen
from imports.hindrances import REQUIRED, hindrances
from imports.models import DocumentImport, ImportItem
from imports.services import updating
from imports.services.steps import lock_review
from imports.services.writing import PlanWriter, document_items
from tasks import services as tasks
from tasks.errors import AlreadyMoved
from tasks.models import Plan

__all__ = ["discard", "hindrances", "publish"]


@transaction.atomic
def publish(document: DocumentImport, *, by: User, steps_taken: int) -> Plan:
    """Make the plan, or bring the one imported into up to date (`plan.manage`).

    `steps_taken` is what the publisher saw: AlreadyMoved when somebody changed the review meanwhile. Raises StillOpen
    with what must be answered first.
    """
    require(by, "plan.manage")
    document = lock_review(document.pk)
    if document.steps_taken != steps_taken:
        raise AlreadyMoved()
    waiting = hindrances(document)
    if waiting:
        raise StillOpen(waiting)
    plan = updating.update_plan(document, by=by) if document.plan_id else _make_plan(document, by=by)
    ImportItem.objects.filter(document=document, state=ItemState.AGREED).update(checked_by=by, checked_at=clock.now())
    DocumentImport.objects.filter(pk=document.pk).update(
        state=ImportState.PUBLISHED, made_plan=plan, published_by=by, published_at=clock.now()
    )
    after = {"plan": plan.pk, "items": document.items.kept().count(), "sha256": document.source.sha256}
    audit.record("import.published", document, by=by, after=after)
    return plan


@transaction.atomic
def discard(document: DocumentImport, *, by: User, reason: str = "") -> DocumentImport:
    """Give an import up; its rows and the source stay on record. Raises AlreadyMoved when it is settled already."""
    require(by, "plan.import")
    unsettled = DocumentImport.objects.filter(pk=document.pk, state__in=(*UNREAD, ImportState.REVIEW))
    if not unsettled.update(state=ImportState.DISCARDED):
        raise AlreadyMoved()
    audit.record("import.discarded", document, by=by, detail=reason.strip()[:200])
    document.refresh_from_db()
    return document


def _make_plan(document: DocumentImport, *, by: User) -> Plan:
    facts = {name: getattr(document, name) for name in (*REQUIRED, "number")}
    plan = tasks.create_plan(by=by, **facts)
    writer = PlanWriter(document, plan, by=by)
    for item in document_items(document):
        writer.add(item)
    writer.keep(None, document.proposals.filter(item=None))
    return tasks.publish_plan(plan, by=by)
