import re
from datetime import UTC, datetime

import pytest
from django.db import transaction

from audit.models import AuditEvent, AuditHead
from audit.services import columns_of
from tests.audit.actors import Person, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(auditor, client):
    client.force_login(auditor)
    return lambda **query: client.get("/audit/", query)


def numbers(response):
    return [int(n) for n in re.findall(r'<tr id="event-(\d+)">', response.content.decode())]


def last():
    return AuditHead.objects.get().sequence


def test_newest_first_fifty_to_a_page(read):
    start = last()
    for _ in range(60):
        record("x.done", by=None)

    first = read(actor="系统")
    older = read(actor="系统", before=start + 11)

    assert numbers(first) == list(range(start + 60, start + 10, -1))
    assert f"before={start + 11}" in first.content.decode()
    assert numbers(older)[:10] == list(range(start + 10, start, -1))


def test_looking_is_recorded_once_with_what_was_asked(read, auditor):
    read(actor="王")

    event = AuditEvent.objects.filter(action="audit.read").get()
    assert (event.actor_id, event.after) == (str(auditor.pk), {"actor": "王", "before": None, "shown": 0})
    assert event.ip == "127.0.0.1"


def test_nobody_else_may_look(client, office_staff):
    client.force_login(office_staff)

    assert client.get("/audit/").status_code == 404
    assert not AuditEvent.objects.filter(action="audit.read").exists()


def test_filters_narrow(read):
    event = record("x.done", by=Person(name="李雷"), result="refused", detail="无权")
    record("x.done", by=Person(name="韩梅"))

    assert numbers(read(actor="李")) == [event.sequence]
    assert numbers(read(result="refused")) == [event.sequence]
    assert numbers(read(actor="李", result="ok")) == []


def test_days_are_the_office_s(read):
    """16:30 UTC on the 1st is half past midnight on the 2nd in the office."""
    at = datetime(2024, 10, 1, 16, 30, tzinfo=UTC)
    with transaction.atomic():
        event = record("x.done", by=Person(name="李雷"))
        AuditEvent.objects.filter(pk=event.pk).update(at=at)

    assert numbers(read(first="2024-10-02", last="2024-10-02")) == [event.sequence]
    assert numbers(read(first="2024-10-01", last="2024-10-01")) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"first": "2024-10-09", "last": "2024-10-01"}, "结束日期早于开始日期"),
        ({"first": "昨天"}, "日期请写成"),
        ({"result": "maybe"}, "选择"),
    ],
)
def test_a_bad_filter_is_told(read, query, message):
    response = read(**query)

    assert response.status_code == 200
    assert message in response.content.decode()


@pytest.mark.parametrize("before", ["-1", "abc", "1 OR 1=1", "9" * 30, "²"])
def test_a_bad_page_is_the_newest(read, before):
    event = record("x.done", by=Person(name="李雷"))

    assert numbers(read(before=before, actor="李雷")) == [event.sequence]


def test_text_from_users_is_text(read):
    record("x.done", by=None, after={"text": "<script>alert(1)</script>"})

    page = read().content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_queries_do_not_grow_with_rows(read, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    record("x.done", by=None)
    read()
    with CaptureQueriesContext(connection) as few:
        read()
    for _ in range(10):
        record("x.done", by=None, after={"n": 1})
    with CaptureQueriesContext(connection) as many:
        read()

    assert len(many) == len(few)


def test_columns_follow_the_signed_text():
    event = record("x.done", by=None)

    assert columns_of(event.content) == {name: getattr(event, name) for name in AuditEvent.SIGNED}
