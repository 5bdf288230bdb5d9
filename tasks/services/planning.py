"""Making a plan: its sections, items and duties, its settings, its publishing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from calendars.months import Month
from counties.models import County
from departments.models import Department
from tasks.choices import MOVING, CountyScope, PlanState
from tasks.errors import Refused
from tasks.models import (
    Assignment,
    ItemCounty,
    Plan,
    PlanSettings,
    Proposal,
    Section,
    SourceDocument,
    WorkItem,
    WorkItemRevision,
)
from tasks.services.locks import touch_plan


@dataclass(frozen=True)
class Place:
    """A stretch of a source's text, in code points; `end` is exclusive."""

    source: SourceDocument
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def columns(self) -> dict:
        return {"source": self.source, "span_start": self.start, "span_end": self.end}


@transaction.atomic
def create_plan(*, by: User, settings: dict | None = None, **values) -> Plan:
    """A draft plan with the first version of its settings; `values` and `settings` are column values."""
    require(by, "plan.manage")
    plan = Plan(**values)
    plan.full_clean()
    plan.save()
    PlanSettings.objects.create(plan=plan, created_by=by, **(settings or {}))
    audit.record("plan.created", plan, by=by)
    return plan


@transaction.atomic
def add_section(plan: Plan, *, number: str, title: str, by: User, parent: Section | None = None) -> Section:
    """A section at the end of the plan."""
    require(by, "plan.manage")
    section = Section.objects.create(
        plan=plan, parent=parent, number=number, title=title, position=plan.sections.count() + 1
    )
    touch_plan(plan.pk)
    audit.record("plan.section_added", section, by=by)
    return section


@transaction.atomic
def add_item(
    section: Section, *, number: str, title: str, by: User, summary: str = "", text: str = "", open_units: str = "",
    county_scope: str = CountyScope.ALL, counties: Iterable[County] = (), place: Place | None = None,
) -> WorkItem:  # fmt: skip
    """An item at the end of the plan, with the first version of its wording; `place` is where the text comes from."""
    require(by, "plan.manage")
    plan = section.plan
    item = WorkItem.objects.create(
        plan=plan,
        section=section,
        position=plan.items.count() + 1,
        number=number,
        open_units=open_units,
        county_scope=county_scope,
    )
    ItemCounty.objects.bulk_create([ItemCounty(item=item, county=county) for county in counties])
    _set_wording(item, version=1, title=title, summary=summary, text=text, place=place)
    touch_plan(plan.pk)
    audit.record("item.added", item, by=by)
    return item


@transaction.atomic
def revise_item(
    item: WorkItem, *, by: User, title: str, summary: str = "", text: str = "", place: Place | None = None
) -> WorkItemRevision:
    """A new wording from now on; periods already opened keep the one they were opened with."""
    require(by, "plan.manage")
    latest = item.revisions.latest("version")
    revision = _set_wording(item, version=latest.version + 1, title=title, summary=summary, text=text, place=place)
    touch_plan(item.plan_id)
    audit.record(
        "item.revised", item, by=by, before={"title": latest.title}, after={"title": title, "version": revision.version}
    )
    return revision


def _set_wording(item: WorkItem, *, version: int, place: Place | None = None, **wording) -> WorkItemRevision:
    if place:
        wording |= place.columns
    revision = WorkItemRevision.objects.create(item=item, version=version, created_at=clock.now(), **wording)
    WorkItem.objects.filter(pk=item.pk).update(revision=revision)
    item.revision = revision
    return revision


@transaction.atomic
def assign(
    item: WorkItem, department: Department, *, role: str, by: User, required: bool | None = None, scope: str = "",
    name_as_written: str = "", division: str = "", valid_from: date | None = None,
) -> Assignment:  # fmt: skip
    """Give a department a duty in an item. Periods already open ask for it from the next one."""
    require(by, "plan.manage")
    duties = Assignment.objects.filter(item=item, department=department, scope=scope, valid_to=None)
    if duties.exists():
        raise Refused(f"{department}已是{item}的责任单位。", code="already_assigned")
    duty = Assignment.objects.create(
        item=item, department=department, role=role, required=required, scope=scope, division=division,
        name_as_written=name_as_written or department.name, position=item.assignments.count() + 1,
        valid_from=valid_from or item.plan.starts_on,
    )  # fmt: skip
    touch_plan(item.plan_id)
    audit.record("item.assigned", duty, by=by, after={"role": role, "required": required})
    return duty


@transaction.atomic
def end_duty(duty: Assignment, *, on: date, by: User) -> None:
    """End a duty; `on` is the first day without it. Rows of periods already open stay.

    One that would have begun on that day or later was never asked for, so it is removed. Raises Refused
    (already_ended).
    """
    require(by, "plan.manage")
    open_duty = Assignment.objects.filter(pk=duty.pk, valid_to=None)
    if duty.valid_from >= on and not duty.reports.exists():
        ended, _ = open_duty.filter(replaced_by=None).delete()
    else:
        ended = open_duty.update(valid_to=max(on - timedelta(days=1), duty.valid_from))
    if not ended:
        raise Refused(f"{duty}已经结束。", code="already_ended")
    touch_plan(duty.item.plan_id)
    audit.record("item.duty_ended", duty.item, by=by, before={"department": str(duty.department), "role": duty.role},
                 after={"on": on.isoformat()})  # fmt: skip


