"""A document imported into a plan that runs: what it changes, what it leaves, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from calendars import clock
from documents.draft import Doubt, DraftPlan, OpenUnit
from imports import diff, services
from imports.models import DocumentImport, ImportItem
from imports.reasons import reasons_of
from imports.services import Refused
from tasks import services as tasks_services
from tasks.models import Assignment, Plan, WorkItem
from tests.imports.drafts import found, item, item_of, line, reviewed, span, unit, unit_of
from tests.tasks.filing import browser_of
from tests.tasks.world import OCTOBER, SEPTEMBER, local

pytestmark = pytest.mark.django_db

# The small office's plan once more: 1 reworded, 2 with another unit, 3 gone, one that is new.
AGAIN = """安徽省农业农村厅2024年工作重点
一、聚焦投入
1.提升农村供水保障水平。（省水利厅牵头）
2.衔接资金向薄弱村倾斜。（省财政厅、省水利厅按职责分工负责）
4.办好技能培训班。（省林业局牵头）
"""
MORNING = local(2024, 10, 9, 9)


def again(text: str = AGAIN) -> DraftPlan:
    from documents.draft import DraftSection

    first, second, new = (line(f"{number}.", text) for number in (1, 2, 4))
    return DraftPlan(
        kind="work_points", trackable=True, title=found("安徽省农业农村厅2024年工作重点", text),
        sections=(DraftSection("一", "一", found("聚焦投入", text)),),
        items=(
            item("1", "一", first, text, units=(unit("省水利厅", "lead", first, text),)),
            item("2", "一", second, text,
                 units=(unit("省财政厅", "shared", second, text), unit("省水利厅", "shared", second, text))),
            item("4", "一", new, text, units=(unit("省林业局", "lead", new, text),)),
        ),
    )  # fmt: skip


@pytest.fixture
def running(world) -> Plan:
    """The plan with September skipped and October open."""
    with clock.at(local(2024, 10, 8, 9)):
        tasks_services.skip_period(world.plan, SEPTEMBER, reason="文件八月下旬印发", by=world.admin)
    world.open(OCTOBER)
    return world.plan


@pytest.fixture
def second(world, running) -> DocumentImport:
    with clock.at(MORNING):
        return reviewed(world.staff, again(), text=AGAIN, plan=running)


def publish(document: DocumentImport, by) -> Plan:
    document.refresh_from_db()
    with clock.at(MORNING):
        return services.publish(document, by=by, steps_taken=document.steps_taken)


def duties(plan: Plan, number: str, **filters) -> list[tuple]:
    rows = Assignment.objects.filter(item__plan=plan, item__number=number, **filters).select_related("department")
    return [(duty.department.name, duty.role, duty.valid_from, duty.valid_to) for duty in rows]


def test_items_are_matched_and_what_they_mean_is_said(second):
    rows = ImportItem.objects.filter(document=second).select_related("matched")

    assert [(row.number, row.change, row.matched and row.matched.number) for row in rows] == [
        ("1", "changed", "1"), ("2", "changed", "2"), ("4", "added", None),
    ]  # fmt: skip
    assert [row.title for row in rows] == ["农村供水提升", "衔接资金倾斜", "办好技能培训班"]
    assert [(removal.item.number, removal.end_duties) for removal in second.removals.all()] == [("3", False)]


def test_the_differences_of_an_item_are_listed(second):
    row = ImportItem.objects.for_review().get(document=second, number="2")

    changes = diff.differences(row, diff.duties_of(second.plan_id)[row.matched_id])

    assert (changes.wording, [unit.name for unit in changes.opened], changes.changed) == (True, ["省水利厅"], [])
    assert [duty.department.name for duty in changes.closed] == ["省林业局"]


def test_the_words_become_a_new_version_and_old_months_keep_theirs(world, running, second):
    publish(second, world.admin)

    revision = WorkItem.objects.get(plan=running, number="1").revision
    assert (revision.version, revision.title, revision.text) == (2, "农村供水提升", line("1.", AGAIN))
    assert AGAIN[revision.span_start : revision.span_end] == revision.text
    asked = world.report("1", "省水利厅").item_revision
    assert (asked.version, asked.text) == (1, "")


def test_units_change_from_the_next_month_to_be_opened(world, running, second):
    publish(second, world.admin)

    november, first = date(2024, 11, 1), date(2024, 8, 19)
    assert duties(running, "2") == [
        ("省财政厅", "shared", first, None),
        ("省林业局", "shared", first, date(2024, 10, 31)),
        ("省水利厅", "shared", november, None),
    ]
    assert duties(running, "4") == [("省林业局", "lead", november, None)]
    assert world.report("2", "省林业局").state == "awaiting"  # October goes on as it was asked


def test_the_next_month_asks_the_new_units(world, running, second):
    publish(second, world.admin)

    with clock.at(local(2024, 11, 8, 9)):
        period = tasks_services.open_period(running, OCTOBER.next, by=world.admin)

    assert sorted((report.item.number, report.department.name) for report in period.reports.all()) == [
        ("1", "省水利厅"), ("2", "省水利厅"), ("2", "省财政厅"), ("4", "省林业局"),
    ]  # fmt: skip


def test_a_role_that_changed_is_a_new_duty(world, running, second):
    lead = unit_of(second, "2", "省财政厅")
    services.set_unit(lead, by=world.staff, version=0, role="lead")

    publish(second, world.admin)

    assert duties(running, "2", department__name="省财政厅") == [
        ("省财政厅", "shared", date(2024, 8, 19), date(2024, 10, 31)),
        ("省财政厅", "lead", date(2024, 11, 1), None),
    ]


def test_what_the_document_no_longer_has_ends_only_when_a_person_says_so(world, running, second):
    third = WorkItem.objects.get(plan=running, number="3")
    tasks_services.assign(third, world.departments["省林业局"], role="shared", by=world.admin)
    removal = second.removals.get()

    services.decide_removal(removal, by=world.staff, version=0, end_duties=True)
    publish(second, world.admin)

    assert duties(running, "3") == [("省林业局", "shared", date(2024, 8, 19), date(2024, 10, 31))]


@pytest.mark.parametrize(("at", "said"), [(local(2024, 10, 20, 9), "将于"), (local(2024, 11, 2, 9), "已于")])
def test_an_item_whose_duties_ended_says_since_when(world, running, second, at, said):
    third = WorkItem.objects.get(plan=running, number="3")
    with clock.at(MORNING):
        tasks_services.assign(third, world.departments["省林业局"], role="responsible", by=world.admin)
        tasks_services.assign(third, world.departments["省财政厅"], role="responsible", by=world.admin)
        assert "2 个责任单位" in browser_of(world.staff).get(f"/items/{third.pk}/").content.decode()
    services.decide_removal(second.removals.get(), by=world.staff, version=0, end_duties=True)
    publish(second, world.admin)

    with clock.at(at):
        page = browser_of(world.staff).get(f"/items/{third.pk}/").content.decode()

    assert page.count(f"责任分工{said}2024年10月31日结束") == 2
    assert "有则报" not in page


def test_left_alone_it_runs_on(world, running, second):
    third = WorkItem.objects.get(plan=running, number="3")
    tasks_services.assign(third, world.departments["省林业局"], role="shared", by=world.admin)

    publish(second, world.admin)

    assert duties(running, "3") == [("省林业局", "shared", date(2024, 8, 19), None)]


def test_nothing_else_is_touched(world, running, second):
    before = Plan.objects.values("title", "state", "issued_on", "starts_on", "first_period").get(pk=running.pk)

    publish(second, world.admin)

    assert Plan.objects.values(*before).get(pk=running.pk) == before
    assert [item.number for item in running.items.all()] == ["1", "2", "3", "4"]
    assert running.sections.count() == 1
    second.refresh_from_db()
    assert (second.made_plan, Plan.objects.count()) == (running, 1)


def test_the_same_document_again_changes_nothing(world, running, second):
    publish(second, world.admin)

    with clock.at(MORNING):
        third = reviewed(world.staff, again(), text=AGAIN, plan=running)

    assert [row.change for row in third.items.all()] == ["same", "same", "same"]
    publish(third, world.admin)
    assert [item.revision.version for item in running.items.select_related("revision")] == [2, 2, 1, 1]
    assert Assignment.objects.filter(item__plan=running).count() == 5


OPEN = AGAIN.replace("（省财政厅、省水利厅按", "（省财政厅、省水利厅等有关部门按")


def with_open_units(text: str = OPEN) -> DraftPlan:
    """The same document, in which other units than those named answer for item 2."""
    draft = again(text)
    places = (OpenUnit("等有关部门", "shared", span("等有关部门", text), "rest"),)
    doubts = (Doubt("open_unit", "“等有关部门”没有指明具体单位。", places[0].at),)
    first, second, *rest = draft.items
    return replace(draft, items=(first, replace(second, open_units=places, doubts=doubts), *rest))


def imported(world, plan, text: str = OPEN) -> DocumentImport:
    with clock.at(MORNING):
        return reviewed(world.staff, with_open_units(text), text=text, plan=plan)


@pytest.fixture
def decided(world, running) -> Plan:
    """A plan into which a document with 等有关部门 went, with 省林业局 added by the office in the review."""
    document = imported(world, running)
    row = item_of(document, "2")
    row = services.remove_unit(row.units.get(start=None), by=world.staff, version=row.version)
    services.add_unit(row, world.departments["省林业局"], role="shared", by=world.staff, version=row.version)
    services.confirm_item(row, by=world.staff, version=row.version)
    return publish(document, world.admin)


def test_units_that_the_office_added_are_proposed_again(world, decided):
    document = imported(world, decided)

    row = item_of(document, "2")
    added = row.units.get(start=None)
    assert (added.department.name, added.role, row.open_units_decision) == ("省林业局", "shared", "add")
    assert (row.change, row.state) == ("same", "check")
    assert [reason.sentence for reason in reasons_of(row)] == [
        "省林业局由本厅补充，文件没有列名，继续保留；不再负责的请移除。"
    ]

    services.confirm_item(row, by=world.staff, version=row.version)
    publish(document, world.admin)
    assert [(name, until) for name, _, _, until in duties(decided, "2", valid_to=None)] == [
        ("省财政厅", None), ("省林业局", None), ("省水利厅", None),
    ]  # fmt: skip


def test_units_that_the_office_added_end_only_when_somebody_says_so(world, decided):
    document = imported(world, decided)
    added = item_of(document, "2").units.get(start=None)

    row = services.remove_unit(added, by=world.staff, version=0)

    assert row.change == "changed"


def test_a_unit_that_the_document_named_and_names_no_more_is_a_change(world, decided):
    without = OPEN.replace("省财政厅、省水利厅等", "省财政厅等")
    words = line("2.", without)
    second = replace(
        item("2", "一", words, without, units=(unit("省财政厅", "shared", words, without),)),
        open_units=(OpenUnit("等有关部门", "shared", span("等有关部门", without), "rest"),),
    )
    with clock.at(MORNING):
        document = reviewed(world.staff, replace(with_open_units(), items=(second,)), text=without, plan=decided)

    row = ImportItem.objects.for_review().get(document=document, number="2")
    changes = diff.differences(row, diff.duties_of(decided.pk)[row.matched_id])
    assert [duty.department.name for duty in changes.closed] == ["省水利厅"]


def test_keeping_only_the_named_units_is_remembered_while_the_words_stay(world, running):
    document = imported(world, running)
    row = item_of(document, "2")
    row = services.remove_unit(row.units.get(start=None), by=world.staff, version=row.version)
    row = services.decide_open_units(row, by=world.staff, version=row.version, decision="keep")
    services.confirm_item(row, by=world.staff, version=row.version)
    publish(document, world.admin)

    assert item_of(imported(world, running), "2").open_units_decision == "keep"
    other = imported(world, running, OPEN.replace("等有关部门", "等有关部门 "))
    assert item_of(other, "2").open_units_decision == "keep"
    ImportItem.objects.filter(document=document, number="2").update(open_units="等单位")
    assert item_of(imported(world, running), "2").open_units_decision == ""


def test_reworded_and_moved_items_are_found_by_their_words(world, running, second):
    publish(second, world.admin)
    moved = AGAIN.replace("1.提升", "7.提升").replace("保障水平", "保障能力")
    first = line("7.", moved)

    with clock.at(MORNING):
        third = reviewed(
            world.staff,
            DraftPlan(kind="work_points", trackable=True, items=(item("7", None, first, moved),)),
            text=moved, plan=running,
        )  # fmt: skip

    row = third.items.get()
    assert (row.matched.number, row.change) == ("1", "changed")
    assert [removal.item.number for removal in third.removals.all()] == ["2", "3", "4"]


def test_a_pair_is_put_right_by_hand_and_taken_back(world, running, second):
    third = WorkItem.objects.get(plan=running, number="3")
    new = item_of(second, "4")

    services.pair_item(new, third, by=world.staff, version=0)
    assert (new.matched, new.change, new.title, second.removals.count()) == (third, "changed", "经验总结宣传", 0)
    with pytest.raises(Refused, match="已对应文件中的第4项"):
        services.pair_item(item_of(second, "1"), third, by=world.staff, version=0)

    services.undo(services.last_step(second), by=world.staff)
    assert (item_of(second, "4").matched, item_of(second, "4").change) == (None, "added")
    assert [removal.item for removal in second.removals.all()] == [third]


def test_an_item_of_another_plan_is_refused(world, second, running):
    other = Plan.objects.get(pk=running.pk)
    other.pk, other._state.adding = None, True
    other.save()
    section = tasks_services.add_section(other, number="一", title="他处", by=world.admin)
    foreign = tasks_services.add_item(section, number="1", title="他处事项", by=world.admin)

    with pytest.raises(Refused) as refused:
        services.pair_item(item_of(second, "4"), foreign, by=world.staff, version=0)

    assert refused.value.code == "not_of_plan"


def test_two_matched_items_merged_leave_one_behind(world, second):
    first, other = item_of(second, "1"), item_of(second, "2")

    merged = services.merge_items(first, other, by=world.staff, versions=(0, 0))

    assert merged.matched.number == "1"
    assert [removal.item.number for removal in second.removals.all()] == ["2", "3"]


def test_a_closed_plan_takes_nothing(world, running):
    Plan.objects.filter(pk=running.pk).update(state="closed")
    running.refresh_from_db()

    with pytest.raises(Refused) as refused:
        services.start_import(text=AGAIN, by=world.staff, plan=running)

    assert refused.value.code == "plan_closed"
