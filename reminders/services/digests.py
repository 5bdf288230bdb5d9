"""One digest a person and working day, across all plans: what he owes once a rung has opened, what waits for him."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count

from accounts.models import Grant, User
from accounts.permissions import ROLE_PERMISSIONS
from calendars import clock, workdays
from calendars.workdays import Workdays
from departments.models import Department
from reminders.choices import Channel, NoticeKind
from reminders.models import Notice
from reminders.rungs import Rung, digest_time, opened_rung
from reminders.services.writing import Message, batched, passing_over, write
from reminders.wording import LONGEST_LIST, Debt, debt_of, digest_message
from tasks import debtors
from tasks.choices import PeriodState
from tasks.models import PlanSettings, ProgressReport, ReportingPeriod, WorkItem, WorkItemRevision

PEOPLE_AT_ONCE = 200
ROWS_AT_ONCE = 5000
SHOWN = (
    "state", "required", "due_at", "return_due_at", "first_submitted_at",
    "item_id", "item_revision_id", "duty_of_id", "period_id",
)  # fmt: skip


@dataclass
class Due:
    """What one person's digest would speak of; `owed` in the order of due dates."""

    owed: list[tuple[int, Rung]] = field(default_factory=list)  # report, latest rung opened
    waiting: int = 0


def write_digests(now: datetime | None = None) -> int:
    """Write the digests that are due and not yet written; returns how many. Nothing on rest days or before 09:00.

    A rung is served by the first digest that names the report, on a working day from the rung's 09:00 on; the next
    rung replaces it.
    """
    now = now or clock.now()
    calendar = workdays.load()
    if not digest_time(now, calendar):
        return 0
    today = clock.local_date(now)
    told = set(Notice.objects.digests().filter(day=today).values_list("user", flat=True))
    due = {user: what for user, what in _due(now, calendar, told).items() if user not in told}
    return write(_messages(due, now))


def _due(now: datetime, calendar: Workdays, told: set[int]) -> dict[int, Due]:
    """What everybody would be told; of departments in which everybody was told today already, nothing is read."""
    today = clock.local_date(now)
    due: dict[int, Due] = defaultdict(Due)
    people = debtors.load(today)
    offsets = dict(PlanSettings.objects.filter(periods__state=PeriodState.OPEN).values_list("pk", "reminder_rungs"))
    rungs: dict[tuple, Rung | None] = {}
    owers: dict[tuple, debtors.People] = {}
    rows = _open_reports().owing().filter(required=True, duty_of__in=people.departments_without(told))
    rows = rows.order_by("due_at", "pk")
    columns = rows.values_list("pk", "plan_id", "duty_of_id", "due_at", "period__settings_id")
    for pk, plan, department, due_at, settings in columns.iterator(chunk_size=ROWS_AT_ONCE):
        when = (due_at, settings)
        if when not in rungs:
            rungs[when] = None
            with passing_over(f"reports due at {due_at}"):
                rungs[when] = opened_rung(due_at, offsets[settings], now=now, workdays=calendar)
        if (rung := rungs[when]) is None:
            continue
        whose = (plan, department, due_at)
        if whose not in owers:
            owers[whose] = people.of(plan, department, due_at)
        for user in owers[whose]:
            due[user].owed.append((pk, rung))
    for user, waiting in _waiting(today).items():
        due[user].waiting = waiting
    return due


def _open_reports():
    """Reports about which people may be reminded: of months being filled in, not of 补录 or corrections."""
    return ProgressReport.objects.filter(period__state=PeriodState.OPEN, period__is_backfill=False)


def _waiting(today: date) -> dict[int, int]:
    """Reviewer → reports that wait for a decision, without those he filed himself."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if "report.review" in permissions]
    grants = Grant.objects.current(today).filter(role__in=roles, user__is_active=True)
    reviewers = set(grants.values_list("user", flat=True))
    filed = Counter(dict(_open_reports().waiting().order_by().values_list("filed_by").annotate(number=Count("pk"))))
    total = sum(filed.values())
    return {user: total - filed[user] for user in reviewers if total > filed[user]}


def _messages(due: dict[int, Due], now: datetime) -> Iterator[Message]:
    for people in batched(sorted(due), PEOPLE_AT_ONCE):
        news = _with_news({user: due[user] for user in people})
        users = User.objects.in_bulk(news)
        shown = {user: [pk for pk, _ in what.owed[:LONGEST_LIST]] for user, what in news.items()}
        debts, contacts = _debts({pk for pks in shown.values() for pk in pks}, now)
        for user, what in news.items():
            messages: list[Message] = []
            with passing_over(f"digest of user {user}"):
                messages = [_digest(users[user], what, [debts[pk] for pk in shown[user] if pk in debts], contacts, now)]
            yield from messages


def _with_news(due: dict[int, Due]) -> dict[int, Due]:
    """Those of them to whom some opened rung was not served yet, or for whom reports wait."""
    earliest = min((rung.day for what in due.values() for _, rung in what.owed), default=None)
    served: dict[tuple[int, int], date] = {}  # person and report → day of the latest digest that names it
    if earliest:
        digests = Notice.objects.digests().filter(channel=Channel.INBOX, user__in=due, day__gte=earliest)
        for user, day, pks in digests.order_by("day").values_list("user", "day", "report_ids"):
            served.update(((user, pk), day) for pk in pks)
    return {
        user: what
        for user, what in due.items()
        if what.waiting or any(served.get((user, pk), date.min) < rung.day for pk, rung in what.owed)
    }


def _debts(pks: set[int], now: datetime) -> tuple[dict[int, Debt], dict[int, str]]:
    """The named reports in words, and the contact of each one's office.

    What many reports share is read once and put in its place: a join would build it anew for every row.
    """
    reports = list(ProgressReport.objects.filter(pk__in=pks).only(*SHOWN))
    items = _shared(WorkItem.objects.only("number"), reports, "item_id")
    revisions = _shared(WorkItemRevision.objects.only("title"), reports, "item_revision_id")
    departments = _shared(Department.objects.only("name"), reports, "duty_of_id")
    periods = _shared(ReportingPeriod.objects.select_related("settings"), reports, "period_id")
    debts, contacts = {}, {}
    for report in reports:
        report.item, report.item_revision = items[report.item_id], revisions[report.item_revision_id]
        report.duty_of, report.period = departments[report.duty_of_id], periods[report.period_id]
        with passing_over(f"report {report.pk}"):
            debts[report.pk] = debt_of(report, now)
            contacts[report.pk] = report.period.contact
    return debts, contacts


def _shared(rows, reports: list[ProgressReport], column: str) -> dict:
    return rows.in_bulk({getattr(report, column) for report in reports})


def _digest(user: User, what: Due, debts: list[Debt], contacts: dict[int, str], now: datetime) -> Message:
    today = clock.local_date(now)
    subject, content = digest_message(
        user.name,
        debts,
        owed=len(what.owed),
        waiting=what.waiting,
        contacts=[contacts[debt.pk] for debt in debts],
    )
    return Message(
        key=f"digest:{user.pk}:{today}",
        kind=NoticeKind.DIGEST,
        user=user,
        subject=subject,
        content=content,
        day=today,
        report_ids=[pk for pk, _ in what.owed],
    )
