import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

import audit
from audit import chain, protection
from audit.models import AuditEvent, AuditHead
from audit.services import VISITOR
from calendars.models import CalendarYear
from tests.audit.actors import Person, record

pytestmark = pytest.mark.django_db


def test_says_who_did_what_to_which_row():
    year = CalendarYear.objects.create(year=2024, source="通知")

    record("calendar.loaded", year, by=Person(), before={"source": ""}, after={"source": "通知"}, detail="补录")

    event = AuditEvent.objects.of(year).get()
    assert (event.actor_id, event.actor_name, event.result) == ("7", "王敏", "ok")
    assert (event.object_type, event.object_id, event.object_label) == (
        "calendars.calendaryear",
        "2024",
        "2024年节假日安排",
    )
    assert (event.before, event.after, event.detail) == ({"source": ""}, {"source": "通知"}, "补录")
    assert event.action_label == "载入节假日安排"
    assert event.changes == [("依据", "—", "通知")]


def test_each_row_signs_the_one_before():
    first, second = (record("x.done", by=None) for _ in range(2))

    assert second.sequence == first.sequence + 1
    assert second.prev_hash == first.hash
    assert json.loads(second.payload)["prev_hash"] == first.hash
    assert AuditHead.objects.get().hash == second.hash


def test_the_system_and_a_visitor_have_names():
    actors = [record("x.done", by=by).actor_name for by in (None, VISITOR, AnonymousUser())]

    assert actors == ["系统", "未登录用户", "未登录用户"]


def test_plain_values_are_written_plainly():
    after = {"day": date(2024, 10, 25), "value": Decimal("1.50"), "units": {"乙", "甲"}, "half": "\ud800"}

    event = record("x.done", by=None, after=after)

    event.refresh_from_db()
    assert event.after == {"day": "2024-10-25", "value": "1.50", "units": ["乙", "甲"], "half": "\ud800"}


def test_what_cannot_be_written_aborts_the_action():
    @transaction.atomic
    def act():
        CalendarYear.objects.create(year=2024, source="通知")
        record("x.done", by=None, after={"thing": object()})

    with pytest.raises(TypeError):
        act()

    assert not CalendarYear.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_name_cannot_forge_a_second_line():
    event = record("x.done", by=Person(name="王敏\r\n2024-10-01 系统 \x1b[31m删除"))

    assert event.actor_name == "王敏  2024-10-01 系统  [31m删除"


def test_real_time_whatever_the_business_clock_says():
    from calendars import clock

    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        event = record("x.done", by=None)

    assert abs((datetime.now(UTC) - event.at).total_seconds()) < 60


@pytest.mark.django_db(transaction=True)
def test_refused_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        audit.record("x.done", by=None)

    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_neither_row_nor_gap():
    @transaction.atomic
    def fail():
        audit.record("x.lost", by=None)
        raise ZeroDivisionError

    audit.record_refusal("x.first", by=None)
    with pytest.raises(ZeroDivisionError):
        fail()
    audit.record_refusal("x.second", by=None)

    assert list(AuditEvent.objects.order_by("sequence").values_list("sequence", "action")) == [
        (1, "x.first"),
        (2, "x.second"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_stands_after_the_refused_change_is_gone():
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record_refusal("x.refused", by=None)  # it would be rolled back with the change

    event = audit.record_refusal("x.refused", by=Person(), detail="无权")

    assert (event.result, event.detail, AuditEvent.objects.count()) == ("refused", "无权", 1)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain():
    from concurrent.futures import ThreadPoolExecutor

    from audit.verify import verify

    def write(number):
        try:
            for _ in range(10):
                with transaction.atomic():
                    record("x.done", by=None, after={"writer": number})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    report = verify()
    assert (report.rows, report.fault) == (40, None)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor_name = '别人'",
        "DELETE FROM audit_auditevent",
        "INSERT INTO audit_auditevent SELECT * FROM audit_auditevent",
        pytest.param("INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent", id="replace"),
        pytest.param("TRUNCATE audit_auditevent", id="truncate"),
    ],
)
def test_the_database_itself_refuses_changes(statement):
    if connection.vendor == "sqlite" and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    if connection.vendor == "postgresql" and "OR REPLACE" in statement:
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    record("x.done", by=None)
    protection.install(connection)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEvent.objects.get().actor_name == "系统"
    assert protection.installed(connection)
    protection.remove(connection)
    assert not protection.installed(connection)


def test_a_room_cannot_give_a_known_action_another_meaning():
    with pytest.raises(ValueError, match=r"audit\.read"):
        audit.register_labels({"audit.read": "别的意思"})


def test_a_short_key_stops_the_product(settings):
    settings.AUDIT_KEY = "short"

    with pytest.raises(ImproperlyConfigured):
        chain.current_key()


def test_three_queries_a_row(django_assert_num_queries):
    record("x.done", by=None)

    with transaction.atomic(), django_assert_num_queries(3):
        audit.record("x.done", by=None)
