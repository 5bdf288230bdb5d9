"""Messages of returns, reopenings and chases: only once the minute of undoing has passed, only while they hold."""

from datetime import timedelta

import pytest

from calendars import clock
from calendars.models import CalendarYear
from reminders import services
from reminders.models import Notice
from reminders.wording import chase_message, debt_of
from tasks import services as tasks
from tests.tasks.world import FILING_DAY, PROGRESS, local, make_october, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)


@pytest.fixture
def office(db):
    CalendarYear.objects.get_or_create(year=2024)
    return make_october()


@pytest.fixture
def returned(office):
    report = office.file(office.report("1", "省水利厅"))
    office.returned(report, field="progress_text", due_at=local(2024, 10, 28, 18), at=FILING_DAY)
    report.refresh_from_db()
    return report


def told_at(moment):
    """(user, kind, subject) of what a tick at `moment` writes."""
    before = set(Notice.objects.values_list("pk", flat=True))
    with clock.at(moment):
        services.write_event_notices()
    fresh = Notice.objects.exclude(pk__in=before).order_by("user__name")
    return [(one.user.name, one.kind, one.subject) for one in fresh]


RETURNED = ("省水利厅联络员", "return", "【月调度提醒】省水利厅第1项2024年10月报送已退回")


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (timedelta(seconds=59), []),
        (MINUTE, [RETURNED]),
        (timedelta(days=3), [RETURNED]),  # Friday, three working days on
        (timedelta(days=6), []),  # Monday: no news any more
    ],
)
def test_return_is_told_after_a_minute_and_for_three_working_days(office, returned, later, told):
    assert told_at(FILING_DAY + later) == told


def test_return_is_told_once_and_says_why(office, returned):
    assert told_at(FILING_DAY + MINUTE) == [RETURNED]
    assert told_at(FILING_DAY + 2 * MINUTE) == []

    assert Notice.objects.get().content == {
        "greeting": "省水利厅联络员：贵单位的报送已退回。",
        "groups": [
            {
                "title": "省水利厅",
                "lines": [{"text": "第1项 农村供水提升（2024年10月）：去修改", "url": f"/progress/{returned.pk}/"}],
            }
        ],
        "closing": ["理由：口径不一致。", "所指栏目：进展情况。", "请在 10月28日（周一）18:00 前重报。"],
    }


def test_return_undone_in_time_tells_nobody(office, returned):
    with clock.at(FILING_DAY + timedelta(seconds=30)):
        tasks.undo(returned.events.get(verb="returned"), by=office.staff)

    assert told_at(FILING_DAY + 5 * MINUTE) == []


def test_return_undone_after_sending_is_corrected_once(office, returned):
    told_at(FILING_DAY + MINUTE)
    with clock.at(FILING_DAY + 2 * MINUTE):
        tasks.undo(returned.events.get(verb="returned"), by=office.staff)

    assert told_at(FILING_DAY + 2 * MINUTE) == [("省水利厅联络员", "correction", f"【更正】{RETURNED[2]}")]
    assert told_at(FILING_DAY + 9 * MINUTE) == []


def test_return_answered_at_once_is_no_news(office, returned):
    with clock.at(FILING_DAY + timedelta(seconds=20)):
        tasks.submit(returned, by=office.liaisons["省水利厅"], version=returned.version)

    assert told_at(FILING_DAY + 2 * MINUTE) == []


def test_second_return_is_told_anew(office, returned):
    told_at(FILING_DAY + MINUTE)
    later = FILING_DAY + timedelta(hours=1)
    with clock.at(later):
        tasks.submit(returned, by=office.liaisons["省水利厅"], version=returned.version)
    office.returned(returned, at=later)

    assert told_at(later + MINUTE) == [RETURNED]


def test_chase_is_one_message_a_person(office):
    with clock.at(FILING_DAY):
        tasks.chase(
            office.report("2", "省财政厅").period,
            [office.departments["省财政厅"], office.departments["省水利厅"]],
            by=office.staff,
            channels=["inbox"],
        )

    assert told_at(FILING_DAY + timedelta(seconds=59)) == []
    assert told_at(FILING_DAY + MINUTE) == [
        ("省水利厅联络员", "chase", "【月调度提醒】省水利厅2024年10月进展尚有 1 项未报送"),
        ("省财政厅联络员", "chase", "【月调度提醒】省财政厅2024年10月进展尚有 1 项未报送"),
    ]
    assert told_at(FILING_DAY + 2 * MINUTE) == []


def test_chase_taken_back_in_time_tells_nobody(office):
    with clock.at(FILING_DAY):
        period = office.report("1", "省水利厅").period
        batch = tasks.chase(period, [office.departments["省水利厅"]], by=office.staff, channels=["inbox"])
        tasks.undo_chase(batch, by=office.staff)

    assert told_at(FILING_DAY + 2 * MINUTE) == []


