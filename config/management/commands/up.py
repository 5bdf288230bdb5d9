import socket
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from background import pulse
from config.launcher import Child, Launcher, LifeSigns

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104


class Command(BaseCommand):
    help = "启动网站、后台作业和定时检查；按 Ctrl-C 全部停止。"
    requires_system_checks = []  # they load every view, which the web processes do anyway a moment later

    def handle(self, **_):
        where = settings.ENVIRONMENT.bind, settings.ENVIRONMENT.port
        if _answers(where):
            raise CommandError(f"端口 {where[1]} 已被占用，请换一个，例如：PORT={where[1] + 1} make run")
        launcher = Launcher([_web(), _worker()], self._say)
        launcher.run(ready=lambda: _answers(where), announce=lambda: self._announce(where))
        self._say("已停止。")

    def _say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def _announce(self, where):
        host = "127.0.0.1" if where[0] in EVERYWHERE else where[0]
        self._say(f"系统已启动：http://{host}:{where[1]}/    按 Ctrl-C 停止。")


def _web():
    return Child("网站", [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"])


def _worker():
    temporary = settings.DATA_DIR / "tmp"  # a message is moved from there: on one file system that is a rename
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "--quiet", "worker"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    # One worker with threads and the scheduler inside: several would race for message files.
    # Celery repeats at every start that it runs as root; on a trial machine that is so, in deploy/ it is not.
    environment = {"TMPDIR": str(temporary), "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    command += ["--pool", "threads", "--concurrency", "2", "--beat", *quiet]
    return Child("后台作业", command, environment, LifeSigns(_last_beat, settings.DEAF_AFTER))


def _last_beat(pid):
    """When the worker of this number last handled a message, None before its first."""
    try:
        return pulse.last_of(pid)
    except DatabaseError:
        raise LifeSigns.Unknown from None
    finally:
        connection.close()


def _answers(where):
    host, port = where
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0  # noqa: S104
