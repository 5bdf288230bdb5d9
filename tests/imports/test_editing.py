"""What a person changes in a review: facts, items, units; and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.guards import NotAllowed
from counties.models import County, Prefecture
from departments.models import Department, DepartmentAlias
from imports import services
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportUnit
from imports.services import AlreadyMoved, NotReady, Refused
from tests.imports.drafts import (
    actions,
    codes,
    item_of,
    reviewed,
    states,
    unit_of,
)

pytestmark = pytest.mark.django_db


# Facts and items


def test_facts_are_answered_and_the_month_begins_on_its_first(world, document):
    services.set_facts(document, by=world.staff, version=0, starts_on=date(2024, 8, 20), first_period=date(2024, 9, 17))

    assert (document.starts_on, document.first_period, document.version) == (date(2024, 8, 20), date(2024, 9, 1), 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"starts_on": date(2024, 9, 1), "ends_on": date(2024, 8, 1)}, "ends_on"),
        ({"ends_on": date(2024, 8, 1), "first_period": date(2024, 9, 1)}, "first_period"),
        ({"starts_on": date(1, 1, 1)}, "starts_on"),
        ({"ends_on": date(9999, 12, 31)}, "ends_on"),
        ({"first_period": date(1989, 12, 1)}, "first_period"),
        ({"issued_on": date(2101, 1, 1)}, "issued_on"),
        ({"year": 1989}, "year"),
        ({"starts_on": date(2024, 2, 29), "ends_on": date(2034, 3, 1)}, "ends_on"),
        ({"kind": "novel"}, "kind"),
        ({"title": "长" * 201}, "title"),
    ],
)
def test_facts_that_cannot_be_leave_everything_as_it_was(world, document, facts, field):
    with pytest.raises(NotReady) as refused:
        services.set_facts(document, by=world.staff, version=0, **facts)

    assert list(refused.value.errors) == [field]
    assert (DocumentImport.objects.get(pk=document.pk).version, document.steps.count()) == (0, 0)


def test_a_plan_of_ten_years_is_possible(world, document):
    services.set_facts(
        document, by=world.staff, version=0, starts_on=date(2024, 2, 29), ends_on=date(2034, 2, 28), issued_on=None
    )

    assert document.ends_on == date(2034, 2, 28)


def test_an_item_gets_a_better_title_and_becomes_optional(world, document):
    row = services.edit_item(item_of(document, "1"), by=world.staff, version=0, title=" 管网改造 ", optional=True)

    assert (row.title, row.optional, row.version, row.state) == ("管网改造", True, 1, "agreed")
    assert actions()[-1] == "import.item_edited"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": " "}, "title"), ({"number": "9" * 21}, "number"), ({"county_scope": "listed"}, "counties")],
)
def test_a_bad_edit_changes_nothing(world, document, values, field):
    row = item_of(document, "1")

    with pytest.raises(NotReady) as refused:
        services.edit_item(row, by=world.staff, version=0, **values)

    assert (list(refused.value.errors), ImportItem.objects.get(pk=row.pk).version) == ([field], 0)


def test_an_item_lists_its_counties(world, document):
    city = Prefecture.objects.create(code="341900", name="临水市")
    county = County.objects.create(code="341901", name="泉县", prefecture=city, kind="county")

    row = services.edit_item(
        item_of(document, "1"), by=world.staff, version=0, county_scope="listed", counties=[county]
    )

    assert (row.county_scope, list(row.counties.all())) == ("listed", [county])


def test_saying_which_counties_are_meant_answers_the_question_about_them(world, document):
    row = item_of(document, "1")
    ImportDoubt.objects.create(document=document, item=row, code="county_scope", reason="没有写县，请核对。")

    services.edit_item(row, by=world.staff, version=0, county_scope="all")

    assert (codes(row), row.doubts.get().settled_by) == ([], world.staff)


def test_who_saw_an_older_state_does_not_overwrite_it(world, document):
    row, seen_before = item_of(document, "1"), item_of(document, "1")
    services.edit_item(row, by=world.staff, version=0, title="先改的")

    with pytest.raises(AlreadyMoved):
        services.edit_item(seen_before, by=world.colleague, version=0, title="后改的")

    assert (ImportItem.objects.get(pk=row.pk).title, document.steps.count()) == ("先改的", 1)


def test_two_people_work_on_two_items_without_meeting(world, document):
    first, second = item_of(document, "1"), item_of(document, "2")

    services.edit_item(first, by=world.staff, version=0, title="甲改")
    services.edit_item(second, by=world.colleague, version=0, title="乙改")

    assert (first.title, second.title) == ("甲改", "乙改")


def test_liaisons_change_nothing(world, document):
    with pytest.raises(NotAllowed):
        services.accept_all_agreed(document, by=world.liaisons["省水利厅"])
    with pytest.raises(NotAllowed):
        services.edit_item(item_of(document, "1"), by=world.liaisons["省水利厅"], version=0, title="改")


# Units


def test_a_name_is_given_its_department_by_a_person(world, document):
    unit = unit_of(document, "3", "省水利局")

    services.set_unit(unit, by=world.staff, version=0, department=world.departments["省水利厅"])

    assert (unit.department.name, unit.matched_by, codes(unit.item)) == ("省水利厅", "person", [])
    assert item_of(document, "3").state == "check"  # the name is settled, the item still waits to be confirmed


def test_a_name_is_given_its_department_wherever_it_stands(world, document):
    ImportUnit.objects.filter(name="省财政厅").update(department=None, matched_by="")
    ImportItem.objects.filter(document=document, number="1").update(state="check")
    unit, forest = unit_of(document, "2", "省财政厅"), world.departments["省林业局"]

    count = services.set_units_named_alike(unit, world.departments["省水利厅"], by=world.staff, version=0, scope="经费")

    both = ImportUnit.objects.filter(name="省财政厅").order_by("item")
    assert count == 2
    assert [(row.department.name, row.matched_by, row.scope) for row in both] == [
        ("省水利厅", "person", ""), ("省水利厅", "person", "经费"),
    ]  # fmt: skip
    assert unit_of(document, "2", "省林业局").department == forest
    assert [row.version for row in document.items.all()] == [1, 1, 0, 0]
    assert (document.steps.count(), DepartmentAlias.objects.count()) == (1, 0)
    with pytest.raises(AlreadyMoved):
        services.set_units_named_alike(unit, forest, by=world.staff, version=0)


def test_candidates_stand_ready_for_an_unknown_name(world, document):
    assert unit_of(document, "3", "省水利局").candidates[0] == world.departments["省水利厅"].pk


def test_role_and_part_change(world, document):
    unit = services.set_unit(unit_of(document, "1", "省财政厅"), by=world.staff, version=0, role="shared", scope="经费")

    assert (unit.role, unit.scope, unit.name) == ("shared", "经费", "省财政厅")
    with pytest.raises(Refused, match="请选择牵头"):
        services.set_unit(unit, by=world.staff, version=1, role="boss")


def test_a_unit_added_answers_the_open_ones(world, document):
    row = item_of(document, "2")

    unit = services.add_unit(row, world.departments["省水利厅"], role="shared", by=world.staff, version=0)

    assert (unit.name, unit.position, unit.start) == ("省水利厅", 3, None)
    assert (row.open_units, row.open_units_decision, codes(row)) == ("等有关部门", "add", [])


def test_one_department_twice_in_one_part_must_be_settled(world, document):
    row = item_of(document, "1")
    services.add_unit(row, world.departments["省水利厅"], role="cooperate", by=world.staff, version=0)

    assert (codes(row), row.state) == (["unit_repeated"], "check")
    with pytest.raises(Refused) as refused:
        services.confirm_item(row, by=world.staff, version=row.version)
    assert refused.value.code == "open_questions"


def test_a_unit_removed_is_gone(world, document):
    row = services.remove_unit(unit_of(document, "3", "省水利局"), by=world.staff, version=0)

    assert (row.units.count(), codes(row)) == (0, [])


def test_a_coordinating_unit_is_a_decision_with_its_reason(world, document):
    row, finance = item_of(document, "2"), world.departments["省财政厅"]

    with pytest.raises(Refused, match="理由"):
        services.name_coordinator(row, finance, reason=" ", by=world.staff, version=0)
    with pytest.raises(Refused, match="不是第2项的责任单位"):
        services.name_coordinator(row, world.departments["省水利厅"], reason="管水", by=world.staff, version=0)
    services.name_coordinator(row, finance, reason="资金由其汇总", by=world.staff, version=0)

    assert (row.coordinator, row.coordinator_reason, row.version) == (finance, "资金由其汇总", 1)


def test_a_department_made_in_the_review_serves_every_item(world, document):
    unit = unit_of(document, "3", "省水利局")
    with pytest.raises(NotAllowed):
        services.create_department(
            unit, name="省水利局", full_name="安徽省水利局", level="provincial", category="government", by=world.staff
        )

    made = services.create_department(
        unit, name="省水利局", full_name="安徽省水利局", level="provincial", category="government", by=world.admin
    )

    assert (made.initials, made.pinyin, made.protocol_order) == ("sslj", "shengshuiliju", 4)
    assert unit_of(document, "3", "省水利局").department == made
    assert item_of(document, "3").state == "agreed"


def test_a_name_that_another_department_goes_by_is_refused(world, document):
    unit = unit_of(document, "3", "省水利局")

    with pytest.raises(Refused) as refused:
        services.create_department(
            unit, name="省财政厅", full_name="", level="provincial", category="government", by=world.admin
        )

    assert (refused.value.code, Department.objects.count(), document.steps.count()) == ("name_taken", 3, 0)


def test_an_alias_entered_in_the_review_is_known_from_then_on(world, document):
    unit = services.add_alias(unit_of(document, "3", "省水利局"), world.departments["省水利厅"], by=world.admin)

    assert unit.department.name == "省水利厅"
    assert unit_of(reviewed(world.staff), "3", "省水利局").matched_by == "alias"


def test_names_are_asked_again_when_the_register_has_grown(world, document):
    Department.objects.create(name="省水利局", full_name="安徽省水利局", level="provincial", category="government")

    assert services.rematch(document, by=world.staff) == 1
    assert states(document) == ["agreed", "check", "agreed", "check"]
    assert services.rematch(document, by=world.staff) == 0
