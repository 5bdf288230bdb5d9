"""How an item stands in a month: the self-rating it takes, the light the office confirms, the text it adopts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

import audit
from accounts.guards import require
from accounts.models import User
from calendars import clock
from tasks.choices import MOVING, WORST_FIRST, Light, MonthKind, PeriodState, ReportState
from tasks.errors import AlreadyMoved, PeriodClosed, Refused
from tasks.models import Assessment, ProgressReport, ReportingPeriod
from tasks.services.locks import closed_message, defended, lock_period, touch_plan

CONFIRMABLE = (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND, Light.DONE, Light.UNASSESSED)


def light_of(text: dict) -> str:
    """The light one submitted text gives: 已完成 is ◆, 无新进展 none, otherwise the self-rating."""
    if text["kind"] == MonthKind.COMPLETED:
        return Light.DONE
    return text["self_light"] if text["kind"] == MonthKind.PROGRESS else ""


def worst(lights: Iterable[str]) -> str:
    """■ > ▲ > ● > ◆; empty when nothing was rated."""
    rated = set(lights)
    return next((light for light in WORST_FIRST if light in rated), "")


def refresh_self_light(period_id: int, item_id: int) -> None:
    """Take the item's self-rating anew from what is accepted now. Called by every decision, within its transaction."""
    accepted = ProgressReport.objects.filter(period=period_id, item=item_id, state=ReportState.ACCEPTED)
    texts = [text for text in accepted.values_list("submission__text", flat=True) if text]
    Assessment.objects.filter(period=period_id, item=item_id).update(
        self_light=worst(light_of(text) for text in texts if text)
    )


@transaction.atomic
def confirm_light(assessment: Assessment, *, light: str, by: User, version: int, reason: str = "") -> Assessment:
    """Confirm the item's light for the month (认定). A light other than the self-rating needs a reason.

    Raises Refused, AlreadyMoved, PeriodClosed.
    """
    require(by, "item.assess")
    period = _lock_assessable(assessment)
    if light not in CONFIRMABLE:
        raise Refused("请选择正常、滞后、严重滞后或已完成。", code="unknown_light")
    if light == Light.DONE:
        _check_done(assessment)
    if assessment.self_light and light not in (assessment.self_light, Light.UNASSESSED) and not reason.strip():
        raise Refused("认定与自评不同，请写一句理由。", code="reason_required")
    confirmed = {"confirmed_by": by, "confirmed_at": clock.now()}
    if light == Light.UNASSESSED:
        confirmed = {"confirmed_by": None, "confirmed_at": None}
    _change(assessment, version=version, confirmed_light=light, reason=reason.strip(), **confirmed)
    touch_plan(period.plan_id)
    audit.record("item.light_confirmed", assessment, by=by, after={"light": light, "reason": reason.strip()})
    return assessment


@transaction.atomic
def adopt_text(assessment: Assessment, *, text: str, by: User, version: int) -> Assessment:
    """Keep the office's wording (采用稿) of the item's month. The departments' own texts stay as they are."""
    require(by, "item.assess")
    period = _lock_assessable(assessment)
    limit = Assessment._meta.get_field("adopted_text").max_length or 0
    if len(text) > limit:
        raise Refused(f"采用稿最多{limit}字，现在{len(text)}字，请删减。", code="too_long")
    _change(assessment, version=version, adopted_text=text.strip(), adopted_by=by, adopted_at=clock.now())
    touch_plan(period.plan_id)
    audit.record("item.text_adopted", assessment, by=by, after={"length": len(text.strip())})
    return assessment


@transaction.atomic
def confirm_self_rated(period: ReportingPeriod, *, by: User) -> int:
    """Confirm as self-rated every item still ○ whose required reports are all accepted; returns how many."""
    require(by, "item.assess")
    period = lock_period(period.pk)
    if period.state not in MOVING:
        raise PeriodClosed(closed_message(period))
    waiting = period.reports.required().exclude(state=ReportState.ACCEPTED).values("item")
    ready = period.assessments.filter(confirmed_light=Light.UNASSESSED).exclude(self_light="").exclude(item__in=waiting)
    if period.state == PeriodState.REVISING:
        ready = ready.filter(named_in_revision=period.revision + 1)
    confirmed = list(ready.values_list("pk", flat=True))
    period.assessments.filter(pk__in=confirmed).update(
        confirmed_light=F("self_light"), confirmed_by=by, confirmed_at=clock.now(), version=F("version") + 1
    )
    if confirmed:
        touch_plan(period.plan_id)
        audit.record("item.lights_confirmed", period, by=by, rows=confirmed)
    return len(confirmed)


def _lock_assessable(assessment: Assessment) -> ReportingPeriod:
    """The locked period; raises PeriodClosed when it is closed, or a correction under way does not name the item."""
    period = lock_period(assessment.period_id)
    if period.state not in MOVING:
        raise PeriodClosed(closed_message(period))
    assessment.refresh_from_db()
    if period.state == PeriodState.REVISING and assessment.named_in_revision != period.revision + 1:
        raise PeriodClosed("本次修订没有列入这个事项，不能改动。")
    return period


def _check_done(assessment: Assessment) -> None:
    """◆ means that every department that had to report this month reported 已完成 and was accepted."""
    asked = assessment.period.reports.required().filter(item=assessment.item_id)
    done = asked.filter(state=ReportState.ACCEPTED, submission__text__kind=MonthKind.COMPLETED)
    if not asked.exists() or done.count() != asked.count():
        raise Refused("还有责任单位没有办结，不能认定为已完成。", code="not_done")


def _change(assessment: Assessment, *, version: int, **changes) -> None:
    rows = Assessment.objects.filter(pk=assessment.pk)
    if defended("version_check"):
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise AlreadyMoved()
    assessment.refresh_from_db()
