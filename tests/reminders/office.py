"""What the tests of this room's pages share: an inbox message made by hand."""

from __future__ import annotations

from calendars import clock
from reminders.models import Notice

CONTENT = {
    "greeting": "省水利厅：",
    "groups": [{"title": "待填报", "lines": [{"text": "第1项 农村供水提升", "url": "/progress/1/"}]}],
    "closing": ["请按时报送。"],
}


def notice_for(user, *, key: str = "", channel: str = "inbox", state: str = "sent", **values) -> Notice:
    """One message to `user` written now; `values` replace columns."""
    columns = {"kind": "digest", "subject": "【月调度提醒】", "content": CONTENT, "day": clock.today()} | values
    key = key or f"test:{user.pk}:{Notice.objects.count()}"
    return Notice.objects.create(key=key, channel=channel, state=state, user=user, **columns)