def test_call_sends_nothing(office):
    with clock.at(FILING_DAY):
        tasks.note_call(office.report("1", "省水利厅").period, office.departments["省水利厅"], by=office.staff)

    assert told_at(FILING_DAY + 2 * MINUTE) == []


def test_who_filed_within_the_minute_is_not_chased(office):
    report = office.report("1", "省水利厅")
    with clock.at(FILING_DAY):
        tasks.chase(report.period, [office.departments["省水利厅"]], by=office.staff, channels=["inbox"])
    office.file(report, PROGRESS, at=FILING_DAY + timedelta(seconds=30))

    assert told_at(FILING_DAY + 2 * MINUTE) == []


def test_mail_follows_the_channel_and_the_address(office, settings):
    settings.MAIL_READY = True
    liaison = office.liaisons["省水利厅"]
    type(liaison).objects.filter(pk=liaison.pk).update(email="shuili@example.cn")
    period = office.report("1", "省水利厅").period
    for channels, moment in ((["inbox", "email"], FILING_DAY), (["inbox"], FILING_DAY + timedelta(hours=1))):
        with clock.at(moment):
            tasks.chase(period, list(office.departments.values()), by=office.staff, channels=channels)
        told_at(moment + MINUTE)

    mails = Notice.objects.mails()
    assert [(one.user, one.state) for one in mails] == [(liaison, "queued")]
    assert Notice.objects.filter(channel="inbox").count() == 6


def test_correction_withdraws_a_mail_that_has_not_left(office, returned, settings):
    settings.MAIL_READY = True
    liaison = office.liaisons["省水利厅"]
    type(liaison).objects.filter(pk=liaison.pk).update(email="shuili@example.cn")
    told_at(FILING_DAY + MINUTE)
    with clock.at(FILING_DAY + 2 * MINUTE):
        tasks.undo(returned.events.get(verb="returned"), by=office.staff)
    told_at(FILING_DAY + 2 * MINUTE)

    rows = Notice.objects.order_by("pk").values_list("kind", "channel", "state")
    assert list(rows) == [
        ("return", "inbox", "sent"),
        ("return", "email", "withdrawn"),
        ("correction", "inbox", "sent"),
    ]


def test_return_goes_to_the_backup_too_from_the_due_day_on(office, returned):
    make_user("替补", department=office.departments["省水利厅"], kind="backup")
    with clock.at(local(2024, 10, 25, 8)):
        services.write_event_notices()

    assert sorted(Notice.objects.values_list("user__name", flat=True)) == ["替补", "省水利厅联络员"]


def test_an_event_that_makes_no_sense_stops_no_other(office, returned, caplog):
    other = office.file(office.report("2", "省财政厅"))
    office.returned(other, at=FILING_DAY)
    returned.events.filter(verb="returned").update(field="gone")

    assert [user for user, *_ in told_at(FILING_DAY + MINUTE)] == ["省财政厅联络员"]
    assert "passed over: event" in caplog.text


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (local(2024, 10, 27, 10), "请在 10月28日（周一）18:00 前重报"),
        (local(2024, 10, 28, 18, 1), "应在 10月28日（周一）18:00 前重报，已过时间"),
        (local(2024, 10, 30, 10), "应在 10月28日（周一）18:00 前重报，已逾期 2 天"),
    ],
)
def test_a_chase_of_a_returned_report_speaks_of_the_return(office, returned, moment, words):
    with clock.at(moment):
        tasks.chase(returned.period, [returned.duty_of], by=office.staff, channels=["inbox"])

    assert told_at(moment + MINUTE)[0][2] == "【月调度提醒】省水利厅2024年10月进展尚有 1 项退回未改"
    content = Notice.objects.get(kind="chase").content
    assert content["groups"][0]["lines"][0]["text"] == f"第1项 农村供水提升（2024年10月）：退回未改，{words}"
    assert content["closing"] == ["退回的请按退回理由修改后重报。"]


def test_a_chase_counts_what_is_not_filed_and_what_was_returned(office, returned):
    debts = [debt_of(office.report("1", "省水利厅"), FILING_DAY), debt_of(office.report("2", "省财政厅"), FILING_DAY)]

    subject, content = chase_message("甲", debts)

    assert subject == "【月调度提醒】省水利厅、省财政厅2024年10月进展尚有 1 项未报送、1 项退回未改"
    assert content["closing"] == [
        "请尽快填报。没有新进展的，选“无新进展”即可。", "退回的请按退回理由修改后重报。",
    ]  # fmt: skip
