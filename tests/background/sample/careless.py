"""Work that does what no room may do, as a job and as a tick. Registered only by the tests that must find it out."""

import time
from datetime import timedelta

from django.conf import settings
from django.core import mail

from background.registry import job, tick
from calendars import clock
from reminders.models import Notice

GAP = 0.5  # seconds between asking and acting


def register() -> None:
    """In this process alone: elsewhere workers would do it."""
    for work in (forgetful, hasty):
        name = f"sample.{work.__name__}"
        tick(name, label="不慎", every=timedelta(hours=1))(work)
        job(name, label="不慎")(lambda run, work=work: {"count": work()})


def forgetful() -> int:
    """Never asks whether it has done it already."""
    _tell()
    return 1


def hasty() -> int:
    """Asks, but somebody else may act before it does."""
    if Notice.objects.filter(key__startswith="hasty:").exists():
        return 0
    time.sleep(GAP)
    _tell()
    Notice.objects.create(
        key=f"hasty:{time.monotonic_ns()}", channel="inbox", state="sent", user_id=_somebody(), subject="催报",
        kind="digest", day=clock.today(),
    )  # fmt: skip
    return 1


def _tell() -> None:
    mail.EmailMessage(
        subject="催报", body="请报送。", from_email=settings.DEFAULT_FROM_EMAIL, to=["a@example.cn"]
    ).send()


def _somebody() -> int:
    return Notice.user.field.related_model.objects.values_list("pk", flat=True).first()
