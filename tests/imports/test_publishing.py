"""From the checked draft to a plan in force, in one transaction; and the letter of 2024 the whole way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from accounts.guards import NotAllowed
from audit.models import AuditEvent
from imports import services
from imports.models import DocumentImport, ImportCounty, ImportItem, ImportProposal
from imports.services import AlreadyMoved, StillOpen
from tasks.models import Assignment, Plan, Proposal, SourceDocument
from tests.imports.drafts import TEXT, item_of, settled
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
    assert refused.value.errors["starts_on"] == ["请填写实施自。"]
    assert (new_plans(world).count(), DocumentImport.objects.get(pk=document.pk).state) == (0, "review")


def test_hindrances_cost_the_same_queries_for_any_number_of_items(world, document, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

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
    """The last item cannot be written: then nothing is, and no audit row says otherwise."""
    document = settled(document, world.staff, world.departments)
    ImportItem.objects.filter(document=document, number="4").update(open_units="长" * 300)
    Assignment.objects.filter(item__plan=world.plan)
    before = AuditEvent.objects.count()
    unit = item_of(document, "3").units.get()
    unit.pk, unit._state.adding = None, True
    unit.save()  # the same department twice, past every check of the review

    with pytest.raises(services.Refused):
        publish(document, world.admin)

    assert (new_plans(world).count(), AuditEvent.objects.count()) == (0, before)


def test_readers_of_the_plan_may_read_its_source(world, document):
    liaison, leader = world.liaisons["省水利厅"], make_user("分管", "leader")
    assert not SourceDocument.objects.visible_to(liaison).exists()

    publish(settled(document, world.staff, world.departments), world.admin)

    assert [source.pk for source in SourceDocument.objects.visible_to(liaison)] == [document.source_id]
    assert [source.pk for source in SourceDocument.objects.visible_to(leader)] == [document.source_id]
    assert not SourceDocument.objects.visible_to(make_user("运维", "system_admin")).exists()


LETTER = Path("/work/shared/documents/anhui-2024-work-points.txt")
