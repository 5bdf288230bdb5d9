"""Is everything alive? Read from heartbeat rows, so that asking never touches the broker."""

import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from background.models import Heartbeat

SILENT_AFTER = timedelta(seconds=60)
PARTS = {"broker": "broker", "relay": "background.relay", "scheduler": "scheduler"}
ROOM_NEEDED = 20 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Pulse:
    """One heartbeat as seen now; `age` in whole seconds, None when it never beat."""

    name: str
    ok: bool
    age: int | None
    detail: str


def pulses() -> list[Pulse]:
    """Every heartbeat there is, by name, for the operations page."""
    return [_pulse(row.name, row) for row in Heartbeat.objects.order_by("name")]


def readiness() -> dict:
    """The answer of /readyz: `unavailable` without database or storage, else `degraded` or `ok`."""
    checks = {"database": _database(), "storage": _storage()}
    if not all(checks.values()):
        return {"status": "unavailable", "checks": {name: _word(ok) for name, ok in checks.items()}}
    rows = {row.name: row for row in Heartbeat.objects.filter(name__in=PARTS.values())}
    checks |= {part: _pulse(name, rows.get(name)).ok for part, name in PARTS.items()}
    status = "ok" if all(checks.values()) else "degraded"
    return {"status": status, "checks": {name: _word(ok) for name, ok in checks.items()}}


def _pulse(name: str, row: Heartbeat | None) -> Pulse:
    if row is None:
        return Pulse(name, ok=False, age=None, detail="")
    age = timezone.now() - row.at
    return Pulse(name, ok=row.ok and age < SILENT_AFTER, age=int(age.total_seconds()), detail=row.detail)


def _word(ok: bool) -> str:
    return "ok" if ok else "failed"


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _storage() -> bool:
    """Whether a file can really be written: permissions and a full disk look alike to whoever uploads."""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as probe:
            probe.write(b"\0" * 4096)
        disk = os.statvfs(settings.DATA_DIR)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize >= ROOM_NEEDED
