"""Rows for measuring: many months of full texts, written in bulk. Only into an empty database or one of this kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

import audit
from accounts.models import User
from accounts.services.passwords import initial_password
from calendars import clock
from calendars.months import Month
from calendars.services import load_fixture
from counties.loading import load_counties
from departments.loading import load_departments
from tasks.choices import EventVerb, Light, MonthKind, PeriodState, ReportState
from tasks.loading import load_plan
from tasks.models import Assessment, Plan, PlanSettings, ProgressReport, ReportEvent, ReportingPeriod, WorkItem
from tasks.models.cycle import text_of
from tasks.services import default_due
from tasks.services.filing import row_values
from web.demo import people, scenario

LABEL = "负载数据"
SHORTEST, LONGEST = 150, 400  # characters of a report's text, from the budgets
LIGHTS = (Light.NORMAL, Light.NORMAL, Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND)


class NotALoadDatabase(Exception):
    """There are rows here that this module did not make."""


@dataclass(frozen=True)
class Generated:
    plans: int
    periods: int
    reports: int
    password: str  # of every account, empty when they existed before


@transaction.atomic
def generate(*, months: int, plans: int) -> Generated:
    """Bring the database to `plans` plans, each with its last `months` months; the present month stays open.

    Existing load plans are kept as they are. Raises NotALoadDatabase.
    """
    loaded = Plan.objects.filter(is_demo=True, title__contains=LABEL)
    if Plan.objects.exclude(pk__in=loaded).exists() or (User.objects.exists() and not loaded.exists()):
        raise NotALoadDatabase
    password, first = "", Month.of(clock.today()) + (1 - months)
    if not User.objects.exists():
        load_fixture()
        load_departments()
        load_counties()
        password = initial_password()
        people.hire(password, since=first.first_day, today=clock.today())
    for number in range(loaded.count() + 1, plans + 1):
        _Load(number, first, months).write()
    made = {"plan__in": loaded}
    return Generated(
        loaded.count(), ReportingPeriod.objects.filter(**made).count(), ProgressReport.objects.filter(**made).count(),
        password,
    )  # fmt: skip


class _Load:
    """One plan's months. The same plan number gives the same texts everywhere."""

    def __init__(self, number: int, first: Month, months: int) -> None:
        self.number, self.random = number, Random(number)  # noqa: S311  texts, not secrets
        self.months = [first + step for step in range(months)]
        self.admin = User.objects.get(username="guanli")
        self.staff = User.objects.get(username="keyuan2")
        self.phrases = [text for story in scenario.stories().values() for text in _phrases(story)]

    def write(self) -> None:
        plan = load_plan(
            by=self.admin,
            title=f"重点工作任务（{LABEL}{self.number}）",
            issued_on=self.months[0].first_day,
            starts_on=self.months[0].first_day,
            first_period=self.months[0].first_day,
            ends_on=self.months[-1].last_day,
            is_demo=True,
        )
        plan_settings = plan.settings.get()
        periods = [self._period(plan, plan_settings, month) for month in self.months]
        ReportingPeriod.objects.bulk_create(periods)
        items = list(plan.items.select_related("revision").prefetch_related("assignments__department__posts"))
        reports = [report for period in periods for report in self._reports(period, items)]
        ProgressReport.objects.bulk_create(reports, batch_size=500)
        self._write_events([report for report in reports if report.state == ReportState.DRAFT])
        assessments = [self._assessment(period, item) for period in periods for item in items]
        Assessment.objects.bulk_create(assessments, batch_size=500)
        audit.record("load.generated", plan, by=None, after={"periods": len(periods), "reports": len(reports)})

    def _period(self, plan: Plan, plan_settings: PlanSettings, month: Month) -> ReportingPeriod:
        due_at, present = default_due(plan_settings, month), month == self.months[-1]
        opened_at = datetime.combine(month.first_day, plan_settings.due_time, clock.OFFICE_ZONE) - timedelta(hours=9)
        issued = None if present else due_at + timedelta(days=3)
        return ReportingPeriod(
            plan=plan, start=month.first_day, covers_from=month.first_day, covers_to=month.last_day, due_at=due_at,
            state=PeriodState.OPEN if present else PeriodState.FINALISED, settings=plan_settings,
            opened_at=opened_at, opened_by=self.admin, first_finalised_at=issued, finalised_at=issued,
            revision=0 if present else 1,
        )  # fmt: skip

    def _reports(self, period: ReportingPeriod, items: list[WorkItem]) -> list[ProgressReport]:
        """One row a duty. In the present month every other one is still awaited."""
        duties = [duty for item in items for duty in item.assignments.all()]
        by_item = {item.pk: item for item in items}
        opened_at, due_at = self._span(period)
        rows = []
        for index, duty in enumerate(duties):
            duty.item = by_item[duty.item_id]
            row = ProgressReport(**row_values(duty, period, required=True))
            if period.state == PeriodState.FINALISED or index % 2:
                self._fill(row, opened_at=opened_at, due_at=due_at, filer=self._filer(duty))
            rows.append(row)
        return rows

    def _span(self, period: ReportingPeriod) -> tuple[datetime, datetime]:
        assert period.opened_at
        assert period.due_at
        return period.opened_at, period.due_at

    def _filer(self, duty) -> User:
        posts = list(duty.department.posts.all())
        return User(pk=posts[0].user_id) if posts else self.admin

    def _fill(self, row: ProgressReport, *, opened_at: datetime, due_at: datetime, filer: User) -> None:
        filed_at = opened_at + (due_at - opened_at) * self.random.random()
        row.state, row.version, row.kind = ReportState.DRAFT, 3, MonthKind.PROGRESS
        row.progress_text, row.next_step = self._text(), self.random.choice(self.phrases)
        row.problems, row.self_light = self.random.choice(self.phrases), self.random.choice(LIGHTS)
        row.approver, row.approved_on = self.random.choice(people.APPROVERS), clock.local_date(filed_at)
        row.filed_by_id = row.edited_by_id = filer.pk
        row.edited_at = row.submitted_at = row.first_submitted_at = filed_at

    def _text(self) -> str:
        wanted, text = self.random.randint(SHORTEST, LONGEST), ""
        while len(text) < wanted:
            text += self.random.choice(self.phrases)
        return f"{text[: wanted - 1]}。"

    def _write_events(self, reports: list[ProgressReport]) -> None:
        """Saved, submitted with its text, accepted; and the report points at the submission."""
        submitted = [self._event(report, EventVerb.SUBMITTED, 2, text=text_of(report)) for report in reports]
        saved = [self._event(report, EventVerb.SAVED, 1) for report in reports]
        accepted = [self._event(report, EventVerb.ACCEPTED, 3, by=self.staff) for report in reports]
        ReportEvent.objects.bulk_create(saved, batch_size=500)
        ReportEvent.objects.bulk_create(submitted, batch_size=500)
        ReportEvent.objects.bulk_create(accepted, batch_size=500)
        for report, event in zip(reports, submitted, strict=True):
            # Only now: a filed report without its text is refused by the database.
            report.state, report.submission = ReportState.ACCEPTED, event
            report.issued = event if report.period.state == PeriodState.FINALISED else None
        ProgressReport.objects.bulk_update(reports, ("state", "submission", "issued"), batch_size=200)

    def _event(self, report: ProgressReport, verb: EventVerb, version: int, **values) -> ReportEvent:
        return ReportEvent(
            **{"report": report, "verb": verb, "version": version, "at": report.submitted_at, "by": report.filed_by}
            | values
        )

    def _assessment(self, period: ReportingPeriod, item: WorkItem) -> Assessment:
        light, text = self.random.choice(LIGHTS), self._text()
        if not item.assignments.all():
            return Assessment(item=item, period=period, confirmed_light=Light.NOT_APPLICABLE)
        if period.state == PeriodState.OPEN:
            return Assessment(item=item, period=period)
        return Assessment(
            item=item, period=period, self_light=light, confirmed_light=light, adopted_text=text, version=2,
            confirmed_by=self.staff, confirmed_at=period.finalised_at, adopted_by=self.staff,
            adopted_at=period.finalised_at,
        )  # fmt: skip


def _phrases(story: scenario.Story) -> list[str]:
    """Whole sentences of one story, with the figures of its first month."""
    until = date(2000, 1, 20)
    told = [story.progress_in(month, until=f"{until.month}月{until.day}日") for month in range(3)]
    return [*told, *story.next, *([story.problem] if story.problem else [])]
