"""Everybody's inbox: the own messages alone, read once, and the way on to what they speak of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from calendars import clock
from reminders.services import reading
from tests.reminders.office import CONTENT, notice_for
from tests.tasks.filing import browser_of
from tests.tasks.world import FILING_DAY, make_october, make_user

pytestmark = pytest.mark.django_db
INBOX = "/notices/"


@pytest.fixture
def world():
    return make_october()


@pytest.fixture(autouse=True)
def filing_day():
    with clock.at(FILING_DAY):
        yield


@pytest.fixture
def liaison(world):
    return world.liaisons["省水利厅"]


@pytest.fixture
def client(liaison):
    return browser_of(liaison)


def read_url(notice):
    return reverse("reminders:notice-read", args=[notice.pk])


def pointing_to(url):
    return CONTENT | {"groups": [{"title": "", "lines": [{"text": "第1项", "url": url}]}]}


# --- What it shows --------------------------------------------------------------------------------------------------


def test_a_message_is_shown_in_full(client, liaison):
    notice_for(liaison, subject="【月调度提醒】1 份待填报", kind="chase")

    page = client.get(INBOX).text

    for words in ("【月调度提醒】1 份待填报", "省水利厅：", "待填报", "第1项 农村供水提升", "请按时报送。", "催办"):
        assert words in page


def test_only_the_own_messages_and_no_mails(client, liaison, world):
    notice_for(world.liaisons["省财政厅"], subject="别人的")
    notice_for(liaison, subject="邮件里的", channel="email", state="queued")

    page = client.get(INBOX)

    assert page.context["notices"] == []
    assert "没有通知" in page.text


@pytest.mark.parametrize("role", ["leader", "system_admin", "security_admin", "auditor", ""])
def test_everybody_has_an_inbox(role):
    assert browser_of(make_user("某人", *([role] if role else []))).get(INBOX).status_code == 200


def test_what_is_written_is_text_and_no_markup(client, liaison):
    notice_for(liaison, subject="<b>x</b>", content=pointing_to("/") | {"greeting": "<script>1</script>"})

    page = client.get(INBOX).text

    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>1" not in page


def test_older_ones_are_a_click_away(client, liaison):
    notices = [notice_for(liaison, subject=f"第{number}号") for number in range(45)]

    first = client.get(INBOX)
    second = client.get(INBOX + first.context["older_url"])
    third = client.get(INBOX + second.context["older_url"])

    pages = [page.context["notices"] for page in (first, second, third)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [notice for page in pages for notice in page] == notices[::-1]
    assert third.context["older_url"] == ""


@pytest.mark.parametrize("before", ["abc", "-1", "²", "9" * 30, ""])
def test_a_strange_page_is_the_first(client, liaison, before):
    notice = notice_for(liaison)

    assert client.get(INBOX, {"before": before}).context["notices"] == [notice]


def test_unread_ones_can_be_seen_alone(client, liaison):
    notice_for(liaison, read_at=clock.now())
    unread = notice_for(liaison)

    assert client.get(INBOX, {"show": "unread"}).context["notices"] == [unread]


def test_queries_do_not_grow_with_messages(client, liaison):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.get(INBOX)
        return len(captured)

    notice_for(liaison)
    client.get(INBOX)
    few = asked()
    for _ in range(15):
        notice_for(liaison)

    assert asked() == few


# --- Reading --------------------------------------------------------------------------------------------------------


def test_one_is_marked_as_read_and_recorded(client, liaison):
    notice, other = notice_for(liaison), notice_for(liaison)

    answer = client.post(read_url(notice))

    notice.refresh_from_db()
    other.refresh_from_db()
    assert (answer["Location"], notice.read_at, other.read_at) == (INBOX, FILING_DAY, None)
    event = AuditEvent.objects.get(action="notice.read")
    assert (event.actor_name, event.rows) == (liaison.name, [notice.pk])


def test_reading_again_does_not_move_the_time(client, liaison):
    notice = notice_for(liaison)
    client.post(read_url(notice))
    with clock.at(FILING_DAY + timedelta(hours=1)):
        client.post(read_url(notice))

    notice.refresh_from_db()
    assert notice.read_at == FILING_DAY
    assert AuditEvent.objects.filter(action="notice.read").count() == 1


def test_all_are_marked_at_once(client, liaison, world):
    for _ in range(3):
        notice_for(liaison)
    foreign = notice_for(world.liaisons["省财政厅"])

    client.post(reverse("reminders:notice-read-all"))

    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert client.get(INBOX).context["unread"] == 0
    assert len(AuditEvent.objects.get(action="notice.read").rows) == 3


def test_a_foreign_message_is_absent(client, world):
    foreign = notice_for(world.liaisons["省财政厅"])

    assert (
        client.post(read_url(foreign)).status_code == client.post(read_url(foreign), {"line": "0"}).status_code == 404
    )
    assert reading.mark_read([foreign], by=world.liaisons["省水利厅"]) == 0
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_looking_reads_nothing(client, liaison):
    notice = notice_for(liaison)

    client.get(INBOX)

    assert client.get(read_url(notice)).status_code == 405
    assert client.get(reverse("reminders:notice-read-all")).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_link_leads_on_and_marks_as_read(client, liaison):
    notice = notice_for(liaison, content=pointing_to("/progress/5/"))

    answer = client.post(read_url(notice), {"line": "0"})

    notice.refresh_from_db()
    assert (answer["Location"], notice.read_at) == ("/progress/5/", FILING_DAY)


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org", "javascript:alert(1)", "\\\\example.org", ""])
def test_a_stored_address_elsewhere_is_not_followed(client, liaison, url):
    notice = notice_for(liaison, content=pointing_to(url))

    assert client.post(read_url(notice), {"line": "0"})["Location"] == INBOX


@pytest.mark.parametrize("line", ["1", "-1", "abc", "9" * 12])
def test_a_line_that_is_not_there_leads_back(client, liaison, line):
    notice = notice_for(liaison)

    assert client.post(read_url(notice), {"line": line})["Location"] == INBOX


# --- In the shell ---------------------------------------------------------------------------------------------------


def test_the_top_bar_counts_what_is_unread_without_asking_more(client, liaison):
    def bar():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("tasks:progress-list"))
        return page.context["notice_count"], len(captured)

    client.get(reverse("tasks:progress-list"))
    before = bar()
    notice_for(liaison)
    notice_for(liaison, read_at=clock.now())
    notice_for(liaison, channel="email", state="queued")

    assert (before[0], bar()) == (0, (1, before[1]))


def test_a_new_message_shows_on_an_unchanged_overview(client, liaison, world):
    url = reverse("web:plan-overview", args=[world.plan.pk])
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304

    notice = notice_for(liaison)
    told = client.get(url, headers={"If-None-Match": tag})
    client.post(read_url(notice))

    assert (told.status_code, "通知<b>1</b>" in told.text) == (200, True)
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
