"""`manage.py demo`: fills an empty database with the example and prints its sign-ins. It does not serve."""

import json
from dataclasses import asdict
from itertools import groupby

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import User
from background.models import Job
from background.services import run_job
from tasks.models import Plan
from web.demo import signins
from web.demo.build import build


class Command(BaseCommand):
    help = "建立演示数据并列出各角色的登录账号；再次运行只列出账号和建立时间。--fresh 清空后重建。"

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true", help="删除现有演示数据库并重建")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式")

    def handle(self, *, fresh, **options):
        _refuse_real_data()
        if fresh:
            _empty_database()
        made = signins.load() if Plan.objects.filter(is_demo=True).exists() else self._build()
        if made is None:
            raise CommandError(f"找不到演示账号文件 {signins.path()}。请运行 make demo FRESH=1 重建。")
        self.stdout.write(_as_json(made) if options["format"] == "json" else _as_text(made))

    def _build(self):
        self.stderr.write("正在建立演示数据，约需半分钟……")
        made = build()
        for job in Job.objects.due().oldest_first():
            run_job(job.pk)  # the issued months' files are there before anybody asks
        return made


def _refuse_real_data():
    if Plan.objects.filter(is_demo=False).exists():
        raise CommandError("当前数据库中有正式计划，不能写入演示数据。请使用 make demo，它有单独的数据库。")
    if User.objects.exists() and not Plan.objects.exists():
        raise CommandError("当前数据库中已有用户，不能写入演示数据。请使用 make demo，它有单独的数据库。")


def _empty_database():
    """Remove the example's own database file. Audit rows cannot be deleted one by one, and should not be."""
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or settings.DATA_DIR not in _path(name).parents:
        raise CommandError("只能重建演示目录中的内置数据库。其他数据库请新建一个空库，再运行演示。")
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        _path(f"{name}{suffix}").unlink(missing_ok=True)
    signins.path().unlink(missing_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


def _path(name):
    return type(settings.DATA_DIR)(name)


def _as_json(made):
    return json.dumps(asdict(made) | {"built_at": made.built_at.isoformat()}, ensure_ascii=False)


def _as_text(made):
    lines = [made.age(), f"全部演示账号的密码：{made.password}", ""]
    for role, accounts in groupby(made.accounts, key=lambda account: account.role):
        lines.append(role)
        lines += [f"  {account.username:<14}{account.name}  {account.place}".rstrip() for account in accounts]
    return "\n".join(lines)
