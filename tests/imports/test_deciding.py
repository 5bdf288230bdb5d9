"""What a person decides in a review, how items are shaped, and how each step is taken back."""

from __future__ import annotations

from datetime import date

import pytest

from imports import services
from imports.choices import ItemState
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportProposal, ImportUnit
from imports.services import AlreadyMoved, Refused
from tests.imports.drafts import (
    TEXT,
    actions,
    codes,
    item_of,
    states,
    unit_of,
)

pytestmark = pytest.mark.django_db


# Deciding


def test_confirming_settles_the_doubts_and_says_who_looked(world, document):
    row = item_of(document, "2")
    with pytest.raises(Refused, match="没有指明具体单位"):
        services.confirm_item(row, by=world.staff, version=0)

    services.decide_open_units(row, by=world.staff, version=0, decision="keep")
    services.confirm_item(row, by=world.staff, version=1)

    assert (row.state, row.checked_by, row.open_units_decision) == ("confirmed", world.staff, "keep")
    assert [doubt.settled_by for doubt in row.doubts.all()] == [world.staff]


def test_all_agreed_are_accepted_at_once(world, document):
    assert services.accept_all_agreed(document, by=world.staff) == 1
    assert states(document) == ["confirmed", "check", "check", "check"]
    assert services.accept_all_agreed(document, by=world.staff) == 0


def test_later_not_at_all_and_back(world, document):
    row = item_of(document, "1")

    seen = [
        act(row, by=world.staff, version=row.version).state
        for act in (services.postpone_item, services.exclude_item, services.recall_item)
    ]

    assert seen == ["later", "excluded", "agreed"]


def test_a_confirmed_item_that_gets_a_question_waits_again(world, document):
    row = services.confirm_item(item_of(document, "1"), by=world.staff, version=0)

    services.add_unit(row, world.departments["省水利厅"], role="shared", by=world.staff, version=1)

    assert (row.state, row.checked_by) == (ItemState.CHECK, None)


def test_a_deadline_is_kept_by_a_person(world, document):
    deadline, target = ImportProposal.objects.filter(item=item_of(document, "1")).order_by("start")

    services.decide_proposal(deadline, by=world.staff, version=0, accepted=True)
    services.decide_proposal(target, by=world.staff, version=1, accepted=False)

    assert (deadline.accepted, deadline.decided_by, deadline.content) == (
        True, world.staff, {"date": "2024-12-31", "recurrence": None},
    )  # fmt: skip
    assert (target.accepted, target.content["value"]) == (False, 60)


def test_a_doubt_of_the_document_is_settled_on_its_version(world, document):
    doubt = ImportDoubt.objects.create(document=document, code="lower_level", reason="像是下级的计划")

    with pytest.raises(AlreadyMoved):
        services.settle_doubt(doubt, by=world.staff, version=7)
    services.settle_doubt(doubt, by=world.staff, version=0)

    assert (doubt.settled_by, DocumentImport.objects.get(pk=document.pk).version) == (world.staff, 1)


# Shaping


def test_two_neighbours_become_one(world, document):
    first, second = item_of(document, "1"), item_of(document, "2")

    merged = services.merge_items(second, first, by=world.staff, versions=(0, 0))

    assert merged.pk == first.pk
    assert merged.text == TEXT[first.start : second.end]
    assert [(unit.name, unit.role) for unit in merged.units.all()] == [
        ("省水利厅", "lead"), ("省财政厅", "cooperate"), ("省财政厅", "shared"), ("省林业局", "shared"),
    ]  # fmt: skip
    assert (merged.state, merged.open_units, merged.origin) == (
        "check",
        "等有关部门",
        "由原文第1项、第2项合并，请核对。",
    )
    assert [row.number for row in document.items.all()] == ["1", "3", "4"]


@pytest.mark.parametrize(("one", "other"), [("1", "3"), ("2", "3"), ("1", "1")])
def test_only_neighbours_of_one_section_are_merged(world, document, one, other):
    with pytest.raises((Refused, AlreadyMoved)):
        services.merge_items(item_of(document, one), item_of(document, other), by=world.staff, versions=(0, 0))

    assert (document.items.count(), document.steps.count()) == (4, 0)


def test_an_item_is_cut_where_the_reviewer_says(world, document):
    row = item_of(document, "1")
    at = TEXT.index("年底前")

    first, second = services.split_item(row, at=at, by=world.staff, version=0)

    assert (first.text, second.text[:4]) == ("1.改造老旧管网。", "年底前完")
    assert first.text + second.text == TEXT[row.start : second.end]
    assert [unit.name for unit in first.units.all()] == [unit.name for unit in second.units.all()]
    assert (first.proposals.count(), second.proposals.count()) == (0, 2)
    assert [(part.state, codes(part)) for part in (first, second)] == [("check", ["split"])] * 2


