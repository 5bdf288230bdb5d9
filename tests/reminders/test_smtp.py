"""Mails through a real mail server on loopback: what arrives, and what its failures do to the queue."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from django.utils import timezone

from calendars import clock
from calendars.models import CalendarYear
from reminders import smtp
from reminders.choices import BACK_OFF, TRIES
from reminders.mailing import relay_mail
from reminders.models import Notice
from reminders.services import write_digests
from tests.reminders.mail_server import (
    ACCOUNT,
    Postbox,
    answering,
    certificate,
    knows,
    mail_settings,
    serving,
    serving_encrypted,
)
from tests.reminders.office import notice_for
from tests.services import free_port
from tests.tasks.world import local, make_october, make_user

pytestmark = pytest.mark.django_db
WRITTEN = local(2024, 10, 22, 9, 0)


@pytest.fixture
def port(settings):
    number = free_port()
    mail_settings(settings, f"smtp://127.0.0.1:{number}")
    return number


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def server(postbox, port):
    with serving(postbox, port):
        yield postbox


@pytest.fixture
def liaison(db):
    return person("省水利厅联络员", "shuili@example.cn")


def person(name, email):
    user = make_user(name)
    user.email = email
    user.save()
    return user


def queued(user, **values):
    with clock.at(WRITTEN):
        return notice_for(user, channel="email", state="queued", **values)


def standing(notice):
    notice.refresh_from_db()
    return notice.state, notice.attempts, notice.error


def test_mail_arrives_in_chinese_with_its_link(server, liaison):
    notice = queued(
        liaison,
        subject="【月调度提醒】1 项进展待报送",
        content={
            "greeting": "省水利厅联络员：",
            "groups": [
                {
                    "title": "省水利厅",
                    "lines": [
                        {
                            "text": "第1项 农村供水提升（2024年10月）：截止 10月25日（周五）18:00，还剩 3 天",
                            "url": "/progress/5/",
                        }
                    ],
                }
            ],
            "closing": ["没有新进展的，选“无新进展”即可。", "联系人：王明，0551-60000000。"],
        },
    )

    assert relay_mail() == 1

    (letter,) = server.mails
    assert letter["Subject"] == "【月调度提醒】1 项进展待报送"
    assert (letter["From"], letter["To"]) == ("月调度 <yuediaodu@example.cn>", "shuili@example.cn")
    assert letter["Message-ID"] == f"<notice.{notice.pk}@diaodu.example.cn>"
    assert letter["Date"] == "Tue, 22 Oct 2024 09:00:00 +0800"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content()
    assert text.replace("\r\n", "\n") == (
        "省水利厅联络员：\n\n"
        "【省水利厅】\n"
        "· 第1项 农村供水提升（2024年10月）：截止 10月25日（周五）18:00，还剩 3 天\n"
        "  https://diaodu.example.cn/progress/5/\n\n"
        "没有新进展的，选“无新进展”即可。\n联系人：王明，0551-60000000。\n\n"
        "本邮件由系统自动发出，请勿直接回复。\n"
    )
    everything = text + str(letter.items())
    assert not [word for word in ("退订", "取消订阅", "nsubscribe") if word in everything]
    assert standing(notice) == ("sent", 1, "")
    assert notice.sent_at is not None


def test_many_mails_leave_over_one_connection(server, liaison):
    for number in range(5):
        queued(liaison, subject=f"第{number}封")

    assert relay_mail(limit=3) == 3
    assert server.subjects == ["第0封", "第1封", "第2封"]
    assert server.connections == 1
    assert relay_mail() == 2
    assert relay_mail() == 0


def test_server_that_is_down_costs_one_mail_one_try(port, postbox, liaison):
    first, second = queued(liaison), queued(liaison)

    assert relay_mail() == 0

    assert standing(first) == ("queued", 1, "连不上邮件服务器。")
    assert standing(second) == ("queued", 0, "连不上邮件服务器。")
    assert relay_mail() == 0
    assert standing(second)[1] == 0  # nobody asks again within the minute
    make_due()
    with serving(postbox, port):
        assert relay_mail() == 2
    assert standing(first) == ("sent", 2, "")


def make_due():
    Notice.objects.update(next_try_at=local(2024, 1, 1))


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "550 5.1.1 no such user"])
def test_refused_mail_waits_longer_each_time_and_is_parked_in_the_end(server, liaison, answer):
    other = person("省财政厅联络员", "caizheng@example.cn")
    server.refuses[liaison.email] = answer
    refused, taken = queued(liaison), queued(other)

    assert relay_mail() == 1
    assert server.recipients == [other.email]
    assert standing(taken)[0] == "sent"
    for tries in range(1, TRIES):
        reason = f"邮件服务器不接受收件地址（{answer[:3]}）。"
        assert standing(refused) == ("queued", tries, reason)
        pause = refused.next_try_at - timezone.now()
        assert abs(pause - BACK_OFF[tries - 1]).total_seconds() < 20
        make_due()
        relay_mail()

    assert standing(refused) == ("parked", TRIES, f"{reason}已尝试 8 次。")
    make_due()
    assert relay_mail() == 0


class TestServerThatFails:
    """Nothing waits longer than the time-out, no mail is lost, and the next relay delivers."""

    @pytest.fixture(autouse=True)
    def short_time_out(self, settings, monkeypatch):
        settings.EMAIL_TIMEOUT = 0.4
        monkeypatch.setattr(smtp, "CALL_SECONDS", 0.8)

    def test_slow_server_stops_the_batch_at_its_first_mail(self, server, liaison):
        first, second = queued(liaison), queued(liaison)
        server.waits = 1.5

        began = time.monotonic()
        assert relay_mail() == 0

        assert time.monotonic() - began < 1.2
        assert standing(first) == ("queued", 1, "邮件服务器没有在 0.4 秒内应答。")
        assert standing(second)[:2] == ("queued", 0)
        server.waits = 0
        make_due()
        assert relay_mail() == 2

    def test_server_that_hangs_up(self, server, liaison):
        notice = queued(liaison)
        server.hangs_up = True

        assert relay_mail() == 0
        assert standing(notice) == ("queued", 1, "邮件服务器中断了连接。")

        server.hangs_up = False
        make_due()
        assert relay_mail() == 1
        assert len(server.mails) == 1

    @pytest.mark.parametrize(
        ("pieces", "told"),
        [
            ([], "邮件服务器没有在 0.4 秒内应答。"),
            ([b"2"] * 100, "邮件服务器没有在 0.4 秒内应答。"),
            ([b"554 go away\r\n"], "邮件服务器拒绝连接（554）。"),
            ([b"HTTP/1.1 400 Bad Request\r\n"], "邮件服务器拒绝连接。"),
            ([b"220 hello\r\n", b"550 not you\r\n", b"550 not you\r\n"], "邮件服务器拒绝连接（550）。"),
            ([b"220 hello\r\n", b"250 hello\r\n", b"421 closing\r\n"], "邮件服务器不接受发件地址（421）。"),
        ],
        ids=["silent", "drop by drop", "refuses", "no mail server", "no hello", "closing"],
    )
    def test_what_answers_is_no_good(self, port, liaison, pieces, told):
        notice = queued(liaison)

        began = time.monotonic()
        with answering(port, *pieces, pause=0.1):
            assert relay_mail() == 0
            assert time.monotonic() - began < 3
        assert standing(notice)[:2] == ("queued", 1)
        assert standing(notice)[2] == told


class TestEncryptedServer:
    """The certificate is checked, and the account goes nowhere before that."""

    @pytest.fixture
    def identity(self, tmp_path):
        return certificate(tmp_path)

    @pytest.fixture
    def trusted(self, identity, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(identity[1]))

    def test_begins_plainly_and_then_encrypts(self, settings, identity, trusted, postbox, liaison):
        port = address(settings, "smtp+tls")
        notice = queued(liaison)

        with serving(postbox, port, tls_context=identity[0], authenticator=knows, auth_required=True):
            assert relay_mail() == 1
        assert postbox.accounts == [ACCOUNT[0]]
        assert standing(notice)[0] == "sent"

    def test_is_encrypted_from_the_first_byte(self, settings, identity, trusted, postbox, liaison):
        port = address(settings, "smtps")
        queued(liaison)

        with serving_encrypted(postbox, port, identity[0]):
            assert relay_mail() == 1
        assert postbox.accounts == [ACCOUNT[0]]

    def test_unknown_certificate_gets_nothing(self, settings, identity, postbox, liaison):
        port = address(settings, "smtp+tls")
        notice = queued(liaison)

        with serving(postbox, port, tls_context=identity[0], authenticator=knows):
            assert relay_mail() == 0
        assert standing(notice) == ("queued", 1, "邮件服务器的证书无法验证。")
        assert postbox.mails == []

    def test_server_that_cannot_encrypt_gets_nothing(self, settings, postbox, liaison):
        port = address(settings, "smtp+tls")
        notice = queued(liaison)

        with serving(postbox, port, authenticator=knows, auth_require_tls=False):
            assert relay_mail() == 0
        assert standing(notice) == ("queued", 1, "邮件服务器不支持所设的加密或登录方式。")

    def test_wrong_password_is_told_without_it(self, settings, postbox, liaison, caplog):
        port = address(settings, "smtp", password="geheim-97")
        notice = queued(liaison)

        with serving(postbox, port, authenticator=knows, auth_require_tls=False):
            assert relay_mail() == 0
        assert standing(notice) == ("queued", 1, "邮件服务器不接受所设的用户名或密码（535）。")
        ours = [one.getMessage() for one in caplog.records if one.name.startswith("reminders")]
        assert ours == ["mail server: 邮件服务器不接受所设的用户名或密码（535）。"]


def address(settings, scheme, password=ACCOUNT[1]):
    """Configure an account on a server of this kind; gives its port."""
    port = free_port()
    mail_settings(settings, f"{scheme}://{ACCOUNT[0]}:{quote(password, safe='')}@127.0.0.1:{port}")
    return port


def test_digest_goes_from_the_books_to_the_mailbox(server, settings):
    """Nothing made by hand: the tick writes what is owed, the relay sends it."""
    CalendarYear.objects.get_or_create(year=2024)
    office = make_october()
    waters = office.liaisons["省水利厅"]
    type(waters).objects.filter(pk=waters.pk).update(email="shuili@example.cn")

    with clock.at(WRITTEN):
        write_digests()
        assert relay_mail() == 1

    (letter,) = server.mails
    report = office.report("1", "省水利厅")
    assert (letter["To"], letter["Subject"]) == ("shuili@example.cn", "【月调度提醒】1 项进展待报送")
    assert letter.get_content().replace("\r\n", "\n") == (
        "省水利厅联络员：\n\n"
        "【省水利厅】\n"
        "· 第1项 农村供水提升（2024年10月）：截止 10月25日（周五）18:00，还剩 3 天\n"
        f"  https://diaodu.example.cn/progress/{report.pk}/\n\n"
        "没有新进展的，选“无新进展”即可。\n\n"
        "本邮件由系统自动发出，请勿直接回复。\n"
    )
