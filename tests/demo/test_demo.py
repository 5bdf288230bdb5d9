"""The example whenever it is built: each role finds every kind of example on its home."""

import json
import re
import stat
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import PostKind
from accounts.models import Post, Suggestion, User
from audit.models import AuditEvent
from calendars import clock
from calendars.models import CalendarYear
from calendars.months import Month
from departments.models import Department
from reminders.models import Notice
from reports.models import MonthlyReport
from tasks import services, validators
from tasks.choices import Light, PeriodState, ReportState
from tasks.lateness import is_late, with_lateness
from tasks.models import CoordinationRequest, CountyNote, Plan, ProgressReport, ReportEvent
from tests.factories import anhui_plan, beijing, make_user
from web.demo import signins
from web.demo.build import build

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# A build takes some ten seconds, so the fifth moment, 2025-10-31 23:59, is the one the command is tested at.
MOMENTS = ["2025-01-01 00:05", "2024-02-29 15:00", "2025-12-31 18:30", "2033-06-16 10:00"]


@pytest.fixture(params=MOMENTS)
def example(request):
    """The example built at that wall-clock time, which then stands still."""
    with clock.at(beijing(request.param)):
        build()
        yield Example()


class Example:
    def __init__(self):
        self.plan = Plan.objects.get()
        *self.past, self.present = self.plan.periods.in_order()

    def user(self, username):
        return User.objects.get(username=username)

    def states(self):
        return Counter(self.present.reports.values_list("state", flat=True))


def test_example_is_whole_at_any_moment(example):
    check_everything(example)


def check_everything(example):
    assert CalendarYear.objects.filter(year=clock.today().year).exists() == (clock.today().year < 2033)
    check_plan_and_periods(example)
    check_nothing_lies_in_the_future(example)
    check_office_home(example)
    check_liaison_homes(example)
    check_leader_home(example)
    check_county_home(example)
    check_reminders(example)
    check_keepers(example)
    check_texts()


def check_plan_and_periods(example):
    plan, present = example.plan, Month.of(clock.today())

    assert plan.is_demo
    assert "演示数据" in plan.title
    assert [str(period.start)[:7] for period in (*example.past, example.present)] == [
        str(present + step) for step in range(-6, 1)
    ]
    assert {period.state for period in example.past} == {PeriodState.FINALISED}
    assert example.present.state == PeriodState.OPEN
    assert not any(period.is_backfill for period in plan.periods.all())
    assert MonthlyReport.objects.issued().count() == 6
    assert services.departments_without_liaison(example.present, on=clock.today()).get().name == "省残联"
    assert Month.of(plan.ends_on) > present


def check_reminders(example):
    """Chases read and unread, a call, returns told; nothing of it dated later than now."""
    notices = Notice.objects.all()
    chased = ReportEvent.objects.filter(verb="chased", report__period=example.present)

    assert {notice.kind for notice in notices} == {"return", "chase"}
    assert {bool(notice.read_at) for notice in notices.filter(kind="chase")} == {True, False}
    assert set(chased.values_list("channel", flat=True)) == {"inbox", "phone"}
    assert all(notice.written_at < clock.now() for notice in notices)


def check_nothing_lies_in_the_future(example):
    now = clock.now()
    for report in example.plan.reports.all():
        assert report.submitted_at is None or report.submitted_at < now
        assert report.approved_on is None or report.approved_on <= clock.today()
        moments = list(report.events.values_list("at", flat=True))
        assert moments == sorted(moments)
        assert all(moment < now for moment in moments)


def check_office_home(example):
    """Filed, missing, returned, waiting, waived, drafts; late and lapsed ones in the month before."""
    states, last = example.states(), example.past[-1]
    assert sum(states.values()) == 50  # item 30 was done and is not asked for any more
    assert dict(states) == {
        ReportState.AWAITING: 9,
        ReportState.DRAFT: 4,
        ReportState.RETURNED: 3,
        ReportState.SUBMITTED: 13,
        ReportState.ACCEPTED: 20,
        ReportState.WAIVED: 1,
    }
    late = with_lateness(last.reports.all()).filter(is_late())
    assert set(late.values_list("item__number", "department__name")) == {
        ("26", "省交通运输厅"),
        ("16", "省水利厅"),
        ("10", "省农业农村厅"),
    }
    lapsed = set(last.reports.filter(state=ReportState.LAPSED).values_list("department__name", flat=True))
    assert lapsed == {"民航安徽监管局", "省自然资源厅"}
    assert set(example.present.reports.waiting().filter(return_count=1).values_list("item__number", flat=True)) == {
        "12"
    }
    overdue = example.present.reports.filter(state=ReportState.RETURNED, return_due_at__lt=clock.now())
    assert [report.department.name for report in overdue] == ["省邮政管理局"]
    assert example.present.reports.filter(due_at__gt=example.present.due_at).count() == 1  # 延期
    assert example.present.reports.filter(submission__text__kind="no_change").count() == 3
    assert example.present.reports.filter(submission__text__kind="completed").count() == 1
    assert last.reports.filter(on_behalf=True).get().department.name == "省残联"
    shared = example.present.reports.filter(item__number="21")
    assert sorted(shared.values_list("state", flat=True)) == ["accepted", "awaiting"]
    repeated = example.present.reports.get(item__number="29")
    before = last.reports.get(item__number="29").submission.text
    assert validators.warnings(repeated.submission.text, before)
    assert Suggestion.objects.visible_to(example.user("keyuan1")).count() == 2


