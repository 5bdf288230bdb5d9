"""What the tests of the filing pages share: a browser of one person, and the fields as a browser sends them."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from accounts.middleware import SEEN, STARTED
from tasks.models import ProgressReport
from tests.tasks.world import PROGRESS

FIELDS = {name: str(value) for name, value in PROGRESS.items()}


def browser_of(user) -> Client:
    """A signed-in client of `user`, with a session that has just begun and a password in date."""
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password_changed_at"])
    client = Client()
    client.force_login(user, backend="accounts.backends.RightsBackend")
    session = client.session
    session[STARTED] = session[SEEN] = timezone.now().timestamp()
    session.save()
    return client


def fields(report: ProgressReport, **changes) -> dict:
    """The form as a browser sends it, with the version the report has now."""
    return FIELDS | {"version": report.version, "action": "save"} | changes
