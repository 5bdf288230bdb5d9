"""Mails that wait leave through the mail server, one at a time, each claimed before it is sent.

A mail goes out at least once: a relay that dies between sending and marking sends it again, with the same Message-ID.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

import audit
from accounts.guards import require
from accounts.models import User
from background import failpoints
from background.run import new_holder
from background.services import NotRetryable
from calendars import clock
from reminders.choices import BACK_OFF, LEASE, TRIES, NoticeKind, NoticeState
from reminders.models import Notice
from reminders.smtp import is_server_away, reason_of
from tasks.services.locks import defended

logger = logging.getLogger(__name__)
FOOTER = "本邮件由系统自动发出，请勿直接回复。"
SERVER_PAUSE = timedelta(minutes=1)  # for all mails, once the server itself has failed
FREE = {"leased_by": "", "lease_until": None}
_relaying = threading.Lock()


@dataclass(frozen=True)
class Claim:
    """One attempt at one mail."""

    notice: Notice
    holder: str


class ServerAway(Exception):
    """The server fails whatever the mail: the next one would only wait for it again. The message is Chinese."""


class MailFailed(Exception):
    """This mail was not taken; others may be. The message is Chinese."""


def relay_mail(*, limit: int = 50, seconds: float = 20) -> int:
    """Send mails that are due, oldest first; returns how many left.

    Begins none after `limit` mails or `seconds`. One relay at a time in a process, the others return at once: a slow
    server must not hold every thread of a worker. Relays of several processes take different mails.
    """
    if not settings.MAIL_READY or not _relaying.acquire(blocking=False):
        return 0
    try:
        return _relay(limit, time.monotonic() + seconds)
    finally:
        _relaying.release()


@transaction.atomic
def retry(notice: Notice, *, by: User) -> Notice:
    """Send a parked mail anew with all its tries. Raises NotAllowed, NotRetryable when it is not parked any more."""
    require(by, "operations.view")
    moved = Notice.objects.mails().parked().filter(pk=notice.pk)
    if not moved.update(state=NoticeState.QUEUED, attempts=0, error="", next_try_at=Now()):
        raise NotRetryable(notice.pk)
    notice.refresh_from_db()
    audit.record("notice.retried", notice, by=by)
    return notice


def letter_for(notice: Notice, connection: Any = None) -> mail.EmailMessage:
    """The mail of a notice: plain text, links from SITE_URL alone, the same Message-ID at every attempt."""
    site: str = settings.SITE_URL
    return mail.EmailMessage(
        subject=" ".join(notice.subject.split()),  # a line break would begin another header
        body=text_of(notice.content),
        to=[notice.user.email],
        connection=connection,
        headers={
            "Message-ID": f"<notice.{notice.pk}@{urlsplit(site).hostname}>",
            "Date": format_datetime(notice.written_at.astimezone(clock.OFFICE_ZONE)),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no machine answers it
        },
    )


def text_of(content: dict) -> str:
    """A message (see `reminders.wording`) as the text of a mail."""
    groups = [_group_text(group) for group in content.get("groups", ())]
    closing = "\n".join(content.get("closing", ()))
    parts = (content.get("greeting", ""), *groups, closing, FOOTER)
    return "\n\n".join(part for part in parts if part) + "\n"


def _group_text(group: dict) -> str:
    lines = [f"【{group['title']}】"]
    for line in group["lines"]:
        lines.append(f"· {line['text']}")
        lines.append(f"  {settings.SITE_URL}{line['url']}")
    return "\n".join(lines)


def _relay(limit: int, until: float) -> int:
    server = mail.get_connection()
    sent = 0
    due = Notice.objects.mails().due().order_by("next_try_at", "pk").values_list("pk", flat=True)
    try:
        for pk in due[:limit]:
            if time.monotonic() >= until:
                break
            if claim := _claim(pk):
                failpoints.reach("mail.claimed")
                sent += _handle(claim, server)
    except ServerAway as away:
        _pause(str(away))
    finally:
        _close(server)
    return sent


def _claim(pk: int) -> Claim | None:
    """Take one mail, or None when somebody else has: of several relays one sees its row change."""
    holder = new_holder()
    mails = Notice.objects.filter(pk=pk)
    if defended("mail_claim"):
        mails = mails.due()
    taken = mails.update(
        state=NoticeState.SENDING, leased_by=holder, lease_until=Now() + LEASE, attempts=F("attempts") + 1
    )
    return Claim(Notice.objects.select_related("user").get(pk=pk), holder) if taken else None


def _handle(claim: Claim, server: Any) -> bool:
    """Bring one claimed mail to its end or back into the queue; True when it left. Raises ServerAway."""
    notice = claim.notice
    if notice.attempts > TRIES:
        _end(claim, NoticeState.PARKED, "发送时多次意外中断。")
    elif not notice.user.is_active:
        _end(claim, NoticeState.WITHDRAWN, "收件人账号已停用。")
    elif _undone(notice):
        _end(claim, NoticeState.WITHDRAWN, "所通知的事项已撤销。")
    elif not _has_address(notice.user):
        _end(claim, NoticeState.PARKED, "收件人没有登记可用的邮箱。")
    else:
        return _try(claim, server)
    return False


def _try(claim: Claim, server: Any) -> bool:
    try:
        _send(claim.notice, server)
    except MailFailed as failed:
        _put_back_or_park(claim, str(failed))
    except ServerAway as away:
        _put_back_or_park(claim, str(away))
        raise
    else:
        failpoints.reach("mail.sent")
        _end(claim, NoticeState.SENT)
        return True
    return False


def _send(notice: Notice, server: Any) -> None:
    """Raises ServerAway or MailFailed."""
    try:
        server.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        raise ServerAway(reason_of(error)) from error
    try:
        letter_for(notice, server).send()
    except OSError as error:
        failure = ServerAway if is_server_away(error) else MailFailed
        raise failure(reason_of(error)) from error


def _undone(notice: Notice) -> bool:
    """Whether a 更正 went out while this one waited: sent after it, it would be believed again."""
    return Notice.objects.filter(key=f"undo:{notice.key}", kind=NoticeKind.CORRECTION).exists()


def _has_address(user: User) -> bool:
    """Checked again: a row can be older than the form, and a line break in it would begin another header."""
    try:
        validate_email(user.email)
    except ValidationError:
        return False
    return True


def _put_back_or_park(claim: Claim, reason: str) -> None:
    tries = claim.notice.attempts
    if tries >= TRIES:
        _end(claim, NoticeState.PARKED, f"{reason}已尝试 {tries} 次。")
        return
    pause = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
    _held(claim).update(**FREE, state=NoticeState.QUEUED, next_try_at=Now() + pause, error=reason)


@transaction.atomic
def _end(claim: Claim, state: NoticeState, reason: str = "") -> None:
    """Mark it and keep that in the trail. Nothing when somebody else holds the mail by now."""
    sent_at = clock.now() if state == NoticeState.SENT else None
    if _held(claim).update(**FREE, state=state, sent_at=sent_at, error=reason):
        audit.record(f"notice.{state}", claim.notice, by=None, detail=reason)
    else:
        logger.warning("mail %s: lease lost, left to its new holder", claim.notice.pk)


def _pause(reason: str) -> None:
    """Let every mail wait for the server, without a try lost to those that were not tried."""
    logger.warning("mail server: %s", reason)
    queued = Notice.objects.mails().filter(state=NoticeState.QUEUED, next_try_at__lt=Now() + SERVER_PAUSE)
    queued.update(next_try_at=Now() + SERVER_PAUSE, error=reason)


def _held(claim: Claim) -> Any:
    return Notice.objects.filter(pk=claim.notice.pk).held_by(claim.holder)


def _close(server: Any) -> None:
    try:
        server.close()
    except OSError:  # what was sent is sent
        logger.info("mail server did not say goodbye")
