"""Decisions of the review page that change more than one row: each is one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from tasks.choices import EventVerb, Light, ReportState
from tasks.errors import Refused
from tasks.models import Assessment, ProgressReport, ReportEvent
from tasks.services.assessing import confirm_light
from tasks.services.reviewing import accept, undo


def completes_item(report: ProgressReport) -> bool:
    """Whether accepting this report leaves no other required one of its item open: then its light may be confirmed."""
    siblings = ProgressReport.objects.filter(period=report.period_id, item=report.item_id).required()
    return not siblings.exclude(pk=report.pk).exclude(state=ReportState.ACCEPTED).exists()


@transaction.atomic
def accept_and_confirm(
    report: ProgressReport, *, by: User, version: int, light: str = "", reason: str = "", assessment_version: int = 0
) -> ReportEvent:
    """Accept a report and, when `light` is given, confirm the item's light in the same step.

    Raises what `accept` and `confirm_light` raise, and Refused when other departments of the item are still open.
    """
    event = accept(report, by=by, version=version)
    if light:
        if not completes_item(report):
            raise Refused("这个事项还有其他单位没有通过，暂不能认定。请选“暂不认定”。", code="item_incomplete")
        assessment = Assessment.objects.get(period=report.period_id, item=report.item_id)
        confirm_light(assessment, light=light, reason=reason, by=by, version=assessment_version)
    return event


@transaction.atomic
def take_back(event: ReportEvent, *, by: User) -> bool:
    """Undo one decision; returns whether the item's light went back to 待认定 with it.

    A light confirmed since an acceptance rested on it, so it goes when the acceptance goes.
    """
    report = undo(event, by=by)
    if event.verb != EventVerb.ACCEPTED:
        return False
    resting = Assessment.objects.filter(period=report.period_id, item=report.item_id, confirmed_at__gte=event.at)
    assessment = resting.exclude(confirmed_light=Light.UNASSESSED).first()
    if assessment is None:
        return False
    confirm_light(assessment, light=Light.UNASSESSED, by=by, version=assessment.version)
    return True


def take_back_many(events: Iterable[ReportEvent], *, by: User) -> tuple[list, list]:
    """Undo each decision on its own; returns the undone events, and (event, refusal) pairs that stay as they are."""
    undone, refused = [], []
    for event in events:
        try:
            take_back(event, by=by)
            undone.append(event)
        except Refused as refusal:
            refused.append((event, refusal))
    return undone, refused
