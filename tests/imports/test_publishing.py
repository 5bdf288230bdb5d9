"""From the checked draft to a plan in force, in one transaction; and the letter of 2024 the whole way."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.guards import NotAllowed
from audit.models import AuditEvent
from calendars import clock
from calendars.months import Month
from counties.loading import load_counties
from counties.models import County
from departments.loading import load_departments
from imports import services
from imports.models import DocumentImport, ImportCounty, ImportProposal
from imports.services import AlreadyMoved, StillOpen
from tasks import services as tasks_services
from tasks.loading import load_plan, plan_facts
from tasks.models import Assignment, Plan, Proposal, SourceDocument
from tests.factories import beijing, make_admin
from tests.imports.drafts import FACTS, TEXT, item_of, read_for_real, settled
from tests.tasks.world import make_user

pytestmark = pytest.mark.django_db


def publish(document: DocumentImport, by) -> Plan:
    document.refresh_from_db()
    return services.publish(document, by=by, steps_taken=document.steps_taken)


def new_plans(world):
    return Plan.objects.exclude(pk=world.plan.pk)


def test_what_is_open_is_listed_and_nothing_is_made(world, document):
    with pytest.raises(StillOpen) as refused:
        publish(document, world.admin)

    assert [(hindrance.code, hindrance.field or str(hindrance.item)) for hindrance in refused.value.hindrances] == [
        ("fact_missing", "starts_on"), ("fact_missing", "ends_on"), ("fact_missing", "first_period"),
        ("item_unconfirmed", "第2项"), ("item_unconfirmed", "第3项"), ("item_unconfirmed", "第4项"),
    ]  # fmt: skip
    assert refused.value.errors["starts_on"] == ["文件没有写从何时起实施，请填写实施开始日期。"]
    assert (new_plans(world).count(), DocumentImport.objects.get(pk=document.pk).state) == (0, "review")


def test_hindrances_cost_the_same_queries_for_any_number_of_items(world, document, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        services.hindrances(document)
    for copy in range(5):
        row = item_of(document, "2")
        units = list(row.units.all())
        row.pk, row._state.adding, row.number = None, True, f"2-{copy}"
        row.save()
        for unit in units:
            unit.pk, unit._state.adding, unit.item = None, True, row
            unit.save()

    with django_assert_num_queries(len(few)):
        assert len(services.hindrances(document)) == 11


@pytest.mark.parametrize("what", ["later", "county", "doubt", "coordinator"])
def test_other_open_questions_hinder_too(world, document, what):
    document = settled(document, world.staff, world.departments)
    row = item_of(document, "2")
    if what == "later":
        services.postpone_item(row, by=world.staff, version=row.version)
    elif what == "county":
        ImportCounty.objects.create(document=document, name="无名县")
    elif what == "doubt":
        document.doubts.create(code="lower_level", reason="像是下级的计划。")
    else:
        services.name_coordinator(
            row, world.departments["省财政厅"], reason="汇总", by=world.staff, version=row.version
        )
        unit = row.units.get(name="省财政厅")
        services.remove_unit(unit, by=world.staff, version=row.version)

    with pytest.raises(StillOpen) as refused:
        publish(document, world.admin)

    assert [hindrance.code for hindrance in refused.value.hindrances] == [
        {"later": "item_later", "county": "county_unmatched", "doubt": "doubt_open",
         "coordinator": "coordinator_stranger"}[what]
    ]  # fmt: skip


def test_a_plan_is_made_with_every_word_in_its_place(world, document):
    document = settled(document, world.staff, world.departments)

    plan = publish(document, world.admin)

    assert (plan.state, plan.title, plan.kind, plan.issuer) == (
        "active",
        document.title,
        "work_points",
        "安徽省农业农村厅",
    )
    assert (plan.issued_on, plan.starts_on, plan.ends_on) == (date(2024, 8, 19), date(2024, 8, 20), date(2024, 12, 31))
    assert [(section.number, section.title) for section in plan.sections.all()] == [
        ("一", "补齐供水短板"), ("二", "加强日常管护"),
    ]  # fmt: skip
    for item in plan.items.select_related("revision"):
        revision = item.revision
        assert revision.source_id == document.source_id
        assert revision.text == TEXT[revision.span_start : revision.span_end] == item_of(document, item.number).text
    assert [item.open_units for item in plan.items.all()] == ["", "等有关部门", "", "各有关部门"]


def test_duties_keep_the_name_as_written_and_their_role(world, document):
    plan = publish(settled(document, world.staff, world.departments), world.admin)

    duties = Assignment.objects.filter(item__plan=plan).in_order()
    assert [(duty.item.number, duty.department.name, duty.role, duty.name_as_written) for duty in duties] == [
        ("1", "省水利厅", "lead", "省水利厅"), ("1", "省财政厅", "cooperate", "省财政厅"),
        ("2", "省财政厅", "shared", "省财政厅"), ("2", "省林业局", "shared", "省林业局"),
        ("3", "省水利厅", "lead", "省水利局"),
    ]  # fmt: skip
    assert {duty.valid_from for duty in duties} == {date(2024, 8, 20)}


def test_the_import_names_its_plan_and_who_published_it(world, document):
    document = settled(document, world.staff, world.departments)

    plan = publish(document, world.admin)

    document.refresh_from_db()
    assert (document.state, document.made_plan, document.published_by) == ("published", plan, world.admin)
    assert [row.checked_by for row in document.items.all()] == [world.admin, world.staff, world.staff, world.staff]
    assert list(document.checkers) == [world.admin, world.staff]
    last = AuditEvent.objects.order_by("-sequence").first()
    assert (last.action, last.after["plan"], last.after["items"]) == ("import.published", plan.pk, 4)


def test_decisions_of_the_review_come_along(world, document):
    document = settled(document, world.staff, world.departments)
    first, second = item_of(document, "1"), item_of(document, "2")
    services.edit_item(first, by=world.staff, version=first.version, optional=True)
    deadline = ImportProposal.objects.get(item=first, kind="deadline")
    services.decide_proposal(deadline, by=world.staff, version=first.version, accepted=True)
    services.name_coordinator(
        second, world.departments["省财政厅"], reason="资金由其汇总", by=world.staff, version=second.version
    )

    plan = publish(document, world.admin)

    one, two = plan.items.get(number="1"), plan.items.get(number="2")
    assert {duty.required for duty in one.assignments.all()} == {False}
    assert [(kept.kind, kept.text, kept.content["date"], kept.accepted_by) for kept in one.proposals.all()] == [
        ("deadline", "年底前", "2024-12-31", world.staff)
    ]
    assert (two.coordinator.name, two.coordinator_reason) == ("省财政厅", "资金由其汇总")
    assert Proposal.objects.count() == 1  # the target nobody accepted is not kept


def test_what_is_not_to_be_imported_stays_out(world, document):
    document = settled(document, world.staff, world.departments)
    for number in ("3", "4"):
        row = item_of(document, number)
        services.exclude_item(row, by=world.staff, version=row.version)

    plan = publish(document, world.admin)

    assert ([item.number for item in plan.items.all()], plan.sections.count()) == (["1", "2"], 1)


def test_staff_check_and_administrators_publish(world, document):
    document = settled(document, world.staff, world.departments)

    with pytest.raises(NotAllowed):
        publish(document, world.staff)

    assert new_plans(world).count() == 0


def test_what_changed_since_the_publisher_looked_is_not_published(world, document):
    document = settled(document, world.staff, world.departments)
    row = item_of(document, "1")
    services.edit_item(row, by=world.staff, version=row.version, title="又改了")

    with pytest.raises(AlreadyMoved):
        services.publish(document, by=world.admin, steps_taken=document.steps_taken)

    assert new_plans(world).count() == 0


def test_an_import_is_published_once(world, document):
    document = settled(document, world.staff, world.departments)
    publish(document, world.admin)

    with pytest.raises(services.Refused) as refused:
        publish(document, world.admin)

    assert (refused.value.code, new_plans(world).count()) == ("not_in_review", 1)


def test_a_failure_on_the_way_leaves_no_half_plan(world, document):
    """The very last thing to be written cannot be: then nothing is, and no audit row says otherwise."""
    document = settled(document, world.staff, world.departments)
    ImportProposal.objects.create(
        document=document,
        item=item_of(document, "4"),
        kind="deadline",
        text="",
        content={},
        accepted=True,
        start=9,
        end=9,
    )
    before = AuditEvent.objects.count()

    with pytest.raises(IntegrityError), transaction.atomic():
        publish(document, world.admin)

    assert (new_plans(world).count(), AuditEvent.objects.count()) == (0, before)
    assert DocumentImport.objects.get(pk=document.pk).state == "review"


def test_readers_of_the_plan_may_read_its_source(world, document):
    liaison, leader = world.liaisons["省水利厅"], make_user("分管", "leader")
    assert not SourceDocument.objects.visible_to(liaison).exists()

    publish(settled(document, world.staff, world.departments), world.admin)

    assert [source.pk for source in SourceDocument.objects.visible_to(liaison)] == [document.source_id]
    assert [source.pk for source in SourceDocument.objects.visible_to(leader)] == [document.source_id]
    assert not SourceDocument.objects.visible_to(make_user("运维", "system_admin")).exists()


# A whole plan, the whole way: the facts of 2024 in our own wording, laid out as an office would


ROLES = {"lead": "牵头负责", "shared": "按职责分工负责"}


def letter() -> str:
    """The fixture's plan as a document: sections, numbered items, units in brackets, the counties at the end."""
    facts = plan_facts()
    lines = [facts["title"], "为支持省乡村振兴重点帮扶县（以下简称“重点帮扶县”），制定如下重点。"]
    for section in facts["sections"]:
        lines.append(f"{section['number']}、{section['title']}")
        lines += [_item_line(item) for item in section["items"]]
    lines += [facts["issuer"], "2024年8月19日", "附件：重点帮扶县名单"]
    return "\n".join([*lines, "、".join(county.name for county in County.objects.order_by("position")), ""])