def check_liaison_homes(example):
    on = clock.today()
    farms = example.user("snynct")
    own = example.present.reports.own_of(farms)
    assert {"awaiting", "draft", "returned", "submitted", "accepted"} == set(own.values_list("state", flat=True))
    assert set(own.exclude(kind="").values_list("kind", flat=True)) == {"progress", "no_change", "completed"}

    one_item = example.user("mhahjgj")
    assert ProgressReport.objects.owed_by(one_item, on=on).get().item.number == "26"

    water = ProgressReport.objects.owed_by(example.user("sslt-b"), on=on)  # its A角 is away
    assert set(water.values_list("item__number", flat=True)) == {"16", "25"}
    returned = water.get(state=ReportState.RETURNED)
    assert (returned.return_field, bool(returned.return_reason)) == ("progress_text", True)
    draft = water.get(state=ReportState.DRAFT)
    assert Month.of(clock.local_date(draft.edited_at)) in (Month.of(on), Month.of(on).previous)


def check_leader_home(example):
    leader, last = example.user("lingdao"), example.past[-1]
    lights = Counter(last.assessments.visible_to(leader).values_list("confirmed_light", flat=True))
    assert set(lights) == {"normal", "behind", "far_behind", "done", "unassessed", "not_applicable"}
    present = set(example.present.assessments.values_list("confirmed_light", flat=True))
    assert {Light.FAR_BEHIND, Light.DONE, Light.NORMAL, Light.UNASSESSED} <= present
    differing = last.assessments.filter(item__number="16").get()
    assert (differing.self_light, differing.confirmed_light) == ("normal", "behind")
    assert differing.reason
    requests = CoordinationRequest.objects.visible_to(leader)
    assert set(requests.values_list("state", flat=True)) == {"raised", "assigned", "answered", "closed"}
    assert requests.standing().filter(report__period=example.present).count() == 2


def check_county_home(example):
    user = example.user("shouxian")
    assert CountyNote.objects.visible_to(user).get().state == "answered"
    assert CountyNote.objects.visible_to(example.user("jinzhai")).get().state == "open"
    assert example.plan.items.visible_to(user).count() == 29


def check_keepers(example):
    for username, permission in [
        ("xitong", "operations.view"),
        ("anquan", "grant.manage"),
        ("shenji", "audit.read"),
        ("guanli", "user.manage"),
    ]:
        assert example.user(username).may(permission)
    assert AuditEvent.objects.count() > 1000
    primary = Post.objects.current(clock.today()).primary().exclude(department=None)
    assert primary.count() == Department.objects.count() - 1 == 26
    assert Post.objects.filter(kind=PostKind.BACKUP).count() == 4


def check_texts():
    """Varied, finished, and no percentage above 100."""
    rows = ProgressReport.objects.exclude(submission=None).values_list("submission__text", flat=True)
    texts = [row["progress_text"] for row in rows if row["progress_text"]]

    assert len(texts) > 300
    assert max(Counter(texts).values()) == 1
    assert all("{" not in text and not validators.PLACEHOLDER.search(text) for text in texts)
    assert not [text for text in texts if any(int(part) > 100 for part in percents(text))]


def percents(text):
    return re.findall(r"(\d+)(?:\.\d)?%", text)


def demo(*arguments):
    out, notes = StringIO(), StringIO()
    call_command("demo", *arguments, stdout=out, stderr=notes)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_later_start_shows_the_same_sign_ins_and_the_age(client):
    with clock.at(beijing("2025-10-31 23:59")):
        first = demo()
        check_everything(Example())
        made = signins.load()
        check_every_home_answers(client, made)
    with clock.at(beijing("2025-10-31 23:59") + timedelta(hours=36)):
        later = demo()

    assert "（今天）" in first
    assert "建于2025年10月31日（2天前）" in later
    assert "已经跨月" in later
    assert Plan.objects.count() == 1
    assert made.password in first
    assert made.password in later
    assert json.loads(demo("--format", "json"))["password"] == made.password
    assert stat.S_IMODE(signins.path().stat().st_mode) == 0o600
    assert len(made.accounts) == User.objects.count() == 39
    assert all(user.check_password(made.password) and not user.must_change_password for user in User.objects.all())
    assert {report.state for report in MonthlyReport.objects.all()} == {"ready"}


def check_every_home_answers(client, made):
    for account in made.accounts:
        client.force_login(User.objects.get(username=account.username), backend=BACKEND)
        assert client.get("/", follow=True).status_code == 200, account


def test_demo_never_enters_a_real_database():
    anhui_plan()
    before = AuditEvent.objects.count()

    with pytest.raises(CommandError, match="正式计划"):
        demo()
    with pytest.raises(CommandError, match="正式计划"):
        demo("--fresh")

    assert (Plan.objects.count(), AuditEvent.objects.count()) == (1, before)


def test_demo_never_enters_a_database_with_people():
    make_user("somebody")

    with pytest.raises(CommandError, match="已有用户"):
        demo()


def test_an_example_without_its_sign_ins_says_how_to_go_on():
    Plan.objects.create(
        title="演示", issuer="厅", issued_on="2025-01-01", starts_on="2025-01-01", ends_on="2025-12-31",
        first_period="2025-01-01", is_demo=True,
    )  # fmt: skip
    signins.path().unlink(missing_ok=True)

    with pytest.raises(CommandError, match="FRESH=1"):
        demo()
