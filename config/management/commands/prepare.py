import fcntl
import hashlib
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "启动前的准备：升级数据库、收集静态文件、首次启动时装入基础数据。可重复执行，不改动已有数据。"
    requires_system_checks = []  # they load every view, which the web processes do anyway a moment later

    def add_arguments(self, parser):
        parser.add_argument("--no-bootstrap", action="store_true", help="不装入基础数据，不建立管理员")

    def handle(self, *, no_bootstrap, **_):
        with (settings.DATA_DIR / "prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two that are started together, the second finds everything done
            call_command("migrate", verbosity=0)
            self._collect_static()
            if not no_bootstrap:
                call_command("bootstrap")

    def _collect_static(self):
        """Copying and hashing takes seconds, so it is done only after a file has changed."""
        stamp = settings.DATA_DIR / "static.stamp"
        present = _fingerprint()
        if stamp.exists() and stamp.read_text() == present:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(present)


def _fingerprint():
    """Names, sizes and times of all static files, and of what prepares them."""
    digest = hashlib.sha256(f"{version('whitenoise')} {settings.STORAGES['staticfiles']['BACKEND']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