@transaction.atomic
def keep_proposal(
    plan: Plan, item: WorkItem | None, *, kind: str, content: dict, rule: str, place: Place, by: User,
    accepted_by: User | None = None, accepted_at: datetime | None = None,
) -> Proposal:  # fmt: skip
    """Keep on the item a deadline or target that a person accepted from the document; with None, on the whole plan."""
    require(by, "plan.manage")
    proposal = Proposal.objects.create(
        plan=plan, item=item, kind=kind, text=place.text, content=content, rule=rule,
        accepted_by=accepted_by or by, accepted_at=accepted_at or clock.now(), **place.columns,
    )  # fmt: skip
    touch_plan(plan.pk)
    audit.record("item.proposal_kept", item or plan, by=by, after={"kind": kind, "text": proposal.text})
    return proposal


@transaction.atomic
def name_coordinator(item: WorkItem, department: Department | None, *, reason: str, by: User) -> WorkItem:
    """Name (with None: unname) the department that sums up a shared item (综合单位): a recorded decision."""
    require(by, "plan.manage")
    if not reason.strip():
        raise Refused("请写明指定综合单位的理由。", code="reason_required")
    named = {
        "coordinator": department,
        "coordinator_reason": reason.strip(),
        "coordinator_set_by": by,
        "coordinator_set_at": clock.now(),
    }
    WorkItem.objects.filter(pk=item.pk).update(**named)
    touch_plan(item.plan_id)
    audit.record(
        "item.coordinator_named",
        item,
        by=by,
        after={"department": department and department.pk, "reason": reason.strip()},
    )
    item.refresh_from_db()
    return item


@transaction.atomic
def publish_plan(plan: Plan, *, by: User) -> Plan:
    """Put a draft plan into force. Raises Refused when it has no items."""
    require(by, "plan.manage")
    if not plan.items.exists():
        raise Refused("计划中还没有工作事项，不能发布。", code="no_items")
    return _turn(plan, PlanState.DRAFT, PlanState.ACTIVE, "plan.published", by=by)


@transaction.atomic
def close_plan(plan: Plan, *, by: User) -> Plan:
    """End a plan when no period is open; issued months can still be corrected."""
    require(by, "plan.manage")
    if plan.periods.filter(state__in=MOVING).exists():
        raise Refused("还有月份没有定稿，不能结束计划。", code="period_open")
    return _turn(plan, PlanState.ACTIVE, PlanState.CLOSED, "plan.closed", by=by)


def _turn(plan: Plan, before: str, after: str, action: str, *, by: User) -> Plan:
    if not Plan.objects.filter(pk=plan.pk, state=before).update(state=after):
        raise Refused(f"计划不是“{PlanState(before).label}”状态，请刷新后再操作。", code="plan_state")
    touch_plan(plan.pk)
    plan.refresh_from_db()
    audit.record(action, plan, by=by)
    return plan


@transaction.atomic
def change_settings(plan: Plan, *, by: User, **values) -> PlanSettings:
    """A new version of the plan's settings: periods opened from now on use it, earlier ones keep theirs."""
    require(by, "plan.settings")
    Plan.objects.select_for_update().get(pk=plan.pk)
    latest = plan.settings.latest("version")
    names = [
        field.name
        for field in PlanSettings._meta.fields
        if field.name not in ("id", "plan", "version", "created_at", "created_by")
    ]
    kept = {name: getattr(latest, name) for name in names}
    fresh = PlanSettings(plan=plan, version=latest.version + 1, created_by=by, created_at=clock.now(), **kept | values)
    fresh.full_clean()
    fresh.save()
    touch_plan(plan.pk)
    changed = {name: str(value) for name, value in values.items() if kept[name] != value}
    audit.record(
        "plan.settings_changed", plan, by=by, before={name: str(kept[name]) for name in changed}, after=changed
    )
    return fresh


@transaction.atomic
def reopen_assignment(duty: Assignment, *, reason: str, by: User) -> Assignment:
    """Ask again, from the next period, for a duty that was closed as 已完成; with a reason."""
    require(by, "period.manage")
    if not reason.strip():
        raise Refused("请写明恢复报送的原因。", code="reason_required")
    if not Assignment.objects.filter(pk=duty.pk, closed_from__isnull=False).update(closed_from=None):
        raise Refused("这项分工没有办结，无需恢复。", code="not_closed")
    touch_plan(duty.item.plan_id)
    audit.record(
        "item.assignment_reopened",
        duty,
        by=by,
        before={"closed_from": str(duty.closed_from)},
        after={"reason": reason.strip()},
    )
    duty.refresh_from_db()
    return duty


def months_of(plan: Plan) -> list[Month]:
    """Every month the plan asks for, first to last."""
    first, last = Month.of(plan.first_period), Month.of(plan.ends_on)
    return [first + step for step in range(last - first + 1)]