@pytest.mark.parametrize("place", ["start", "end", "outside"])
def test_nothing_is_cut_off_at_an_edge(world, document, place):
    row = item_of(document, "1")
    at = {"start": row.start, "end": row.end, "outside": row.end + 20}[place]

    with pytest.raises(Refused) as refused:
        services.split_item(row, at=at, by=world.staff, version=0)

    assert (refused.value.code, document.items.count()) == ("nothing_to_split", 4)


def test_what_is_kept_is_numbered_anew(world, document):
    services.exclude_item(item_of(document, "2"), by=world.staff, version=0)

    services.renumber(document, by=world.staff, version=0)

    assert [row.number for row in document.items.kept()] == ["1", "2", "3"]


# Undoing


def everything(document: DocumentImport) -> list:
    """All columns of the review but the versions, which only rise."""
    rows = []
    for model in (ImportItem, ImportUnit, ImportDoubt, ImportProposal):
        names = [field.attname for field in model._meta.concrete_fields if field.name != "version"]
        rows += list(model.objects.order_by("pk").values_list(*names))
    facts = DocumentImport.objects.values_list("title", "starts_on", "ends_on", "first_period").get(pk=document.pk)
    return [*rows, facts]


def add_to_second(document: DocumentImport, world) -> None:
    services.add_unit(item_of(document, "2"), world.departments["省水利厅"], role="lead", by=world.staff, version=0)


def renumber_without_first(document: DocumentImport, world) -> None:
    services.exclude_item(item_of(document, "1"), by=world.staff, version=0)
    services.renumber(document, by=world.staff, version=0)


STEPS = {
    "facts": lambda d, w: services.set_facts(d, by=w.staff, version=0, title="另一名称", starts_on=date(2024, 9, 1)),
    "edit": lambda d, w: services.edit_item(item_of(d, "1"), by=w.staff, version=0, title="改了"),
    "unit": lambda d, w: services.set_unit(unit_of(d, "1", "省财政厅"), by=w.staff, version=0, role="shared"),
    "all alike": lambda d, w: services.set_units_named_alike(
        unit_of(d, "1", "省财政厅"), w.departments["省林业局"], by=w.staff, version=0
    ),
    "added": lambda d, w: add_to_second(d, w),
    "removed": lambda d, w: services.remove_unit(unit_of(d, "3", "省水利局"), by=w.staff, version=0),
    "merged": lambda d, w: services.merge_items(item_of(d, "1"), item_of(d, "2"), by=w.staff, versions=(0, 0)),
    "split": lambda d, w: services.split_item(item_of(d, "1"), at=TEXT.index("年底前"), by=w.staff, version=0),
    "accepted": lambda d, w: services.accept_all_agreed(d, by=w.staff),
    "excluded": lambda d, w: services.exclude_item(item_of(d, "4"), by=w.staff, version=0),
    "renumbered": lambda d, w: renumber_without_first(d, w),
}  # fmt: skip


@pytest.mark.parametrize("name", list(STEPS))
def test_a_step_taken_back_leaves_everything_as_it_was(world, document, name):
    before = everything(document)

    STEPS[name](document, world)
    assert everything(document) != before
    while step := services.last_step(document):
        services.undo(step, by=world.colleague)

    assert everything(document) == before
    assert actions()[-1] == "import.step_undone"


def test_a_page_drawn_before_the_undoing_saves_nothing(world, document):
    row = services.edit_item(item_of(document, "1"), by=world.staff, version=0, title="改了")

    services.undo(services.last_step(document), by=world.staff)

    assert item_of(document, "1").version > row.version
    with pytest.raises(AlreadyMoved):
        services.edit_item(row, by=world.staff, version=row.version, title="又改")


def test_only_the_latest_step_is_taken_back(world, document):
    services.edit_item(item_of(document, "1"), by=world.staff, version=0, title="一")
    first = services.last_step(document)
    services.edit_item(item_of(document, "2"), by=world.staff, version=0, title="二")

    with pytest.raises(AlreadyMoved):
        services.undo(first, by=world.staff)

    assert item_of(document, "1").title == "一"


# Settled imports


def test_a_discarded_import_stays_as_it_is(world, document):
    services.discard(document, by=world.staff, reason="发错了文件")

    with pytest.raises(Refused) as refused:
        services.edit_item(item_of(document, "1"), by=world.staff, version=0, title="改")
    assert (refused.value.code, document.state) == ("not_in_review", "discarded")
    with pytest.raises(AlreadyMoved):
        services.discard(document, by=world.staff)


def test_every_verb_has_its_words():
    from imports.audit_labels import LABELS
    from imports.choices import Verb

    assert {f"import.{verb}" for verb in Verb} < set(LABELS)
