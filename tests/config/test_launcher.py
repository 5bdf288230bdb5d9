"""The launcher as a real process tree: what crashes comes back, and nothing outlives a killed launcher."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from config.env import BASE_DIR
from config.launcher import LifeSigns
from tests.services import free_port

WITHIN = 30  # seconds


def wait_for(condition, what, within=WITHIN):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {within} s: {what}")


def status(pid):
    """(state, parent) from the kernel, or None when the process is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0], int(fields[1])


def alive(pid):
    now = status(pid)
    return now is not None and now[0] != "Z"


def descendants(pid):
    parents = {int(path.name): status(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found, row = [], [pid]
    while row:
        row = [child for child, known in parents.items() if known and known[1] in row]
        found += row
    return found


def named(pids, word):
    return [pid for pid in pids if word in Path(f"/proc/{pid}/cmdline").read_text()]


@pytest.fixture
def system(tmp_path, request):
    """`manage.py up` on a database of its own; gives the process and its address. Takes more environment by `param`."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment = clean | {"DATA_DIR": str(tmp_path), "PORT": str(port), "TESTING": "1"}
    environment |= getattr(request, "param", {})
    command = [sys.executable, "manage.py"]
    subprocess.run([*command, "migrate", "--verbosity", "0"], cwd=BASE_DIR, env=environment, check=True)
    log = (tmp_path / "up.log").open("w")
    process = subprocess.Popen([*command, "up"], cwd=BASE_DIR, env=environment, stdout=log, stderr=log, text=True)
    process.log = tmp_path / "up.log"
    try:
        wait_for(lambda: "系统已启动" in process.log.read_text(), "the announcement")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        log.close()
        if process.poll() is None:
            process.terminate()
            process.wait(WITHIN)


def answers(address):
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def test_crashed_parts_come_back(system):
    launcher, address = system
    (web,) = [pid for pid in named(descendants(launcher.pid), "gunicorn") if status(pid)[1] == launcher.pid]
    (worker,) = [pid for pid in named(descendants(launcher.pid), "celery") if status(pid)[1] == launcher.pid]

    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)

    wait_for(lambda: not alive(web) and not alive(worker), "both killed")
    wait_for(lambda: answers(address), "the site back")
    wait_for(lambda: len(named(descendants(launcher.pid), "celery")) == 2, "worker and scheduler back")
    assert "网站意外退出（-9），1 秒后重新启动。" in launcher.log.read_text()
    assert "后台作业意外退出（-9），1 秒后重新启动。" in launcher.log.read_text()


def workers_heard(folder):
    """Process numbers of the workers that have beaten."""
    with closing(sqlite3.connect(folder / "db.sqlite3", timeout=10)) as database:
        rows = database.execute("SELECT name FROM background_heartbeat WHERE name LIKE 'worker:%'").fetchall()
    return {int(name.rpartition(":")[2]) for (name,) in rows}


@pytest.mark.parametrize("system", [{"DEAF_AFTER": "25"}], indirect=True)
def test_worker_that_lives_but_hears_nothing_is_started_anew(system, tmp_path):
    launcher, address = system
    (worker,) = [pid for pid in named(descendants(launcher.pid), "celery") if status(pid)[1] == launcher.pid]
    wait_for(lambda: workers_heard(tmp_path) == {worker}, "the worker's first beat")

    os.kill(worker, signal.SIGSTOP)

    wait_for(lambda: not alive(worker), "the deaf worker ended", within=60)
    (fresh,) = wait_for(lambda: workers_heard(tmp_path) - {worker}, "another worker's beat")
    assert status(fresh)[1] == launcher.pid
    assert "后台作业长时间没有处理任何消息，强制结束。" in launcher.log.read_text()
    assert answers(address)


class Hours:
    """A clock that the test moves, and a part that gives signs when it says so."""

    def __init__(self):
        self.now, self.sign = 1000.0, None
        self.signs = LifeSigns(self.last, deaf_after=180)

    def monotonic(self):
        return self.now

    def last(self, pid):
        if self.sign is LifeSigns.Unknown:
            raise LifeSigns.Unknown
        return self.sign

    def deaf_during(self, seconds):
        """Whether the part counts as deaf at any look during the next seconds."""
        found = False
        for _ in range(seconds):
            self.now += 1
            found |= self.signs.is_deaf(1)
        return found


@pytest.fixture
def hours(monkeypatch):
    hours = Hours()
    monkeypatch.setattr("config.launcher.time", hours)
    hours.signs.start()
    return hours


def test_part_is_deaf_after_three_minutes_without_a_sign_since_its_start(hours):
    assert (hours.deaf_during(180), hours.deaf_during(15)) == (False, True)


def test_part_is_deaf_after_three_minutes_without_a_new_sign(hours):
    for second in range(5):
        hours.sign = second
        assert not hours.deaf_during(170)

    assert hours.deaf_during(30)


def test_nobody_is_deaf_while_there_is_no_looking(hours):
    hours.sign = LifeSigns.Unknown
    assert not hours.deaf_during(1000)

    hours.sign = "since before"
    assert (hours.deaf_during(170), hours.deaf_during(30)) == (False, True)


def test_nothing_outlives_a_killed_launcher(system):
    launcher, address = system
    # gunicorn and two processes, the worker and its scheduler
    parts = wait_for(lambda: len(found := descendants(launcher.pid)) == 5 and found, "all five parts")

    launcher.kill()
    launcher.wait()

    wait_for(lambda: not any(alive(pid) for pid in parts), "all parts gone")
    assert not answers(address)


def test_stopping_ends_all_parts_and_says_so(system):
    launcher, _ = system
    parts = wait_for(lambda: len(found := descendants(launcher.pid)) == 5 and found, "all five parts")

    launcher.send_signal(signal.SIGINT)

    assert launcher.wait(WITHIN) == 0
    assert not any(alive(pid) for pid in parts)
    assert launcher.log.read_text().endswith("已停止。\n")


def test_second_start_on_the_same_port_is_refused(system, tmp_path):
    _, address = system
    port = address.rpartition(":")[2]
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PORT": port}

    second = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert second.returncode == 1
    assert f"端口 {port} 已被占用" in second.stderr
