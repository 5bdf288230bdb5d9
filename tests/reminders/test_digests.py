"""When a digest is written, to whom, and what it says. October 2024 is due on Friday 25 at 18:00."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars import clock
from calendars.models import CalendarYear
from reminders import services
from reminders.choices import NoticeKind
from reminders.models import Notice
from reminders.services.writing import Message, each, write
from tasks import services as tasks
from tests.tasks.world import NOVEMBER, OCTOBER, local, make_october, make_user

pytestmark = pytest.mark.django_db
T_MINUS_3, T, T_PLUS_1 = local(2024, 10, 22, 9), local(2024, 10, 25, 9), local(2024, 10, 28, 9)


@pytest.fixture
def office(db):
    CalendarYear.objects.get_or_create(year=2024)
    return make_october()


def digests_at(moment):
    """User names told by a tick at `moment`, in alphabetical order."""
    before = set(Notice.objects.values_list("pk", flat=True))
    with clock.at(moment):
        services.write_digests()
    return sorted(Notice.objects.digests().exclude(pk__in=before).values_list("user__name", flat=True))


EVERYBODY = ["省林业局联络员", "省水利厅联络员", "省财政厅联络员"]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (local(2024, 10, 21, 23, 59), []),
        (local(2024, 10, 22, 8, 59), []),
        (T_MINUS_3, EVERYBODY),
        (local(2024, 10, 22, 22), EVERYBODY),
        (local(2024, 10, 23, 9), EVERYBODY),  # nobody asked on the 22nd: the rung is still open
        (local(2024, 10, 26, 12), []),  # Saturday
        (local(2024, 10, 28, 9), EVERYBODY),
    ],
)
def test_first_tick_serves_the_rung_that_is_open(office, moment, told):
    assert digests_at(moment) == told


def test_each_rung_is_served_once(office):
    day = [digests_at(local(2024, 10, day, hour)) for day in range(21, 31) for hour in (9, 15)]

    assert [told for told in day if told] == [EVERYBODY] * 3


def test_who_has_filed_is_told_nothing(office):
    office.file(office.report("1", "省水利厅"))

    assert digests_at(T) == ["主管", "同事", "审核员", "省林业局联络员", "省财政厅联络员"]


def test_message_names_item_month_due_time_and_way_out(office):
    digests_at(T_MINUS_3)

    notice = Notice.objects.get(user=office.liaisons["省水利厅"])
    report = office.report("1", "省水利厅")
    assert notice.subject == "【月调度提醒】1 项进展待报送"
    assert notice.content == {
        "greeting": "省水利厅联络员：",
        "groups": [
            {
                "title": "省水利厅",
                "lines": [
                    {
                        "text": "第1项 农村供水提升（2024年10月）：截止 10月25日（周五）18:00，还剩 3 天",
                        "url": f"/progress/{report.pk}/",
                    }
                ],
            }
        ],
        "closing": ["没有新进展的，选“无新进展”即可。"],
    }


def test_overdue_is_said(office):
    digests_at(T_PLUS_1)

    assert Notice.objects.get(user=office.liaisons["省水利厅"]).subject == "【月调度提醒】1 项进展逾期未报"


def test_backup_is_addressed_from_the_due_day_on(office):
    make_user("替补", department=office.departments["省水利厅"], kind="backup")

    assert ["替补" in digests_at(moment) for moment in (T_MINUS_3, T, T_PLUS_1)] == [False, True, True]


def test_backup_stands_in_for_an_absent_primary_from_the_first_rung(office):
    make_user("替补", department=office.departments["省水利厅"], kind="backup")
    primary = office.liaisons["省水利厅"].posts.get()
    primary.away_from, primary.away_to = T_MINUS_3.date(), T.date()
    primary.save(update_fields=("away_from", "away_to"))

    assert digests_at(T_MINUS_3) == ["替补", "省林业局联络员", "省财政厅联络员"]


def test_disabled_account_is_told_nothing(office):
    liaison = office.liaisons["省水利厅"]
    liaison.is_active = False
    liaison.save(update_fields=("is_active",))

    assert digests_at(T_MINUS_3) == ["省林业局联络员", "省财政厅联络员"]


def test_backfill_month_reminds_nobody(office):
    type(office.periods[str(OCTOBER)]).objects.update(is_backfill=True)

    assert digests_at(T) == []


def test_extension_moves_the_rungs(office):
    report = office.report("1", "省水利厅")
    with clock.at(T_MINUS_3 - timedelta(days=1)):
        tasks.extend(report, due_at=local(2024, 10, 31, 18), reason="汛期", by=office.admin)

    assert "省水利厅联络员" not in digests_at(T_MINUS_3)
    assert digests_at(local(2024, 10, 28, 9)) == EVERYBODY


def test_reviewers_hear_of_what_waits_but_not_of_what_they_filed(office):
    office.file(office.report("1", "省水利厅"), by=office.staff, at=local(2024, 10, 21, 10))

    assert digests_at(local(2024, 10, 21, 11)) == ["主管", "同事"]
    assert Notice.objects.get(user=office.colleague).subject == "【月调度提醒】1 份报送待审"
    assert digests_at(local(2024, 10, 21, 15)) == []


def test_second_tick_of_the_day_adds_nothing(office):
    digests_at(T_MINUS_3)

    assert digests_at(T_MINUS_3 + timedelta(hours=3)) == []


def test_queries_do_not_grow_with_people(office):
    def queries(moment):
        with clock.at(moment), CaptureQueriesContext(connection) as asked:
            assert services.write_digests()
        return len(asked)

    few = queries(T_MINUS_3)
    for number in range(5):
        make_user(f"替补{number}", department=office.departments["省水利厅"], kind="backup")

    assert queries(T) == few


# --- One bad row ----------------------------------------------------------------------------------------------------


def test_a_due_time_at_the_end_of_the_calendar_stops_nobody(office):
    office.periods["2024-10"].reports.filter(department__name="省林业局").update(due_at=local(9999, 12, 31, 18))

    assert digests_at(T_MINUS_3) == ["省水利厅联络员", "省财政厅联络员"]


def test_a_month_whose_rungs_make_no_sense_is_passed_over(office, caplog):
    november = office.open(NOVEMBER)
    senseless = november.settings
    senseless.pk, senseless.version, senseless.reminder_rungs = None, senseless.version + 1, ["soon"]
    senseless.save()
    november.settings = senseless
    november.save(update_fields=("settings",))

    assert digests_at(T_MINUS_3) == EVERYBODY
    assert "passed over: reports due at" in caplog.text


def test_a_message_that_cannot_be_written_is_passed_over(office, caplog):
    def digest(name, **values):
        user = office.liaisons[name]
        columns = {"kind": NoticeKind.DIGEST, "user": user, "subject": "提醒", "content": {}, "day": T.date()} | values
        return Message(key=f"digest:{user.pk}:{T.date()}", **columns)

    messages = [digest("省水利厅"), digest("省财政厅", content={"closing": [object()]}), digest("省林业局")]

    assert write(messages) == 2
    assert sorted(Notice.objects.values_list("user__name", flat=True)) == ["省林业局联络员", "省水利厅联络员"]
    assert "passed over: message digest:" in caplog.text


def test_what_fails_as_a_whole_does_not_stop_the_next_kind_and_is_told_at_the_end():
    written = []

    def broken():
        raise ValueError("all of them")

    with pytest.raises(ValueError, match="all of them"):
        each(broken, lambda: written.append("events") or 1)

    assert written == ["events"]
