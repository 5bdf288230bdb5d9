"""The rules of reminding, written a second time: slowly, person by person, with a memory of its own.

It shares nothing with the product but the questions `owed_by` and `may`, and reads no notice.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from accounts.models import User
from calendars.clock import OFFICE_ZONE
from tasks.models import ProgressReport, ReportEvent

# State Council, 国办发明电〔2023〕7号: rest days and make-up days of autumn 2024.
RESTS = {date(2024, 10, day) for day in range(1, 8)}
OWING = ("awaiting", "draft", "returned")
MAKE_UP = {date(2024, 9, 29), date(2024, 10, 12)}


def works(day: date) -> bool:
    return day in MAKE_UP or (day.weekday() < 5 and day not in RESTS)


def working_days_from(day: date, number: int) -> date:
    step = timedelta(days=1 if number > 0 else -1)
    while number:
        day += step
        if works(day):
            number -= 1 if number > 0 else -1
    return day


class Reference:
    def __init__(self) -> None:
        self.sent: list[tuple] = []  # (user key, kind, day, reports)
        self.named: dict[tuple[int, int], date] = {}  # person and report → day of the last digest that named it
        self.told: dict[object, dict[int, list[int]]] = {}  # event or click → person → reports
        self.corrected: set[object] = set()

    def tick(self, now: datetime) -> None:
        now = now.astimezone(OFFICE_ZONE)
        if now.time() >= time(9) and works(now.date()):
            for user in User.objects.filter(is_active=True).order_by("pk"):
                self.digest(user, now)
        self.events(now)

    def send(self, user: int, kind: str, now: datetime, reports: list[int]) -> None:
        self.sent.append((user, kind, now.date(), tuple(sorted(reports))))

    def digest(self, user: User, now: datetime) -> None:
        today = now.date()
        if any(one[:3] == (user.pk, "digest", today) for one in self.sent):
            return
        listed, news = [], False
        for report in ProgressReport.objects.owed_by(user, on=today).select_related("period__settings"):
            if report.period.state != "open" or report.period.is_backfill:
                continue
            rung = self.rung(report, now)
            if rung is None:
                continue
            listed.append(report.pk)
            news = news or self.named.get((user.pk, report.pk), date.min) < rung
        if news or self.has_to_review(user):
            self.send(user.pk, "digest", now, listed)
            self.named.update(((user.pk, pk), today) for pk in listed)

    def has_to_review(self, user: User) -> bool:
        waiting = ProgressReport.objects.filter(state="submitted", period__state="open", period__is_backfill=False)
        return user.may("report.review") and any(report.filed_by_id != user.pk for report in waiting)

    def rung(self, report: ProgressReport, now: datetime) -> date | None:
        due = report.due_at.astimezone(OFFICE_ZONE).date()
        days = [due if n == 0 else working_days_from(due, n) for n in report.period.settings.reminder_rungs]
        return max((day for day in days if datetime.combine(day, time(9), OFFICE_ZONE) <= now), default=None)

    def events(self, now: datetime) -> None:
        oldest = datetime.combine(working_days_from(now.date(), -3), time(), OFFICE_ZONE)
        rows = list(ReportEvent.objects.select_related("report__period", "undone_by").order_by("pk"))
        for event in rows:
            if event.verb == "returned" and self.speaks(event, now, oldest) and self.is_open_return(event, rows):
                self.tell(event.pk, "return", now, [event])
        for batch in {event.batch for event in rows if event.verb == "chased" and event.channel != "phone"}:
            about = [event for event in rows if event.batch == batch and self.speaks(event, now, oldest)]
            self.tell(batch, "chase", now, [one for one in about if one.report.state in OWING])
        for event in rows:
            key = event.batch if event.verb == "chased" else event.pk
            if event.undone_by and event.undone_by.at >= oldest and key in self.told and key not in self.corrected:
                self.corrected.add(key)
                for user, reports in self.told[key].items():
                    self.send(user, "correction", now, reports)

    def tell(self, key: object, kind: str, now: datetime, events: list[ReportEvent]) -> None:
        if key in self.told:
            return
        people: dict[int, list[int]] = {}
        for event in events:
            for user in self.owers(event.report_id, now):
                people.setdefault(user, []).append(event.report_id)
        for user, reports in people.items():
            self.send(user, kind, now, reports)
        if people:
            self.told[key] = people

    def is_open_return(self, event: ReportEvent, rows: list[ReportEvent]) -> bool:
        returned = [one for one in rows if one.report_id == event.report_id and one.verb == "returned"]
        standing = [one.pk for one in returned if one.undone_by is None]
        return event.report.state == "returned" and standing[-1] == event.pk

    def speaks(self, event: ReportEvent, now: datetime, oldest: datetime) -> bool:
        period = event.report.period
        return (
            event.undone_by is None
            and oldest <= event.at <= now - timedelta(seconds=60)
            and period.state in ("open", "revising")
            and not period.is_backfill
        )

    def owers(self, report: int, now: datetime) -> list[int]:
        rows = ProgressReport.objects.filter(pk=report)
        users = User.objects.filter(is_active=True)
        return [user.pk for user in users if rows.owed_by(user, on=now.date()).exists()]
