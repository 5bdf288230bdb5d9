"""`manage.py bootstrap`: what a fresh installation needs, and accounts that only the machine's keeper may give."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from accounts.choices import Role
from accounts.errors import Refused
from accounts.models import Grant, User
from accounts.services import create_user, grant_role
from calendars import clock
from calendars.services import load_fixture
from counties.loading import load_counties
from departments.loading import load_departments
from tasks.loading import load_plan

FIRST_USERNAME = "admin"
# The office administrator is here too: it is the way back when the last one has lost the password.
ROLES = {
    Role.OFFICE_ADMIN: (Role.OFFICE_ADMIN, Role.OFFICE_STAFF),
    Role.SYSTEM_ADMIN: (Role.SYSTEM_ADMIN,),
    Role.SECURITY_ADMIN: (Role.SECURITY_ADMIN,),
    Role.AUDITOR: (Role.AUDITOR,),
}


class Command(BaseCommand):
    help = "初始化系统：载入工作日历、单位、县区和计划，建立首个处室管理员；或用 --role 建立其他管理员。可重复运行。"

    def add_arguments(self, parser):
        parser.add_argument("--role", choices=[str(role) for role in ROLES], help="建立这一角色的账号")
        parser.add_argument("--username", help=f"用户名；首个处室管理员默认为 {FIRST_USERNAME}")
        parser.add_argument("--name", default="", help="姓名")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式")

    def handle(self, *, role, username, name, **options):
        self.format = options["format"]
        try:
            if role:
                self._give_role(Role(role), username, name)
            else:
                self._begin(username or FIRST_USERNAME, name)
        except Refused as refusal:
            raise CommandError(refusal.message) from None

    def _begin(self, username, name):
        """Fill an empty database. One transaction: whoever starts at the same time finds all of it, or nothing."""
        load_fixture()  # years a newer release brings, also into a database that is long in use
        try:
            password = _fill(username, name or "处室管理员")
        except (IntegrityError, Refused):
            if not _in_use():
                raise
            password = None  # another machine was faster
        if password is None:
            return self._say_done()
        return self._say_account(username, Role.OFFICE_ADMIN, password, "处室管理员账号已建立（兼处室人员）。")

    def _give_role(self, role, username, name):
        if not username:
            raise CommandError("请用 --username 指定用户名，例如：bootstrap --role auditor --username shenji")
        with transaction.atomic():
            user, password = _account(username, name or role.label)
            held = set(user.grants.current(clock.today()).values_list("role", flat=True))
            wanted = [each for each in ROLES[role] if each not in held]
            for each in wanted:
                grant_role(user, role=each, by=None)
        if password:
            self._say_account(username, role, password, f"{role.label}账号已建立。")
        elif wanted:
            self._say({"created": False, "username": user.username, "role": role}, f"已授予{user.name}{role.label}。")
        else:
            self._say_done(f"{user.name}已是{role.label}，无需重复操作。")

    def _say_account(self, username, role, password, title):
        facts = {"created": True, "username": username, "role": role, "password": password}
        lines = (
            title,
            f"  用户名：{username}",
            f"  初始密码：{password}",
            "初始密码只显示这一次，系统不保存原文。首次登录须修改密码。",
        )
        self._say(facts, "\n".join(lines))

    def _say_done(self, what="系统已初始化，无需重复操作。"):
        hint = "初始密码不再显示；如遗失，请由另一名处室管理员在“设置”中重置，或用 --role office_admin 另建账号。"
        self._say({"created": False}, f"{what}{hint}")

    def _say(self, facts, text):
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if self.format == "json" else text)


@transaction.atomic
def _fill(username: str, name: str) -> str | None:
    """Registers, first administrator, plan; returns the one-time password, or None when all that happened before."""
    if _in_use():
        return None
    load_departments()
    load_counties()
    admin, password = create_user(username=username, name=name, by=None)
    for role in ROLES[Role.OFFICE_ADMIN]:
        grant_role(admin, role=role, by=None)
    load_plan(by=admin)
    return password


def _in_use() -> bool:
    return Grant.objects.filter(role=Role.OFFICE_ADMIN).exists()


def _account(username: str, name: str) -> tuple[User, str]:
    user = User.objects.named(username).first()
    return (user, "") if user else create_user(username=username, name=name, by=None)
