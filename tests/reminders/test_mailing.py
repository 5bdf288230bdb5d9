"""Which mails leave, what they say, and that each leaves once whatever runs at once or dies."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.guards import NotAllowed
from audit.models import AuditEvent
from background.services import NotRetryable
from calendars import clock
from config.env import BASE_DIR
from reminders.mailing import letter_for, relay_mail, retry, text_of
from reminders.models import Notice
from tests.reminders.mail_server import Postbox, mail_settings, serving
from tests.reminders.office import notice_for
from tests.services import free_port, process_environment
from tests.tasks.world import local, make_user

WRITTEN = local(2024, 10, 22, 9, 0)
FOOTER = "本邮件由系统自动发出，请勿直接回复。\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def mail_ready(settings):
    settings.MAIL_READY = True
    settings.SITE_URL = "https://diaodu.example.cn"


@pytest.fixture
def liaison(db):
    user = make_user("省水利厅联络员")
    user.email = "shuili@example.cn"
    user.save()
    return user


@pytest.fixture
def keeper(db):
    return make_user("运维", "system_admin")


def queued(user, **values):
    with clock.at(WRITTEN):
        return notice_for(user, channel="email", **{"state": "queued"} | values)


def standing(notice):
    notice.refresh_from_db()
    return notice.state, notice.error


def trail():
    rows = AuditEvent.objects.order_by("sequence")
    return [(row.action, row.object_id, row.content["detail"]) for row in rows]


class TestLetter:
    def test_links_begin_with_the_setting_whatever_hosts_are_allowed(self, mail_ready, settings, liaison):
        settings.ALLOWED_HOSTS = ["elsewhere.example.com"]

        assert text_of(queued(liaison).content) == (
            "省水利厅：\n\n【待填报】\n· 第1项 农村供水提升\n  https://diaodu.example.cn/progress/1/\n\n请按时报送。\n\n"
            + FOOTER
        )

    def test_what_a_message_does_not_have_leaves_no_gap(self, mail_ready):
        assert text_of({"greeting": "王明：", "groups": [], "closing": []}) == "王明：\n\n" + FOOTER
        assert text_of({}) == FOOTER

    @pytest.mark.parametrize(
        "broken", ["月报\r\nBcc: x@example.cn", "月报\nBcc: x@example.cn", "月报\u2028\x0bBcc: x@example.cn"]
    )
    def test_line_break_in_a_subject_begins_no_header(self, mail_ready, liaison, broken):
        letter = letter_for(queued(liaison, subject=broken)).message()

        assert letter["Bcc"] is None
        assert b"\nBcc" not in letter.as_bytes()

    def test_every_attempt_carries_the_same_identity(self, mail_ready, liaison):
        notice = queued(liaison)
        first, again = letter_for(notice).message(), letter_for(Notice.objects.get()).message()

        assert first["Message-ID"] == again["Message-ID"] == f"<notice.{notice.pk}@diaodu.example.cn>"
        assert first["Date"] == again["Date"]


class TestWhatLeaves:
    def test_nothing_without_a_mail_server(self, liaison):
        notice = queued(liaison)

        assert relay_mail() == 0
        assert standing(notice) == ("queued", "")

    def test_sent_mail_is_marked_and_kept_in_the_trail(self, mail_ready, liaison):
        notice = queued(liaison)

        with clock.at(WRITTEN + timedelta(minutes=1)):
            assert relay_mail() == 1

        assert standing(notice) == ("sent", "")
        assert notice.sent_at == WRITTEN + timedelta(minutes=1)
        assert (notice.leased_by, notice.lease_until) == ("", None)
        assert trail() == [("notice.sent", str(notice.pk), "")]

    def test_only_what_is_due_leaves_and_the_oldest_first(self, mail_ready, liaison):
        now = timezone.now()
        for minutes in (1, -1, -3, -2):
            queued(liaison, subject=f"{minutes}", next_try_at=now + timedelta(minutes=minutes))
        notice_for(liaison, subject="站内")
        for state in ("parked", "withdrawn", "sent"):
            queued(liaison, subject=state, state=state)

        assert relay_mail(limit=2) == 2
        assert relay_mail() == 1
        assert [one.subject for one in mail.outbox] == ["-3", "-2", "-1"]

    def test_no_mail_is_begun_once_the_time_is_up(self, mail_ready, liaison):
        notice = queued(liaison)

        assert relay_mail(seconds=0) == 0
        assert standing(notice) == ("queued", "")

    def test_nobody_writes_to_a_disabled_account(self, mail_ready, liaison):
        notice = queued(liaison)
        liaison.is_active = False
        liaison.save()

        assert relay_mail() == 0
        assert standing(notice) == ("withdrawn", "收件人账号已停用。")
        assert trail() == [("notice.withdrawn", str(notice.pk), "收件人账号已停用。")]
        assert mail.outbox == []

    @pytest.mark.parametrize(
        "address", ["", "nobody", "a@example.cn\nBcc: b@example.cn", "a@example.cn, b@example.cn", "a@example.cn\r\n"]
    )
    def test_person_without_address_is_shown_to_whoever_keeps_the_system(self, mail_ready, liaison, address):
        notice = queued(liaison)
        type(liaison).objects.filter(pk=liaison.pk).update(email=address)

        assert relay_mail() == 0
        assert standing(notice) == ("parked", "收件人没有登记可用的邮箱。")
        assert trail() == [("notice.parked", str(notice.pk), "收件人没有登记可用的邮箱。")]
        assert mail.outbox == []

    def test_what_was_undone_while_its_mail_waited_does_not_follow_its_correction(self, mail_ready, liaison):
        notice = queued(liaison, key="event:1:1", kind="return", attempts=1)
        queued(liaison, key="undo:event:1:1", kind="correction", subject="【更正】")

        assert relay_mail() == 1
        assert standing(notice) == ("withdrawn", "所通知的事项已撤销。")
        assert [one.subject for one in mail.outbox] == ["【更正】"]

    def test_mail_that_killed_its_relay_too_often_is_parked(self, mail_ready, liaison):
        long_ago = timezone.now() - timedelta(minutes=1)
        notice = queued(liaison, state="sending", leased_by="gone", lease_until=long_ago, attempts=8)

        assert relay_mail() == 0
        assert standing(notice) == ("parked", "发送时多次意外中断。")


class TestRetry:
    def test_parked_mail_is_sent_anew(self, mail_ready, liaison, keeper):
        notice = queued(liaison, state="parked", attempts=8, error="连不上邮件服务器。已尝试 8 次。")

        retry(notice, by=keeper)

        assert (notice.state, notice.attempts, notice.error) == ("queued", 0, "")
        assert relay_mail() == 1
        assert [row[0] for row in trail()] == ["notice.retried", "notice.sent"]

    @pytest.mark.parametrize("state", ["queued", "sent", "withdrawn"])
    def test_only_a_parked_one(self, liaison, keeper, state):
        notice = queued(liaison, state=state)

        with pytest.raises(NotRetryable):
            retry(notice, by=keeper)
        assert standing(notice)[0] == state
        assert trail() == []

    def test_only_by_whoever_keeps_the_system(self, liaison):
        notice = queued(liaison, state="parked")

        with pytest.raises(NotAllowed):
            retry(notice, by=make_user("主管", "office_admin"))
        assert standing(notice)[0] == "parked"


RELAY = """
import django
django.setup()
from reminders.mailing import relay_mail
print("ready", flush=True)
input()
print(relay_mail(), flush=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
class TestAtOnce:
    """Several relays on the real database, with a real server that counts."""

    MAILS = 20

    @pytest.fixture
    def port(self, settings):
        number = free_port()
        mail_settings(settings, f"smtp://127.0.0.1:{number}")
        return number

    @pytest.fixture
    def postbox(self, port):
        box = Postbox()
        with serving(box, port):
            yield box

    @contextmanager
    def relays(self, port, count=1, **variables):
        """Processes that are ready to relay and wait for a word on their standard input."""
        mailing = {
            "MAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_FROM": "yuediaodu@example.cn",
            "SITE_URL": "https://diaodu.example.cn",
        }
        environment = process_environment(connection) | mailing | variables
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [sys.executable, "-c", RELAY]
        processes = [subprocess.Popen(command, cwd=BASE_DIR, env=environment, **pipes) for _ in range(count)]
        try:
            for process in processes:
                assert process.stdout.readline() == "ready\n"
            yield processes
        finally:
            for process in processes:
                process.kill()
                process.communicate()

    def run(self, port, count=1, **variables):
        with self.relays(port, count, **variables) as processes:
            for process in processes:
                process.stdin.write("\n")
                process.stdin.flush()
            for process in processes:
                process.wait(60)
            return [process.returncode for process in processes]

    def test_two_processes_send_each_mail_once(self, port, postbox, liaison):
        notices = [queued(liaison, subject=f"{number}") for number in range(self.MAILS)]

        assert self.run(port, 2) == [0, 0]

        assert sorted(postbox.subjects, key=int) == [one.subject for one in notices]
        assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}

    def test_without_the_claim_they_send_twice(self, port, postbox, liaison):
        for number in range(self.MAILS):
            queued(liaison, subject=f"{number}")

        assert self.run(port, 2, DEFENCES_OFF="mail_claim") == [0, 0]

        assert len(postbox.mails) > self.MAILS

    @pytest.mark.parametrize(("failpoint", "before", "after"), [("mail.claimed", 0, 1), ("mail.sent", 1, 2)])
    def test_killed_relay_loses_nothing_and_repeats_at_most_once(
        self, port, postbox, liaison, failpoint, before, after
    ):
        notice = queued(liaison)

        assert self.run(port, FAILPOINTS=failpoint) == [-9]
        assert len(postbox.mails) == before
        assert standing(notice)[0] == "sending"
        assert relay_mail() == 0  # the lease holds
        Notice.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

        assert relay_mail() == 1
        assert len(postbox.mails) == after
        assert {str(one["Message-ID"]) for one in postbox.mails} == {f"<notice.{notice.pk}@diaodu.example.cn>"}
        assert standing(notice)[0] == "sent"

    def test_slow_server_holds_one_thread_of_a_process(self, postbox, liaison):
        queued(liaison), queued(liaison)
        postbox.waits = 0.5
        answers = []

        def relay():
            answers.append(relay_mail())
            connection.close()

        threads = [threading.Thread(target=relay) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(answers) == [0, 0, 0, 2]
        assert answers[-1] == 2  # the others did not wait
        assert len(postbox.mails) == 2
