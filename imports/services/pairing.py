"""In a second import: which item of the plan an item of the document stands for, as a person says."""

from __future__ import annotations

from accounts.models import User
from imports.choices import Verb
from imports.models import ImportItem, ImportRemoval
from imports.services.steps import raise_version, step
from tasks.errors import Refused
from tasks.models import WorkItem


def pair_item(item: ImportItem, work_item: WorkItem | None, *, by: User, version: int) -> ImportItem:
    """Say which item of the plan imported into it stands for; None: a new one.

    The item takes the name that the plan gives it. Raises Refused (not_of_plan, already_paired), AlreadyMoved.
    """
    document = item.document
    if document.plan_id is None or (work_item and work_item.plan_id != document.plan_id):
        raise Refused("请选择所导入计划中的事项。", code="not_of_plan")
    detail = f"{item} → {work_item or '新增'}"
    with step(document.pk, Verb.PAIRED, by=by, items=[item.pk], whole=True, detail=detail):
        raise_version(ImportItem, item.pk, version)
        item.refresh_from_db()
        _refuse_taken(item, work_item)
        if item.matched_id and item.matched_id != getattr(work_item, "pk", None):
            ImportRemoval.objects.get_or_create(document=document, item_id=item.matched_id)
        title = item.title
        if work_item and work_item.revision:
            ImportRemoval.objects.filter(document=document, item=work_item).delete()
            title = work_item.revision.title
        ImportItem.objects.filter(pk=item.pk).update(matched=work_item, title=title)
    item.refresh_from_db()
    return item


def _refuse_taken(item: ImportItem, work_item: WorkItem | None) -> None:
    if work_item is None:
        return
    other = ImportItem.objects.filter(document=item.document_id, matched=work_item).exclude(pk=item.pk).first()
    if other:
        raise Refused(f"{work_item}已对应文件中的{other}，请先改后者。", code="already_paired")
