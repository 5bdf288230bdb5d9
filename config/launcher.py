"""Runs the parts of the system as child processes: restarts what crashes, leaves nothing behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

PR_SET_PDEATHSIG = 1
STABLE_AFTER = 30.0  # seconds; a child that ran so long starts again without a pause
LONGEST_PAUSE = 30.0
GRACE = 15.0  # seconds for a child to finish what it has in hand


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when process `parent`, which forked it, ends, however it ends.

    Called in the child. Only Linux can; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the request was in place
        os._exit(1)


@dataclass
class LifeSigns:
    """Tells a part that works from one that only lives.

    `last(pid)` gives something that changes as long as the process does its work, or raises Unknown. `deaf_after` is in
    seconds of a clock that nobody can set.
    """

    last: Callable[[int], object]
    deaf_after: float
    _sign: object = None
    _heard_at: float = 0.0
    _listen_at: float = 0.0

    class Unknown(Exception):
        """There was no looking: nobody can be blamed for silence."""

    def start(self) -> None:
        self._sign = None
        self._heard_at = time.monotonic()
        self._listen_at = self._heard_at + self._pause

    def is_deaf(self, pid: int) -> bool:
        """Whether process `pid` gave no sign for too long. Looks only now and then."""
        if time.monotonic() < self._listen_at:
            return False
        try:
            sign, known = self.last(pid), True
        except self.Unknown:
            sign, known = self._sign, False
        now = time.monotonic()
        self._listen_at = now + self._pause
        if sign != self._sign or not known:
            self._sign, self._heard_at = sign, now
        return now - self._heard_at > self.deaf_after

    @property
    def _pause(self) -> float:
        return min(self.deaf_after / 10, 10.0)


@dataclass
class Child:
    """One part: how it is started, and when it may be started again."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    signs: LifeSigns | None = None
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  our own commands
            self.command,
            env=os.environ | self.environment,
            # A session of its own: Ctrl-C reaches the launcher alone, which stops the parts in order.
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),
        )
        if self.signs:
            self.signs.start()

    def crashed(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def is_deaf(self) -> bool:
        return self.signs is not None and self.process is not None and self.signs.is_deaf(self.process.pid)

    def kill(self) -> None:
        """At once: a process that hears nothing, or is stopped, does not hear a polite request either."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def plan_restart(self) -> float:
        """Seconds until the next start: 1, 2, 4 … for one that keeps crashing."""
        lived = time.monotonic() - self.started_at
        self.pause = 1.0 if lived > STABLE_AFTER or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
        self.process = None
        self.start_at = time.monotonic() + self.pause
        return self.pause


class Launcher:
    def __init__(self, children: list[Child], say: Callable[[str], None]):
        self.children = children
        self.say = say
        self.stopping = False

    def run(self, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Start everything and watch over it until SIGINT or SIGTERM. `announce` is called once `ready` is true."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        announced = False
        try:
            while not self.stopping:
                self._watch()
                if not announced and ready():
                    announced = True
                    announce()
                time.sleep(0.2)
        finally:
            self._end_all()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _watch(self) -> None:
        for child in self.children:
            if not child.crashed() and child.is_deaf():
                self.say(f"{child.name}长时间没有处理任何消息，强制结束。")
                child.kill()
            if child.crashed():
                code = child.process.returncode if child.process else None
                self.say(f"{child.name}意外退出（{code}），{child.plan_restart():.0f} 秒后重新启动。")
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
