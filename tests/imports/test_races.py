"""Two people at one import in the same moment: one wins, the other is told; on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from imports import services
from imports.models import DocumentImport, ImportItem, ImportStep
from imports.services import AlreadyMoved
from tasks.models import Plan
from tests.imports.drafts import TEXT, item_of, reviewed, settled, small_draft, uploaded
from tests.tasks.test_races import race, winners
from tests.tasks.world import World, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

TRIALS = 10


@pytest.fixture
def world() -> World:
    return make_world()


def edits_of_one_item(world: World, document: DocumentImport) -> list[tuple[int, ...]]:
    seen = []
    for trial in range(TRIALS):
        row = item_of(document, "1")
        mine, theirs = item_of(document, "1"), item_of(document, "1")
        outcomes = race(
            lambda: services.edit_item(mine, by=world.staff, version=row.version, title=f"甲{trial}"),  # noqa: B023
            lambda: services.edit_item(theirs, by=world.colleague, version=row.version, title=f"乙{trial}"),  # noqa: B023
        )
        seen.append(winners(outcomes))
        assert all(isinstance(refusal, AlreadyMoved) for refusal in outcomes if refusal)
    return seen


def test_of_two_edits_of_one_item_one_wins(world):
    document = reviewed(world.staff)

    seen = edits_of_one_item(world, document)

    assert [len(won) for won in seen] == [1] * TRIALS
    assert document.steps.count() == TRIALS
    assert DocumentImport.objects.get(pk=document.pk).steps_taken == TRIALS


def test_without_the_defence_both_would_win(world, settings):
    """The negative control: were the trials unable to go wrong, the one above would prove nothing."""
    settings.DEFENCES_OFF = frozenset({"version_check"})

    assert (0, 1) in edits_of_one_item(world, reviewed(world.staff))


def test_edits_of_two_items_both_win_and_are_numbered_in_turn(world):
    document = reviewed(world.staff)
    first, second = item_of(document, "1"), item_of(document, "2")

    outcomes = race(
        lambda: services.edit_item(first, by=world.staff, version=0, title="甲改"),
        lambda: services.edit_item(second, by=world.colleague, version=0, title="乙改"),
    )

    assert outcomes == [None, None]
    assert list(ImportStep.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_draft_is_stored_once_by_two_workers(world):
    from documents.source import Source

    document = uploaded(world.staff)
    stored = []

    def store():
        mine = DocumentImport.objects.get(pk=document.pk)
        stored.append(services.store_draft(mine, Source(text=TEXT, format="txt"), small_draft()))

    assert race(store, store) == [None, None]
    assert (sorted(stored), ImportItem.objects.count()) == ([False, True], 4)


def test_an_import_is_published_once_by_two_administrators(world):
    document = settled(reviewed(world.staff), world.staff, world.departments)
    publish = lambda: services.publish(document, by=world.admin, steps_taken=document.steps_taken)  # noqa: E731

    outcomes = race(publish, publish)

    assert len(winners(outcomes)) == 1
    assert Plan.objects.exclude(pk=world.plan.pk).count() == 1


def test_an_edit_and_the_publishing_meet(world):
    document = settled(reviewed(world.staff), world.staff, world.departments)
    row = item_of(document, "1")

    outcomes = race(
        lambda: services.publish(document, by=world.admin, steps_taken=document.steps_taken),
        lambda: services.edit_item(row, by=world.staff, version=row.version, title="最后一改"),
    )

    assert len(winners(outcomes)) == 1
    titles = set(Plan.objects.exclude(pk=world.plan.pk).values_list("items__revision__title", flat=True))
    assert "最后一改" not in titles


def test_of_two_undoings_one_is_done(world):
    document = reviewed(world.staff)
    for title in ("一改", "二改"):
        row = item_of(document, "1")
        services.edit_item(row, by=world.staff, version=row.version, title=title)
    latest = services.last_step(document)

    outcomes = race(lambda: services.undo(latest, by=world.staff), lambda: services.undo(latest, by=world.colleague))

    assert (len(winners(outcomes)), item_of(document, "1").title) == (1, "一改")


def test_text_with_rare_characters_is_kept_to_the_letter(world):
    text = TEXT + "𠮷𡈽𫝆" * 1000
    document = reviewed(world.staff, text=text)

    assert DocumentImport.objects.select_related("source").get(pk=document.pk).text == text
    assert connection.vendor in ("sqlite", "postgresql")
