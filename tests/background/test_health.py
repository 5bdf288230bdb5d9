"""What lives, as heartbeat rows tell it."""

import os
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from background import health, jobs, pulse, registry, run, services
from background.choices import JobState
from background.models import Heartbeat, Job

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def beaten(name, *, ago, ok=True, detail=""):
    Heartbeat.objects.create(name=name, at=timezone.now() - timedelta(seconds=ago), ok=ok, detail=detail)


def part(name):
    return next(part for part in health.parts() if part.name == name)


@pytest.fixture
def silent_until_now(monkeypatch):
    """This process has not spoken as a worker yet."""
    monkeypatch.setattr(pulse, "_beaten", None)


def test_a_worker_speaks_when_it_handles_a_message(silent_until_now):
    jobs.tick("background.sweep")

    assert Heartbeat.objects.filter(name=f"worker:{run.MACHINE}:{os.getpid()}").exists()
    assert pulse.last_of(os.getpid()) == Heartbeat.objects.get(name=f"worker:{run.WORKER}").at
    assert pulse.last_of(1) is None


def test_a_worker_speaks_at_most_every_ten_seconds(silent_until_now, monkeypatch):
    spoken = []
    for now in (100.0, 105.0, 109.9, 110.0, 119.9, 120.0):
        monkeypatch.setattr(pulse.time, "monotonic", lambda now=now: now)
        pulse.beat()
        spoken += [now] if Heartbeat.objects.filter(name=pulse.NAME).delete()[0] else []

    assert spoken == [100.0, 110.0, 120.0]


@pytest.mark.parametrize("form", ["path", "abstract"])
def test_the_supervisor_hears_each_sign_of_life(silent_until_now, monkeypatch, tmp_path, form):
    name = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(name if form == "path" else f"\0{name}")
        supervisor.settimeout(1)
        monkeypatch.setenv("NOTIFY_SOCKET", name if form == "path" else f"@{name}")

        jobs.tick("background.sweep")

        assert supervisor.recv(100) == b"WATCHDOG=1"


def test_a_supervisor_that_is_gone_disturbs_no_work(silent_until_now, monkeypatch, tmp_path):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))

    jobs.tick("background.sweep")

    assert Heartbeat.objects.get(name="background.sweep").ok


def test_who_does_ticks_without_messages_is_no_worker(silent_until_now):
    services.run_tick("background.sweep")
    services.work_off()

    assert not Heartbeat.objects.filter(name__startswith="worker:").exists()


def test_the_job_message_is_a_sign_of_life_too(silent_until_now, queued):
    job = queued()

    jobs.run(job.pk)

    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert pulse.last_of(os.getpid())


@pytest.mark.parametrize(("ago", "ok"), [(0, True), (58, True), (62, False)])
def test_the_machinery_has_a_worker_when_any_spoke_within_a_minute(ago, ok):
    beaten("worker:first:7", ago=5000)
    beaten("worker:second:8", ago=ago)

    assert part("worker").ok is ok


def test_nobody_spoke_yet():
    assert (part("worker").ok, part("worker").note) == (False, "没有响应过")
    assert health.workers() == []


def test_workers_of_the_last_ten_minutes_are_listed_latest_first():
    beaten("worker:first:7", ago=30)
    beaten("worker:second:8", ago=500)
    beaten("worker:third:9", ago=601)
    beaten("scheduler", ago=1)

    listed = [(worker.machine, worker.process, worker.ok, worker.note) for worker in health.workers()]

    assert listed == [("first", "7", True, "30 秒前"), ("second", "8", False, "8 分钟前起没有响应")]


def test_workers_are_forgotten_after_a_day():
    beaten("worker:first:7", ago=86_300)
    beaten("worker:second:8", ago=86_500)
    beaten("scheduler", ago=90_000)

    registry.ticks()["background.sweep"].function()

    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker:first:7", "scheduler"}


@pytest.mark.parametrize(
    ("every", "ago", "ok"), [(2, 89, True), (2, 91, False), (20, 91, False), (40, 119, True), (40, 121, False)]
)
def test_a_tick_is_late_after_three_intervals_and_never_within_a_minute_and_a_half(monkeypatch, every, ago, ok):
    tick = registry.Tick("sample.tick", "核对", timedelta(seconds=every), False, int)
    monkeypatch.setitem(registry._ticks, tick.name, tick)
    beaten(tick.name, ago=ago)

    assert [line.ok for line in health.ticks() if line.label == "核对"] == [ok]


@pytest.mark.parametrize(
    ("detail", "words"),
    [("OperationalError", "连不上数据库或消息服务"), ("ZeroDivisionError", "程序出错，原因见运行日志")],
)
def test_what_went_wrong_is_said_in_office_words(detail, words):
    beaten("broker", ago=1, ok=False, detail=detail)

    assert (part("broker").ok, part("broker").note) == (False, words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 秒前"), (59, "59 秒前"), (60, "1 分钟前"), (3599, "59 分钟前"), (7200, "2 小时前"), (200_000, "2 天前")],
)
def test_ages_are_told_in_their_largest_whole_unit(seconds, words):
    assert health.ago(timedelta(seconds=seconds)) == words


def test_asking_takes_the_same_queries_however_much_there_is(django_assert_num_queries):
    for number in range(30):
        beaten(f"worker:many:{number}", ago=number)

    with django_assert_num_queries(3):
        health.parts()
    with django_assert_num_queries(1):
        health.workers()
    with django_assert_num_queries(1):
        health.ticks()
