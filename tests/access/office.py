"""The small office with an actor of every kind, an issued month, a month being filed, and canaries in its texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Grant, Post, Suggestion, User
from background import services as background
from background.models import Job
from calendars import clock
from counties.models import County, Prefecture
from files import services as file_services
from imports import services as import_services
from reminders.models import Notice
from reports import services as monthly
from tasks import services
from tasks.models import CoordinationRequest, CountyNote
from tests.imports.drafts import reviewed
from tests.tasks.world import FILING_DAY, NOVEMBER, PROGRESS, World, local, make_october, make_user

ACTORS = (
    "anonymous", "admin", "staff", "own", "other", "leader", "county", "system", "security", "auditor", "disabled",
)  # fmt: skip
NOW = local(2024, 11, 21, 10)

# What 省水利厅 (the own liaison's department) and 省财政厅 (another's) wrote, by how far it went.
OWN_DRAFT, OTHER_DRAFT = "水利草稿鹮", "财政草稿鹮"
OTHER_SUBMITTED, OTHER_ISSUED = "财政已交鹮", "财政已发鹮"


@dataclass
class Office:
    world: World
    users: dict[str, User | None]
    things: dict

    def user(self, actor: str) -> User | None:
        return self.users[actor]


def make_office() -> Office:
    """October is issued, November is open. Item 1 is 省水利厅's, item 2 is shared by 省财政厅 and 省林业局.

    The actor `own` is 省水利厅's liaison, `other` is 省林业局's: 省财政厅's texts are his to read once issued.
    """
    world = make_october()
    _issue_october(world)
    world.open(NOVEMBER)
    water = world.report("1", "省水利厅", NOVEMBER)
    finance = world.report("2", "省财政厅", NOVEMBER)
    world.draft(water, PROGRESS | {"progress_text": OWN_DRAFT}, at=local(2024, 11, 20, 9))
    text = PROGRESS | {"progress_text": OTHER_SUBMITTED, "coordination": "请协调。"}
    world.file(finance, text, at=local(2024, 11, 20, 9))
    world.returned(finance, at=local(2024, 11, 20, 10))
    world.draft(finance, PROGRESS | {"progress_text": OTHER_DRAFT}, at=local(2024, 11, 20, 11))
    world.file(world.report("2", "省林业局", NOVEMBER), at=local(2024, 11, 20, 9))
    place = County.objects.create(
        code="341623", name="利辛县", kind="county",
        prefecture=Prefecture.objects.create(code="341600", name="亳州市"),
    )  # fmt: skip
    users = _actors(world, place)
    return Office(world, users, _things(world, users, place, water, finance))


def _issue_october(world: World) -> None:
    water, finance = world.report("1", "省水利厅"), world.report("2", "省财政厅")
    world.accept(world.file(water))
    world.accept(world.file(finance, PROGRESS | {"progress_text": OTHER_ISSUED, "coordination": "请协调用地。"}))
    with clock.at(local(2024, 10, 28, 9)):
        monthly.finalise(world.periods["2024-10"], by=world.staff, signer="厅长", signed_on=date(2024, 10, 28))
    background.work_off()


def _actors(world: World, place: County) -> dict[str, User | None]:
    keeper = {role: make_user(role, role) for role in ("leader", "system_admin", "security_admin", "auditor")}
    county = make_user("县联络员")
    Post.objects.create(user=county, county=place, valid_from=date(2024, 1, 1))
    gone = make_user("离职者", "office_staff")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return {
        "anonymous": None,
        "admin": world.admin,
        "staff": world.staff,
        "own": world.liaisons["省水利厅"],
        "other": world.liaisons["省林业局"],
        "leader": keeper["leader"],
        "county": county,
        "system": keeper["system_admin"],
        "security": keeper["security_admin"],
        "auditor": keeper["auditor"],
        "disabled": gone,
    }


def _things(world: World, users, place: County, water, finance) -> dict:
    png = b"\x89PNG\r\n\x1a\n" + PNG_BODY
    with clock.at(FILING_DAY):
        stored = file_services.store(
            SimpleUploadedFile("图.png", png, content_type="image/png"), by=users["own"], quota_key="department:1"
        )
    with clock.at(local(2024, 11, 20, 9)):
        attachment = services.attach(water, stored, by=users["own"])
        note = services.write_note(world.plan, place, text="路还没有修好。", by=users["county"])
        click = services.chase(
            world.periods["2024-11"], [world.departments["省水利厅"]], by=users["staff"], channels=["inbox"]
        )
        notice = Notice.objects.create(
            key=f"chase:{click}:{users['own'].pk}", channel="inbox", kind="chase", user=users["own"], batch=click,
            subject="【月调度提醒】", report_ids=[water.pk], day=clock.today(), state="sent",
        )  # fmt: skip
        parked = Notice.objects.create(
            key=notice.key, channel="email", kind="chase", user=users["own"], batch=click, subject="【月调度提醒】",
            content={"greeting": OWN_DRAFT}, day=clock.today(), state="parked", attempts=8, error="连不上邮件服务器。",
        )  # fmt: skip
    october = world.periods["2024-10"]
    document = _import(world)
    return {
        "plan": world.plan,
        "item": world.plan.items.get(number="1"),
        "shared_item": world.plan.items.get(number="2"),
        "department": world.departments["省水利厅"],
        "county": place,
        "report": water,
        "finance": finance,
        "waiting": world.report("2", "省林业局", NOVEMBER),
        "issued_report": world.report("1", "省水利厅"),
        "attachment": attachment,
        "october": october,
        "november": world.periods["2024-11"],
        "assessment": world.periods["2024-11"].assessments.get(item__number="1"),
        "event": finance.events.get(verb="returned"),
        "edition": october.monthly_reports.get(),
        "import": document,
        "import_item": document.items.first(),
        "import_unit": document.items.first().units.first(),
        "import_step": import_services.last_step(document),
        "import_removal": document.removals.first(),
        "request": CoordinationRequest.objects.order_by("pk").first(),
        "note": CountyNote.objects.get(pk=note.pk),
        "click": SimpleNamespace(pk=click),
        "queue": SimpleNamespace(pk="mails"),
        "parked": parked,
        "notice": notice,
        "job": Job.objects.first(),
        "suggestion": Suggestion.objects.create(author=users["own"], text="建议。"),
        "post": Post.objects.get(user=users["own"]),
        "grant": Grant.objects.get(user=users["leader"]),
        "somebody": users["other"],
        "assignment": water.assignment,
    }


def _import(world: World):
    """A document under review that is imported into the plan, with a step taken."""
    document = reviewed(world.staff, plan=world.plan)
    row = document.items.first()
    import_services.postpone_item(row, by=world.staff, version=row.version)
    return document


# The rest of a picture of one white pixel.
PNG_BODY = bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63fcffff3f0300050001ff"
    "a5f645400000000049454e44ae426082"
)
