"""The people of the example. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.choices import PostKind, Role
from accounts.models import User
from accounts.services import create_user, grant_role, open_post, set_absence
from counties.models import County
from departments.models import Department
from web.demo.scenario import VACANT

OFFICE = (
    ("guanli", "沈知远", (Role.OFFICE_ADMIN, Role.OFFICE_STAFF), "处室管理员"),
    ("keyuan1", "陆晓岚", (Role.OFFICE_STAFF,), "处室人员"),
    ("keyuan2", "顾明轩", (Role.OFFICE_STAFF,), "处室人员"),
    ("lingdao", "贺长庚", (Role.LEADER,), "厅领导"),
    ("xitong", "康立新", (Role.SYSTEM_ADMIN,), "系统管理员"),
    ("anquan", "钟慎行", (Role.SECURITY_ADMIN,), "安全管理员"),
    ("shenji", "严若谷", (Role.AUDITOR,), "审计员"),
)
COUNTIES = (("shouxian", "孟春生", "寿县"), ("jinzhai", "廖青山", "金寨县"))
BACKUPS = (("省农业农村厅", "邵文渊"), ("省水利厅", "戚云舟"), ("省交通运输厅", "倪书航"), ("省民政厅", "俞静姝"))
AWAY = "省水利厅"  # its A角 is away at present, so the B角 owes
LIAISONS = (
    "方景行", "程亦安", "宋怀瑾", "田雨生", "梁思齐", "蒋若溪", "韩松涛", "叶知秋", "丁以宁", "范修远", "潘玉章",
    "袁书瑶", "苏望舒", "吕承志", "姚清和", "崔明德", "谭雅琴", "汪若水", "邹维桢", "石开泰", "龚平章", "洪子墨",
    "薛怀民", "毛敬亭", "段文清", "江亭月",
)  # fmt: skip
APPROVERS = (
    "陈守正", "周道行", "吴敬之", "郑伯安", "王自明", "冯宪之", "褚建业", "卫国栋", "金从善", "魏光远",
    "陶以诚", "姜立夫", "谢怀远", "柏志刚", "水长东", "窦兴邦", "章望岳", "云海平", "葛天成", "奚永年",
    "彭润生", "鲁正国", "韦秉文", "昌隆基", "马致宁", "花满枝", "任重远",
)  # fmt: skip
SIGNER = "贺长庚"


@dataclass(frozen=True)
class Account:
    role: str
    username: str
    name: str
    place: str = ""


@dataclass
class Cast:
    """Who acts in the example."""

    admin: User
    staff: tuple[User, User]
    leader: User
    liaisons: dict[str, User]
    counties: dict[str, User]
    accounts: list[Account]

    def approver_of(self, department: Department) -> str:
        return APPROVERS[(department.protocol_order - 1) % len(APPROVERS)]


def hire(password: str, *, since: date, today: date) -> Cast:
    """Make every account with its grants and posts, in force from `since`; registers must be loaded."""
    accounts: list[Account] = []

    def person(username: str, name: str, role: str, place: str = "") -> User:
        user, _ = create_user(username=username, name=name, by=None, password=password, must_change=False)
        accounts.append(Account(role, username, name, place))
        return user

    office = {}
    for username, name, roles, label in OFFICE:
        office[username] = person(username, name, label)
        for role in roles:
            grant_role(office[username], role=role, by=None, valid_from=since)
    liaisons = _liaisons(person, since=since, today=today)
    counties = {}
    for username, name, county in COUNTIES:
        counties[county] = person(username, name, "县联络员", county)
        open_post(counties[county], by=None, county=County.objects.get(name=county), valid_from=since)
    staff = (office["keyuan1"], office["keyuan2"])
    return Cast(office["guanli"], staff, office["lingdao"], liaisons, counties, accounts)


def _liaisons(person, *, since: date, today: date) -> dict[str, User]:
    departments = Department.objects.exclude(name=VACANT).in_protocol_order()
    liaisons = {}
    for department, name in zip(departments, LIAISONS, strict=True):
        user = liaisons[department.name] = person(_username(department), name, "联络员（A角）", department.name)
        post = open_post(user, by=None, department=department, valid_from=since)
        if department.name == AWAY:
            set_absence(post, away_from=today - timedelta(days=2), away_to=today + timedelta(days=12), by=None)
    for place, name in BACKUPS:
        department = Department.objects.get(name=place)
        user = person(f"{_username(department)}-b", name, "联络员（B角）", place)
        open_post(user, by=None, department=department, kind=PostKind.BACKUP, valid_from=since)
    return liaisons


def _username(department: Department) -> str:
    """Initials of the short name, as people type them: sslt for 省水利厅."""
    return department.initials.split()[0]
