"""Chasing as a rule of the cycle: what a click writes, whom it concerns, how long it can be taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.guards import NotAllowed
from audit.models import AuditEvent
from calendars import clock
from tasks import services
from tasks.choices import ReportState
from tasks.errors import AlreadyMoved, PeriodClosed, Refused
from tasks.models import ReportEvent
from tests.tasks.world import FILING_DAY, local, make_october, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_october()


@pytest.fixture
def october(world):
    return world.periods["2024-10"]


@pytest.fixture(autouse=True)
def filing_day():
    with clock.at(FILING_DAY):
        yield


def chased(world, *names, channels=("inbox",), **options):
    places = [world.departments[name] for name in names]
    return services.chase(world.periods["2024-10"], places, by=world.staff, channels=channels, **options)


def events():
    return ReportEvent.objects.filter(verb="chased").order_by("pk")


def test_a_click_notes_one_event_for_each_report_owed_and_one_audit_row(world, october):
    world.draft(world.report("2", "省财政厅"))

    batch = chased(world, "省水利厅", "省财政厅", channels=("email", "inbox"))

    noted = [(event.report.department.name, event.channel, event.batch, event.by) for event in events()]
    assert noted == [(name, "inbox,email", batch, world.staff) for name in ("省水利厅", "省财政厅")]
    row = AuditEvent.objects.get(action="report.chased")
    assert row.rows == [event.report_id for event in events()]
    assert (row.object_id, row.after["batch"]) == (str(october.pk), str(batch))


def test_who_has_filed_and_what_is_optional_or_excused_is_left_alone(world, october):
    world.file(world.report("1", "省水利厅"))
    services.waive(world.report("2", "省林业局"), reason="机构调整", by=world.admin)

    chased(world, *world.departments)

    assert [event.report.department.name for event in events()] == ["省财政厅"]


def test_a_returned_report_is_chased_too(world):
    report = world.report("1", "省水利厅")
    world.returned(world.file(report))

    chased(world, "省水利厅")

    assert [(event.report_id, event.report.state) for event in events()] == [(report.pk, ReportState.RETURNED)]


def test_a_chase_moves_no_report(world):
    report = world.report("1", "省水利厅")

    chased(world, "省水利厅")

    before = report.version
    report.refresh_from_db()
    assert (report.version, report.state) == (before, ReportState.AWAITING)
    assert events().get().version == before


@pytest.mark.parametrize("channels", [(), ("email",), ("inbox", "sms"), ("inbox", "phone")])
def test_an_unknown_channel_is_refused(world, channels):
    with pytest.raises(Refused) as refusal:
        chased(world, "省水利厅", channels=channels)

    assert (refusal.value.code, events().count()) == ("unknown_channel", 0)


def test_nobody_is_chased_for_nothing(world):
    world.file(world.report("1", "省水利厅"))

    with pytest.raises(Refused) as refusal:
        chased(world, "省水利厅")

    assert refusal.value.code == "nothing_owed"


def test_only_who_may_send_reminders_chases(world, october):
    place = world.departments["省水利厅"]
    acts = (
        lambda by: services.chase(october, [place], by=by, channels=["inbox"]),
        lambda by: services.note_call(october, place, by=by),
        lambda by: services.undo_chase(chased(world, "省水利厅"), by=by),
    )

    for act in acts:
        with pytest.raises(NotAllowed):
            act(world.liaisons["省水利厅"])


def test_a_closed_month_takes_no_chase(world, october):
    october.state = "finalised"
    october.save(update_fields=["state"])

    with pytest.raises(PeriodClosed):
        chased(world, "省水利厅")


def test_a_backfill_month_is_not_chased_but_a_call_is_noted():
    world = make_world()
    with clock.at(local(2024, 11, 5, 9)):
        period = services.open_period(world.plan, services.next_month_to_open(world.plan), by=world.admin)
        assert period.is_backfill

        with pytest.raises(Refused) as refusal:
            services.chase(period, world.departments.values(), by=world.staff, channels=["inbox"])
        services.note_call(period, world.departments["省水利厅"], by=world.staff)

    assert refusal.value.code == "backfill"
    assert [event.channel for event in events()] == ["phone"]


def test_a_call_keeps_its_words(world, october):
    batch = services.note_call(october, world.departments["省水利厅"], by=world.staff, words=" 答应下午报 ")

    event = events().get()
    assert (event.channel, event.reason, event.batch) == ("phone", "答应下午报", batch)
    assert AuditEvent.objects.get(action="report.call_noted").after["words"] == "答应下午报"


# --- Again within a day ---------------------------------------------------------------------------------------------


def test_the_second_of_two_clicks_finds_the_first(world):
    since = clock.now() - timedelta(hours=24)
    chased(world, "省水利厅", unless_since=since)

    with pytest.raises(Refused) as refusal:
        chased(world, "省水利厅", "省财政厅", unless_since=since)
    chased(world, "省财政厅", unless_since=since)

    assert (refusal.value.code, events().count()) == ("recently_chased", 2)


def test_an_undone_chase_does_not_count_as_a_first(world):
    services.undo_chase(chased(world, "省水利厅"), by=world.staff)

    chased(world, "省水利厅", unless_since=clock.now() - timedelta(hours=24))

    assert events().filter(undone_by=None).count() == 1


def test_a_confirmed_repeat_within_the_undo_window_is_refused(world):
    chased(world, "省水利厅")

    with clock.at(FILING_DAY + timedelta(seconds=59)), pytest.raises(Refused) as refusal:
        chased(world, "省水利厅", "省财政厅")
    with clock.at(FILING_DAY + timedelta(seconds=60)):
        chased(world, "省水利厅")

    assert (refusal.value.code, events().count()) == ("still_leaving", 2)


# --- One form, one click --------------------------------------------------------------------------------------------


def test_a_form_posted_twice_finds_its_first_click(world, october):
    key = uuid4()

    assert [chased(world, "省水利厅", "省财政厅", batch=key) for _ in range(2)] == [key, key]
    call = uuid4()
    for _ in range(2):
        services.note_call(october, world.departments["省水利厅"], by=world.staff, batch=call)

    assert [event.batch for event in events()] == [key, key, call]
    assert AuditEvent.objects.filter(action__in=("report.chased", "report.call_noted")).count() == 2


@pytest.mark.parametrize("how", ["other departments", "another person", "undone"])
def test_a_used_form_is_good_for_nothing_else(world, how):
    key = uuid4()
    chased(world, "省水利厅", batch=key)
    places, by = [world.departments["省水利厅"]], world.staff
    if how == "other departments":
        places.append(world.departments["省财政厅"])
    elif how == "another person":
        by = world.colleague
    else:
        services.undo_chase(key, by=by)

    with pytest.raises(Refused) as refusal:
        services.chase(world.periods["2024-10"], places, by=by, channels=["inbox"], batch=key)

    assert (refusal.value.code, events().count()) == ("undone" if how == "undone" else "form_used", 1)


# --- Undo -----------------------------------------------------------------------------------------------------------


def test_undo_writes_an_undoing_for_each_report(world):
    batch = chased(world, "省水利厅", "省财政厅")
    with clock.at(FILING_DAY + timedelta(seconds=59)):
        services.undo_chase(batch, by=world.colleague)

    undone = [(event.undone_by.verb, event.undone_by.report_id == event.report_id) for event in events()]
    assert undone == [("undone", True), ("undone", True)]
    assert not ReportEvent.objects.standing().filter(batch=batch).exists()
    row = AuditEvent.objects.get(action="report.chase_undone")
    assert (row.actor_name, row.rows) == (world.colleague.name, [event.report_id for event in events()])


def test_after_a_minute_nothing_is_taken_back(world):
    batch = chased(world, "省水利厅")

    with clock.at(FILING_DAY + timedelta(seconds=60)), pytest.raises(Refused) as refusal:
        services.undo_chase(batch, by=world.staff)

    assert refusal.value.code == "already_sent"
    assert events().get().undone_by is None


def test_undo_happens_once(world):
    batch = chased(world, "省水利厅")
    services.undo_chase(batch, by=world.staff)

    with pytest.raises(AlreadyMoved):
        services.undo_chase(batch, by=world.staff)

    assert ReportEvent.objects.filter(verb="undone").count() == 1


def test_queries_do_not_grow_with_departments(world, django_assert_num_queries):
    assert world.staff.may("reminder.send")  # reads his rights once
    with CaptureQueriesContext(connection) as one:
        services.undo_chase(chased(world, "省水利厅"), by=world.staff)

    with django_assert_num_queries(len(one)):
        services.undo_chase(chased(world, *world.departments), by=world.staff)
