"""Messages that events of reports ask for: a return, a correction's reopening, a chase; and 更正 of what was undone.

An event speaks once its undo window has passed, as long as it holds and is no older than three working days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from accounts.models import User
from calendars import clock, workdays
from reminders.choices import EVENT_WORKING_DAYS, Channel, NoticeKind
from reminders.models import Notice
from reminders.services.writing import Message, each, passing_over, write
from reminders.wording import chase_message, correction_message, debt_of, return_message
from tasks import debtors
from tasks.choices import MOVING, OWING, UNDO_WINDOW, EventVerb, ReportState
from tasks.models import ReportEvent

PHONE = "phone"
KINDS = {EventVerb.RETURNED: NoticeKind.RETURN, EventVerb.REOPENED: NoticeKind.REOPENED}
EVENTS_AT_ONCE = 2000  # of one tick; the next goes on


def write_event_notices(now: datetime | None = None) -> int:
    """Write the messages events ask for and that have no row yet; returns how many."""
    now = now or clock.now()
    people = debtors.load(clock.local_date(now))
    return each(
        lambda: write(_returns(now, people)), lambda: write(_chases(now, people)), lambda: write(_corrections(now))
    )


def earliest_event(now: datetime) -> datetime:
    """Events before this instant are no news any more: midnight three working days ago, Asia/Shanghai."""
    day = workdays.load().add(clock.local_date(now), -EVENT_WORKING_DAYS)
    return datetime.combine(day, time(), clock.OFFICE_ZONE)


def _speaking(now: datetime):
    """Events that may be told: they hold, nobody can silently undo them any more, their month is under way."""
    return (
        ReportEvent.objects.standing()
        .filter(at__gte=earliest_event(now), at__lte=now - UNDO_WINDOW)
        .filter(report__period__state__in=MOVING, report__period__is_backfill=False)
        .select_related("report__item", "report__item_revision", "report__duty_of", "report__period__settings")
        .order_by("pk")
    )


def _returns(now: datetime, people: debtors.Debtors) -> Iterator[Message]:
    """Only the return the department still has to answer; one it has answered already is no news."""
    untold = ~Exists(Notice.objects.filter(event=OuterRef("pk")))
    events = _speaking(now).filter(untold, verb__in=KINDS, report__state=ReportState.RETURNED)
    events = events.filter(report__returned_at=F("at")) | events.filter(verb=EventVerb.REOPENED)
    events = list(events[:EVENTS_AT_ONCE])
    addressed = _addressed({event: event.report for event in events}, people)
    for event, users in addressed.items():
        messages: list[Message] = []
        with passing_over(f"event {event.pk}"):
            messages = [_return(event, user, now) for user in users]
        yield from messages


def _return(event: ReportEvent, user: User, now: datetime) -> Message:
    report = event.report
    subject, content = return_message(
        user.name,
        debt_of(report, now),
        verb=event.verb,
        reason=event.reason,
        field=event.field,
        wanted_by=event.due_at,
        contact=report.period.contact,
    )
    return Message(
        key=f"event:{event.pk}:{user.pk}", kind=KINDS[EventVerb(event.verb)], user=user, subject=subject,
        content=content, day=clock.local_date(now), report_ids=[report.pk],
        department_id=report.duty_of_id, event_id=event.pk,
    )  # fmt: skip


def _chases(now: datetime, people: debtors.Debtors) -> Iterator[Message]:
    """One message a person and click, about everything of it that is still owed."""
    untold = ~Exists(Notice.objects.filter(batch=OuterRef("batch")))
    events = (
        _speaking(now)
        .filter(untold, verb=EventVerb.CHASED, report__state__in=OWING, batch__isnull=False)
        .exclude(channel=PHONE)
    )
    told: dict[tuple, list[ReportEvent]] = defaultdict(list)
    chased = {event: event.report for event in events}
    for event, users in _addressed(chased, people).items():
        for user in users:
            told[event.batch, user].append(event)
    for (batch, user), about in told.items():
        messages: list[Message] = []
        with passing_over(f"chase {batch} of user {user.pk}"):
            messages = [_chase(batch, user, about, now)]
        yield from messages


def _chase(batch: UUID, user: User, about: list[ReportEvent], now: datetime) -> Message:
    reports = [event.report for event in about]
    subject, content = chase_message(
        user.name, [debt_of(report, now) for report in reports], contact=reports[0].period.contact
    )
    departments = {report.duty_of_id for report in reports}
    return Message(
        key=f"chase:{batch}:{user.pk}", kind=NoticeKind.CHASE, user=user, subject=subject, content=content,
        day=clock.local_date(now), report_ids=[report.pk for report in reports], batch=batch,
        department_id=departments.pop() if len(departments) == 1 else None,
        mail="email" in about[0].channel.split(","),
    )  # fmt: skip


def _corrections(now: datetime) -> Iterator[Message]:
    """Tell whoever was told of something undone since, once."""
    told = Notice.objects.filter(channel=Channel.INBOX).exclude(kind=NoticeKind.CORRECTION).select_related("user")
    undone = {"undone_by__isnull": False, "undone_by__at__gte": earliest_event(now)}
    again = Notice.objects.filter(kind=NoticeKind.CORRECTION)
    events = told.filter(event__in=ReportEvent.objects.filter(**undone)).exclude(
        Exists(again.filter(event=OuterRef("event"), user=OuterRef("user")))
    )
    batches = ReportEvent.objects.filter(verb=EventVerb.CHASED, batch__isnull=False, **undone).values("batch")
    chases = told.filter(batch__in=batches).exclude(
        Exists(again.filter(batch=OuterRef("batch"), user=OuterRef("user")))
    )
    for notice in (*events, *chases):
        subject, content = correction_message(notice.user.name, notice.subject)
        yield Message(
            key=f"undo:{notice.key}", kind=NoticeKind.CORRECTION, user=notice.user, subject=subject, content=content,
            day=clock.local_date(now), report_ids=notice.report_ids, department_id=notice.department_id,
            event_id=notice.event_id, batch=notice.batch, withdraws=[notice.key],
        )  # fmt: skip


def _addressed(reports: dict, people: debtors.Debtors) -> dict:
    """For each event the active users who owe its report today."""
    keys = {event: people.of(report.plan_id, report.duty_of_id, report.due_at) for event, report in reports.items()}
    users = User.objects.in_bulk({user for owers in keys.values() for user in owers})
    return {event: [users[key] for key in sorted(owers)] for event, owers in keys.items()}
