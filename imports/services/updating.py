"""Bringing a plan up to date with a document imported into it: wording, units, what is new, what ends."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import User
from imports import diff
from imports.models import DocumentImport, ImportItem
from imports.services.writing import PlanWriter, document_items
from tasks import services as tasks
from tasks.choices import PlanState
from tasks.errors import Refused
from tasks.models import Assignment, Plan, WorkItem


def update_plan(document: DocumentImport, *, by: User) -> Plan:
    """Apply 新增/改动/删除. They hold from the next month to be opened; opened ones keep what they asked."""
    assert document.plan is not None
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=document.plan.pk)
    if plan.state == PlanState.CLOSED:
        raise Refused("计划已结束，不能再导入文件。", code="plan_closed")
    on = first_day_asked_anew(plan)
    writer = PlanWriter(document, plan, by=by, valid_from=on)
    duties = diff.duties_of(plan.pk)
    for item in document_items(document):
        if item.matched is None:
            writer.add(item)
        else:
            _update_item(writer, item, item.matched, duties.get(item.matched.pk, []), on=on, by=by)
    for removal in document.removals.filter(end_duties=True):
        for duty in duties.get(removal.item_id, ()):
            tasks.end_duty(duty, on=on, by=by)
    writer.keep(None, document.proposals.filter(item=None))
    plan.refresh_from_db()
    return plan


def first_day_asked_anew(plan: Plan) -> date:
    """The first day of the next month to be opened; after the last month nothing is asked any more."""
    month = tasks.next_month_to_open(plan)
    return month.first_day if month else plan.ends_on + timedelta(days=1)


def _update_item(
    writer: PlanWriter, item: ImportItem, work_item: WorkItem, duties: list[Assignment], *, on: date, by: User
) -> None:
    changes = diff.differences(item, duties)
    if changes.wording:
        _revise(writer, item, work_item, by=by)
    for duty in [*changes.closed, *(duty for duty, _ in changes.changed)]:
        tasks.end_duty(duty, on=on, by=by)
    for unit in [*changes.opened, *(unit for _, unit in changes.changed)]:
        writer.assign(work_item, unit, optional=item.optional)
    writer.finish(work_item, item)


def _revise(writer: PlanWriter, item: ImportItem, work_item: WorkItem, *, by: User) -> None:
    """The verbatim text as a new wording; the office's own summary stays."""
    summary = work_item.revision.summary if work_item.revision else ""
    tasks.revise_item(work_item, title=item.title, summary=summary, text=item.text, place=writer.place(item), by=by)
