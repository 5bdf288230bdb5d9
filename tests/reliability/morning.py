"""A morning with a report to lay out and reminders to write and to send, and what must come of it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from calendars import clock
from reminders.models import Notice
from reminders.services import write_digests
from tests.e2e.processes import write_clock
from tests.reliability.copies import Copy, copied
from tests.reliability.machines import Machines, machines
from tests.reliability.mail_sink import Sink
from tests.reliability.worlds import MORNING, everything

_numbers = itertools.count(1)


@dataclass
class Morning:
    """One world of it. `expected` are the keys of the messages that must be written, each of them once by mail too."""

    copy: Copy
    machines: Machines
    clock: Path
    sink: Sink
    domain: str
    expected: frozenset[str]

    def is_settled(self) -> bool:
        """Everything asked for is done: the report laid out, all messages written, all mails marked as sent."""
        return (
            not self.copy.rows("SELECT 1 FROM background_job WHERE state <> 'done'")
            and set(self.inbox()) >= self.expected
            and not self.copy.rows("SELECT 1 FROM reminders_notice WHERE state <> 'sent'")
        )

    def inbox(self) -> list[str]:
        return [key for (key,) in self.copy.rows("SELECT key FROM reminders_notice WHERE channel = 'inbox'")]

    def mails(self) -> Counter:
        """Message-ID and recipient → how often it arrived."""
        return Counter(self.sink.received(self.domain))

    def repeats(self) -> int:
        return sum(times - 1 for times in self.mails().values())

    def check(self, *, kills: int) -> None:
        """Nothing lost, nothing doubled in the system, at most one mail more for each kill."""
        assert sorted(self.inbox()) == sorted(self.expected)
        assert self.copy.rows("SELECT COUNT(*) FROM reminders_notice WHERE channel = 'email'") == [
            (len(self.expected),)
        ]
        assert len(self.mails()) == len(self.expected)
        assert self.repeats() <= kills
        assert self.copy.rows("SELECT state FROM reports_monthlyreport") == [("ready",)]
        assert self._count("reports_issuedfile") == 1
        actions = dict(self.copy.rows("SELECT action, COUNT(*) FROM audit_auditevent GROUP BY action"))
        wanted = {"monthly.rendered": 1, "job.done": 1, "notice.sent": len(self.expected)}
        assert {action: actions.get(action) for action in wanted} == wanted

    def _count(self, rows: str) -> int:
        return self.copy.rows(f"SELECT COUNT(*) FROM {rows}")[0][0]

    def let_leases_run_out(self) -> None:
        """Half a minute, or a whole one, goes by."""
        past = timezone.now() - timedelta(minutes=2)
        self.copy.change("UPDATE background_job SET lease_until = %s WHERE state = 'running'", past)
        self.copy.change("UPDATE background_job SET published_at = %s WHERE state = 'queued'", past)
        self.copy.change("UPDATE reminders_notice SET lease_until = %s WHERE state = 'sending'", past)


@contextmanager
def morning(folder: Path, sink: Sink, expected: frozenset[str], *, at=MORNING) -> Iterator[Morning]:
    """A copy of the prepared morning, at that hour, with nothing running yet."""
    with copied(folder) as copy:
        domain = f"@t{next(_numbers)}.example.cn"
        told = copy.folder / "clock"
        write_clock(told, at)
        with machines(copy, mail_url=sink.url, site=domain.removeprefix("@"), clock=told) as made:
            yield Morning(copy, made, told, sink, domain, expected)


def prepare() -> frozenset[str]:
    """Build it in the test's database; gives the keys of the messages that are due and not written."""
    everything()
    with clock.at(MORNING), transaction.atomic():
        write_digests()
        expected = frozenset(Notice.objects.values_list("key", flat=True))
        transaction.set_rollback(True)
    connection.close()
    return expected
