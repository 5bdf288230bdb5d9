"""What is still open before an import can be published, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator

from imports.choices import ItemState
from imports.errors import Hindrance
from imports.models import DocumentImport, ImportItem
from imports.reasons import reasons_of

QUESTIONS = {
    "title": "请填写计划名称。",
    "kind": "请选择文件类型。",
    "issuer": "请填写发文机关。",
    "issued_on": "请填写成文日期。",
    "starts_on": "文件没有写从何时起实施，请填写实施开始日期。",
    "ends_on": "文件没有写到何时为止，请填写实施结束日期。",
    "first_period": "请选择首次调度的月份。",
}
REQUIRED = tuple(QUESTIONS)


def hindrances(document: DocumentImport) -> list[Hindrance]:
    """Everything still open, in the order of the page; empty when it can be published. The queries do not grow."""
    document = DocumentImport.objects.for_review().get(pk=document.pk)
    return [*_facts(document), *_of_document(document), *_items(document)]


def _facts(document: DocumentImport) -> Iterator[Hindrance]:
    if document.into_existing:
        return
    for name, question in QUESTIONS.items():
        if not getattr(document, name):
            yield Hindrance("fact_missing", question, field=name)


def _of_document(document: DocumentImport) -> Iterator[Hindrance]:
    for doubt in document.doubts.all():
        if doubt.item_id is None and doubt.is_open:
            yield Hindrance("doubt_open", doubt.reason)
    for found in document.counties_found.all():
        if found.county_id is None and not found.settled:
            yield Hindrance("county_unmatched", f"“{found.name}”在县区名录中没有找到，请核对。")


def _items(document: DocumentImport) -> Iterator[Hindrance]:
    kept = [item for item in document.items.all() if item.is_kept]
    if not kept:
        yield Hindrance("no_items", "没有要导入的事项。")
    for item in kept:
        yield from _item(item)


def _item(item: ImportItem) -> Iterator[Hindrance]:
    reasons = reasons_of(item)
    blocking = [reason for reason in reasons if reason.blocks]
    if item.state == ItemState.LATER:
        yield Hindrance("item_later", f"{item}标为稍后，还没有确认。", item)
    elif item.state == ItemState.CHECK:
        said = "".join(reason.sentence for reason in reasons) or "请确认。"
        yield Hindrance("item_unconfirmed", f"{item}需确认：{said}", item)
    elif blocking:
        yield Hindrance(blocking[0].code, f"{item}：{blocking[0].sentence}", item)
    if item.coordinator_id and item.coordinator_id not in {unit.department_id for unit in item.units.all()}:
        yield Hindrance("coordinator_stranger", f"{item}的综合单位不在责任单位之中，请重新指定或取消。", item)
