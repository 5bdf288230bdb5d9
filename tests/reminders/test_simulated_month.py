"""October 2024 lived through hour by hour, with people who file, return, chase, leave; ticks that fail to come.

What the product sent is compared with `tests.reminders.reference`, and held against the rules themselves.
"""

import random
from datetime import date, timedelta

import pytest

from accounts.models import Post, User
from calendars import clock
from calendars.services import load_fixture
from reminders import services
from reminders.models import Notice
from tasks import services as tasks
from tasks.errors import Refused
from tasks.models import ProgressReport, ReportEvent
from tests.reminders.reference import Reference, works
from tests.tasks.world import NO_CHANGE, NOVEMBER, OCTOBER, PROGRESS, local, make_october, make_user

pytestmark = pytest.mark.django_db
START, END = local(2024, 10, 8, 12), local(2024, 11, 8, 12)
HOUR = timedelta(hours=1)


class Month:
    """One seed's month. `happen` does one thing that may be refused; a refusal changes nothing and tells nobody."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.office = make_october()
        self.second_plan()
        self.backups = [
            make_user(f"替补{number}", department=place, kind="backup")
            for number, place in enumerate(list(self.office.departments.values())[:2])
        ]
        self.acts = [self.file, self.file, self.file, self.give_back, self.give_back, self.accept, self.take_back,
                     self.chase, self.undo_chase, self.call, self.extend, self.leave, self.withdraw]  # fmt: skip

    def second_plan(self):
        office = self.office
        with clock.at(local(2024, 10, 9, 9)):
            plan = tasks.create_plan(
                by=office.admin, title="防汛工作要点", issuer="安徽省农业农村厅", issued_on=date(2024, 9, 20),
                starts_on=date(2024, 9, 20), ends_on=date(2024, 12, 31), first_period=date(2024, 10, 1),
            )  # fmt: skip
            section = tasks.add_section(plan, number="一", title="防汛", by=office.admin)
            item = tasks.add_item(section, number="1", title="汛前检查", by=office.admin)
            for name in ("省水利厅", "省财政厅"):
                tasks.assign(item, office.departments[name], role="shared", by=office.admin)
            tasks.publish_plan(plan, by=office.admin)
            tasks.open_period(plan, OCTOBER, by=office.admin, due_at=local(2024, 10, 30, 18))

    def pick(self, *states):
        reports = list(ProgressReport.objects.filter(state__in=states, period__state="open").order_by("pk"))
        return self.chance.choice(reports) if reports else None

    def happen(self, now):
        try:
            with clock.at(now):
                self.chance.choice(self.acts)()
        except Refused:
            pass

    def file(self):
        if report := self.pick("awaiting", "draft", "returned"):
            by = self.chance.choice([self.office.liaisons[report.department.name], self.office.staff])
            text = self.chance.choice((PROGRESS, NO_CHANGE)) | {"approved_on": date(2024, 10, 8)}
            tasks.save_draft(report, by=by, version=report.version, **text)
            tasks.submit(report, by=by, version=report.version)

    def give_back(self):
        if report := self.pick("submitted"):
            tasks.return_report(report, by=self.office.colleague, version=report.version, reason="缺少数据")

    def accept(self):
        if report := self.pick("submitted"):
            tasks.accept(report, by=self.office.colleague, version=report.version)

    def withdraw(self):
        if report := self.pick("submitted"):
            tasks.withdraw(report, by=self.office.staff, version=report.version)

    def take_back(self):
        event = ReportEvent.objects.standing().decisions().order_by("-pk").first()
        if event:
            tasks.undo(event, by=self.office.colleague)

    def chase(self):
        if report := self.pick("awaiting", "draft", "returned"):
            self.last_batch = tasks.chase(
                report.period, list(self.office.departments.values()), by=self.office.staff, channels=["inbox"]
            )

    def undo_chase(self):
        if getattr(self, "last_batch", None):
            tasks.undo_chase(self.last_batch, by=self.office.staff)

    def call(self):
        if report := self.pick("awaiting"):
            tasks.note_call(report.period, report.duty_of, by=self.office.staff)

    def extend(self):
        if report := self.pick("awaiting", "draft"):
            later = report.due_at + timedelta(days=self.chance.randint(1, 6))
            tasks.extend(report, due_at=later, reason="汛期", by=self.office.admin)

    def leave(self):
        post = self.chance.choice(list(Post.objects.filter(kind="primary").order_by("pk")))
        post.away_from = clock.today()
        post.away_to = post.away_from + timedelta(days=self.chance.randint(0, 9))
        post.save(update_fields=("away_from", "away_to"))


def live_through(month, reference):
    now, machine_returns = START, START
    while now < END:
        if month.chance.random() < 0.15:
            month.happen(now)
            now += timedelta(seconds=month.chance.choice((20, 59, 60, 61)))
        if now == local(2024, 11, 4, 11):
            with clock.at(now):
                tasks.open_period(month.office.plan, NOVEMBER, by=month.office.admin)
        if month.chance.random() < 0.05:
            machine_returns = now + HOUR * month.chance.randint(1, 60)
        if now >= machine_returns:
            with clock.at(now):
                services.write_digests()
                services.write_event_notices()
            reference.tick(now)
        now += HOUR


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1, 20))])
def test_month_is_told_as_the_reference_tells_it(seed):
    load_fixture()
    month, reference = Month(seed), Reference()

    live_through(month, reference)

    rows = Notice.objects.order_by("pk").values_list("user", "kind", "day", "report_ids")
    sent = [(user, kind, day, tuple(sorted(reports))) for user, kind, day, reports in rows]
    assert sorted(sent) == sorted(reference.sent)
    digests = [(user, day) for user, kind, day, _ in sent if kind == "digest"]
    assert len(digests) == len(set(digests)) > 10
    assert all(works(day) for _, day in digests)
    assert {kind for _, kind, _, _ in sent} >= {"digest"}
    reviewers = set(User.objects.filter(grants__isnull=False).values_list("pk", flat=True))
    assert all(reports for user, kind, _, reports in sent if kind == "digest" and user not in reviewers)
