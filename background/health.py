"""Is everything alive? Read from heartbeat rows, so that asking never touches the broker."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from background import operations, registry
from background.choices import SILENT_AFTER, TICK_LATE_AFTER, WORKER_PREFIX
from background.models import Heartbeat

PARTS = {
    "broker": ("broker", "消息服务"),
    "relay": ("background.relay", "作业通知"),
    "scheduler": ("scheduler", "定时调度"),
}
MACHINE = {"database": "数据库", "storage": "存储"}
REMEMBERED = timedelta(minutes=10)  # a worker that was seen within it is listed
TICKS_NAMED = 2
ROOM_NEEDED = 20 * 1024 * 1024  # bytes
NEVER = "没有响应过"
REASONS = {
    "OperationalError": "连不上数据库或消息服务",
    "InterfaceError": "连不上数据库",
    "ConnectionError": "连不上消息服务",
    "TimeoutError": "消息服务没有及时应答",
    "BrokenPipeError": "消息服务中断了连接",
    "ConnectionRefusedError": "连不上消息服务",
    "ConnectionResetError": "消息服务中断了连接",
}


@dataclass(frozen=True)
class Pulse:
    """One part of the machinery as seen now. `note` says in office words since when, or why not."""

    name: str
    label: str
    ok: bool
    note: str = ""
    at: datetime | None = None
    failing: tuple[str, ...] = ()  # names of what is wrong inside it, for programs


@dataclass(frozen=True)
class WorkerPulse:
    machine: str
    process: str
    ok: bool
    note: str


def parts() -> list[Pulse]:
    """Database, storage, broker, relay, scheduler, worker, ticks, queues; the first two alone if one of them fails."""
    machine = [Pulse("database", MACHINE["database"], _database()), Pulse("storage", MACHINE["storage"], _storage())]
    if not all(part.ok for part in machine):
        return machine
    named = Q(name__in=[*(heartbeat for heartbeat, _ in PARTS.values()), *registry.ticks()])
    rows = {row.name: row for row in Heartbeat.objects.filter(named | Q(name__startswith=WORKER_PREFIX))}
    beating = [_pulse(name, label, rows.get(heartbeat)) for name, (heartbeat, label) in PARTS.items()]
    last = max(
        (row for row in rows.values() if row.name.startswith(WORKER_PREFIX)), key=lambda row: row.at, default=None
    )
    return [*machine, *beating, _pulse("worker", "工作进程", last), _all_ticks(rows), *_queues()]


def readiness() -> dict:
    """The answer of /readyz: `unavailable` without database or storage, else `degraded` or `ok`."""
    found = parts()
    answer = {"status": status_of(found), "checks": {part.name: "ok" if part.ok else "failed" for part in found}}
    failing = [name for part in found for name in part.failing]
    return answer | ({"failing": failing} if failing else {})


def status_of(found: list[Pulse]) -> str:
    if not all(part.ok for part in found if part.name in MACHINE):
        return "unavailable"
    return "ok" if all(part.ok for part in found) else "degraded"


def ticks() -> list[Pulse]:
    """Every registered tick: when it last ran, and whether that is long enough ago to worry."""
    return _ticks_in({row.name: row for row in Heartbeat.objects.filter(name__in=registry.ticks())})


def _ticks_in(rows: Mapping[str, Heartbeat]) -> list[Pulse]:
    return [
        _pulse(tick.name, tick.label, rows.get(tick.name), late_after=max(3 * tick.every, TICK_LATE_AFTER))
        for tick in registry.ticks().values()
    ]


def _all_ticks(rows: Mapping[str, Heartbeat]) -> Pulse:
    """One word for all ticks. One that never ran is new, or the scheduler is silent, which is said already."""
    ill = [tick for tick in _ticks_in(rows) if tick.at and not tick.ok]
    note = "、".join(tick.label for tick in ill[:TICKS_NAMED]) + (f"等 {len(ill)} 项" if len(ill) > TICKS_NAMED else "")
    return Pulse("ticks", "定时检查", not ill, note, failing=tuple(tick.name for tick in ill))


def _queues() -> list[Pulse]:
    """Whether some message could not be delivered and waits for a hand."""
    waiting = [(queue, bool(queue.rows(1))) for queue in operations.queues()]
    return [
        Pulse(queue.name, queue.label, not parked, "有未送达的，见下" if parked else "没有未送达的")
        for queue, parked in waiting
    ]


def workers() -> list[WorkerPulse]:
    """Every worker process seen lately, the latest first."""
    rows = Heartbeat.objects.filter(name__startswith=WORKER_PREFIX, at__gt=timezone.now() - REMEMBERED).order_by(
        "-at", "name"
    )
    return [_worker(row) for row in rows]


def _worker(row: Heartbeat) -> WorkerPulse:
    pulse = _pulse(row.name, "", row)
    machine, _, process = row.name.removeprefix(WORKER_PREFIX).rpartition(":")
    return WorkerPulse(machine, process, pulse.ok, pulse.note)


def _pulse(name: str, label: str, row: Heartbeat | None, *, late_after: timedelta = SILENT_AFTER) -> Pulse:
    if row is None:
        return Pulse(name, label, ok=False, note=NEVER)
    age = timezone.now() - row.at
    if age > late_after:
        return Pulse(name, label, ok=False, note=f"{ago(age)}起没有响应", at=row.at)
    if not row.ok:
        return Pulse(name, label, ok=False, note=REASONS.get(row.detail, "程序出错，原因见运行日志"), at=row.at)
    return Pulse(name, label, ok=True, note=ago(age), at=row.at)


def ago(age: timedelta) -> str:
    """The age in its largest whole unit. A clock ahead of ours counts as now."""
    seconds = max(int(age.total_seconds()), 0)
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}前"
    return f"{seconds} 秒前"


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
