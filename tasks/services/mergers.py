"""When one department takes over from another."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import User
from departments.models import Department
from tasks.choices import MOVING, OWING
from tasks.errors import Refused
from tasks.models import Assignment, Plan, ProgressReport
from tasks.services.locks import lock_period, touch_plan


@transaction.atomic
def succeed_department(old: Department, new: Department, *, on: date, by: User) -> None:
    """From the day `on`, `new` answers for what `old` answered for; past months keep the name of their day.

    Open duties of `old` end the day before and go on with `new` (merged where it holds the same item and part); rows
    still owed change whose duty they are and keep the name that was asked.
    """
    require(by, "plan.manage")
    if old.pk == new.pk or old.successor_id:
        raise Refused("承接单位须是另一个单位，且原单位尚未被承接。", code="bad_successor")
    duties = list(Assignment.objects.filter(department=old, valid_to=None).select_related("item"))
    for period_id in _periods_of(old):
        lock_period(period_id)
    for duty in duties:
        _hand_on(duty, new, on=on)
    ProgressReport.objects.filter(duty_of=old, state__in=OWING, period__state__in=MOVING).update(duty_of=new)
    Department.objects.filter(pk=old.pk).update(successor=new, valid_to=on - timedelta(days=1))
    for plan_id in (
        Plan.objects.filter(items__assignments__in=duties).distinct().order_by("pk").values_list("pk", flat=True)
    ):
        touch_plan(plan_id)
    audit.record(
        "department.succeeded", old, by=by, after={"successor": new.pk, "on": on.isoformat(), "duties": len(duties)}
    )


def _periods_of(department: Department) -> list[int]:
    owed = ProgressReport.objects.filter(duty_of=department, state__in=OWING, period__state__in=MOVING)
    return sorted(set(owed.values_list("period_id", flat=True)))


def _hand_on(duty: Assignment, new: Department, *, on: date) -> None:
    ends = max(on - timedelta(days=1), duty.valid_from)
    Assignment.objects.filter(pk=duty.pk).update(valid_to=ends)
    held = Assignment.objects.filter(item=duty.item_id, department=new, scope=duty.scope, valid_to=None)
    if held.exists():
        return
    Assignment.objects.create(
        item=duty.item, department=new, scope=duty.scope, role=duty.role, required=duty.required,
        division=duty.division, position=duty.position, cadence=duty.cadence, valid_from=on,
        closed_from=duty.closed_from, replaces=duty,
    )  # fmt: skip
