"""For every job and tick a small world in which it has something to do. A new one is told here what to find."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from knox.models import AuthToken

from accounts.models import User
from api.models import IdempotencyKey
from background import services as background
from background.choices import JobState
from background.models import Heartbeat, Job
from calendars import clock
from calendars.models import CalendarYear
from files.models import files_root
from reminders.choices import NoticeState
from reminders.models import Notice
from reminders.services import write_digests
from reports.models import MonthlyReport
from reports.services import preview
from tasks.services import chasing, undo
from tests.imports.drafts import uploaded
from tests.tasks.world import FILING_DAY, World, local, make_october

MORNING = local(2024, 10, 22, 9, 5)  # three working days before the month is due: the first rung is open
HOUR_LATER = FILING_DAY + timedelta(hours=1)
DAY = 86_400  # seconds

WORLDS: dict[str, Callable[[], object]] = {}


def world(name: str) -> Callable:
    def register(build: Callable[[], object]) -> Callable:
        WORLDS[name] = build
        return build

    return register


def office() -> World:
    """The small office; everybody has an address, so that all that is told is told by mail as well."""
    CalendarYear.objects.get_or_create(year=2024)
    made = make_october()
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"u{user.pk}@example.cn")
    return made


@world("reports.render")
def waiting_preview() -> World:
    made = office()
    with clock.at(MORNING):
        preview(made.periods["2024-10"], by=User.objects.get(pk=made.admin.pk))
    return made


@world("imports.read")
def waiting_document() -> None:
    """A document that came in and was not read yet."""
    made = office()
    with clock.at(MORNING):
        uploaded(User.objects.get(pk=made.admin.pk))


@world("background.relay")
def unannounced_job() -> None:
    waiting_preview()


@world("background.sweep")
def abandoned_jobs() -> None:
    """One to be taken over, one that has killed all its workers, and the trace of a worker of last week."""
    past = timezone.now() - timedelta(minutes=5)
    for attempts in (1, 99):
        job = background.enqueue("reports.render", payload={"report": 0}, by=None)
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, leased_by="gone", lease_until=past, attempts=attempts, published_at=past
        )
    Heartbeat.objects.create(name="worker:gone:1", at=timezone.now() - timedelta(days=7))


@world("tasks.sweep_files")
def forgotten_files() -> None:
    folder = files_root() / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    for name, age in (("ab" * 16, 2 * DAY), ("ac" * 16, 3 * DAY), ("ad" * 16, 0)):
        (folder / name).write_bytes(b"left by a killed process")
        os.utime(folder / name, (time.time() - age,) * 2)


@world("api.sweep")
def expired_tokens() -> None:
    user = User.objects.create(username="program", name="程序")
    for hours in (1, 25, 30):
        at = timezone.now() - timedelta(hours=hours)
        IdempotencyKey.objects.create(user=user, key=f"k{hours}", path="/", body_digest="", created_at=at)
    AuthToken.objects.create(user, expiry=timedelta(hours=-1))
    AuthToken.objects.create(user, expiry=timedelta(hours=1))


@world("reminders.write")
def something_to_tell() -> None:
    """Debts whose rung has opened, a review that waits, a return, a chase, and a return undone after it was told."""
    made = office()
    returned = made.file(made.report("1", "省水利厅"), at=MORNING)
    made.returned(returned, at=FILING_DAY)
    made.file(made.report("2", "省林业局"), at=MORNING)
    _tell_and_undo(made)
    with clock.at(FILING_DAY):
        chasing.chase(
            made.periods["2024-10"], [made.departments["省财政厅"]], by=made.staff, channels=("inbox", "email")
        )


def _tell_and_undo(made: World) -> None:
    from reminders.services import write_event_notices

    report = made.file(made.report("2", "省财政厅"), at=MORNING)
    made.returned(report, at=FILING_DAY - timedelta(minutes=30))
    with clock.at(FILING_DAY - timedelta(minutes=20)):
        write_event_notices()
        undo(report.events.get(verb="returned"), by=made.staff)
        made.returned(made.report("2", "省财政厅"), at=FILING_DAY - timedelta(minutes=10))


@world("reminders.mail")
def waiting_mails() -> None:
    """Mails of the morning's digests: some due, one left behind by a relay that died, one to somebody who left."""
    made = office()
    made.file(made.report("2", "省林业局"), at=MORNING)
    with clock.at(MORNING):
        write_digests()
    left, abandoned, *_ = Notice.objects.mails().order_by("pk")
    User.objects.filter(pk=left.user_id).update(is_active=False)
    past = timezone.now() - timedelta(minutes=5)
    Notice.objects.filter(pk=abandoned.pk).update(
        state=NoticeState.SENDING, leased_by="gone", lease_until=past, attempts=1
    )


def everything() -> World:
    """What the killed processes had in hand: a report to lay out, digests to write and to send."""
    made = waiting_preview()
    made.file(made.report("2", "省林业局"), at=MORNING)
    return made


def draft(made: World) -> MonthlyReport:
    return MonthlyReport.objects.get(period=made.periods["2024-10"])