def _item_line(item: dict) -> str:
    summary = (
        item["summary"] if item.get("county_scope") != "none" else item["summary"].replace("重点帮扶县", "有关地区")
    )
    concerning = "" if item.get("county_scope") == "none" or "重点帮扶县" in summary else "面向重点帮扶县，"
    units = "、".join(item["departments"]) + item.get("open_units", "")
    role = ROLES[item.get("role") or "shared"]
    return f"{item['number']}.{concerning}{summary}（{units}{role}）"


@pytest.fixture
def office(db):
    load_departments()
    load_counties()
    return make_admin()


def test_a_whole_document_becomes_a_plan_on_which_a_month_opens(office):
    with clock.at(beijing("2024-08-20 09:00")):
        document = read_for_real(office, letter().encode("gb18030"), "工作重点.txt")
        assert (document.state, document.sections.count(), document.items.count()) == ("review", 5, 31)
        assert document.counties_found.exclude(county=None).count() == 20
        finish(document, office)
        plan = publish(document, office)
        tasks_services.open_period(plan, Month(2024, 9), by=office)

    duties = Assignment.objects.filter(item__plan=plan)
    assert (plan.items.count(), duties.count(), duties.values("department").distinct().count()) == (31, 51, 27)
    assert duties_of(plan) == duties_of(load_plan(by=office, title="同一文件的另一份"))
    assert list(plan.items.filter(county_scope="none").values_list("number", flat=True)) == ["16", "20"]
    assert plan.periods.get().reports.filter(required=True).count() == 51


def finish(document: DocumentImport, by) -> None:
    """What a reviewer does: the facts, the open units, the items with a reason, all others at once."""
    services.set_facts(document, by=by, version=document.version, **FACTS)
    for row in document.items.exclude(open_units=""):
        services.decide_open_units(row, by=by, version=row.version, decision="keep")
    for row in document.items.filter(state="check"):
        services.confirm_item(row, by=by, version=row.version)
    services.accept_all_agreed(document, by=by)


def duties_of(plan: Plan) -> list[tuple]:
    duties = Assignment.objects.filter(item__plan=plan).in_order()
    return list(
        duties.values_list("item__number", "item__section__number", "department__name", "role", "item__open_units")
    )
