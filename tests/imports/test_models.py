"""What the tables of an import hold to, and the questions asked of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents.draft import DraftPlan, DraftUnit, Found, Span
from imports import services
from imports.models import (
    DocumentImport,
    ImportDoubt,
    ImportItem,
    ImportProposal,
    ImportSection,
    ImportStep,
    ImportUnit,
)
from imports.reasons import reasons_of
from imports.wording import first_words, one_line
from tasks.models import Proposal, SourceDocument, WorkItemRevision
from tests.imports.drafts import FACTS, TEXT, item, item_of, line, reviewed, settled, unit_of
from tests.tasks.world import make_user

pytestmark = pytest.mark.django_db


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def test_the_tables_refuse_what_would_be_a_lie(world, document):
    row, unit = item_of(document, "1"), unit_of(document, "3", "省水利局")
    documents, rows = DocumentImport.objects.filter(pk=document.pk), ImportItem.objects.filter(pk=row.pk)

    assert refused(lambda: documents.update(state="refused"))
    assert refused(lambda: documents.update(state="published"))
    assert refused(lambda: rows.update(end=row.start))
    assert refused(lambda: rows.update(coordinator=world.departments["省水利厅"]))
    assert refused(lambda: ImportUnit.objects.filter(pk=unit.pk).update(matched_by="name"))
    assert refused(lambda: ImportUnit.objects.filter(pk=unit.pk).update(department=world.departments["省水利厅"]))


def test_a_wording_with_a_source_has_its_span_and_without_none(world, document):
    revisions = WorkItemRevision.objects.filter(pk=world.plan.items.first().revision_id)

    assert refused(lambda: revisions.update(source=document.source))
    assert refused(lambda: revisions.update(span_start=1, span_end=2))
    assert refused(lambda: revisions.update(source=document.source, span_start=5, span_end=5))
    assert not refused(lambda: revisions.update(source=document.source, span_start=5, span_end=9))


@pytest.mark.parametrize(
    "model", [DocumentImport, ImportSection, ImportItem, ImportUnit, ImportDoubt, ImportProposal, ImportStep]
)
def test_only_the_office_sees_the_rows_of_a_review(world, document, model):
    services.edit_item(item_of(document, "1"), by=world.staff, version=0, title="改")
    leader, liaison = make_user("分管", "leader"), world.liaisons["省水利厅"]

    assert model.objects.visible_to(world.staff).exists()
    assert not model.objects.visible_to(leader).exists()
    assert not model.objects.visible_to(liaison).exists()


def test_only_imports_under_review_are_editable(world, document):
    assert list(DocumentImport.objects.editable_by(world.staff)) == [document]
    services.discard(document, by=world.staff)
    assert list(DocumentImport.objects.editable_by(world.staff)) == []


def test_counts_leave_out_what_is_not_imported(world, document):
    services.exclude_item(item_of(document, "2"), by=world.staff, version=0)

    counted = DocumentImport.objects.with_counts().get(pk=document.pk)

    assert (counted.items_count, counted.undecided_count, counted.agreed_count) == (3, 2, 1)


def drawn(document: DocumentImport) -> int:
    """What the review page reads of an import; gives the number of queries."""
    with CaptureQueriesContext(connection) as queries:
        read = DocumentImport.objects.for_review().get(pk=document.pk)
        for row in read.items.all():
            assert row.text
            assert row.section.title
            list(row.counties.all())
            for reason in reasons_of(row):
                assert reason.sentence
            for unit in row.units.all():
                assert unit.department is None or unit.department.name
    return len(queries)


def test_the_review_is_read_with_the_same_queries_for_any_number_of_items(world, document):
    few = drawn(document)
    source = item_of(document, "2")
    for number in range(6):
        copy = ImportItem.objects.get(pk=source.pk)
        copy.pk, copy._state.adding, copy.number = None, True, f"9-{number}"
        copy.save()
        ImportUnit.objects.create(item=copy, name="无名处", role="shared")
        ImportDoubt.objects.create(document=document, item=copy, code="made_up", reason="请看一看。")

    assert drawn(document) == few


def test_lists_do_not_read_the_bytes_and_the_text(document):
    listed = DocumentImport.objects.for_table().get(pk=document.pk)

    assert listed.source.get_deferred_fields() == {"content", "text"}
    assert SourceDocument.objects.for_table().get().get_deferred_fields() == {"content", "text"}


def test_kept_proposals_are_read_with_their_plan(world, document):
    document = settled(document, world.staff, world.departments)
    row = item_of(document, "1")
    for proposal in row.proposals.all():
        row.refresh_from_db()
        services.decide_proposal(proposal, by=world.staff, version=row.version, accepted=True)
    document.refresh_from_db()
    services.publish(document, by=world.admin, steps_taken=document.steps_taken)

    assert Proposal.objects.visible_to(world.liaisons["省水利厅"]).count() == 2
    assert not Proposal.objects.visible_to(make_user("运维", "system_admin")).exists()


def test_a_document_that_overflows_every_column_is_stored_cut_and_checked(world):
    """Names and headings of any length come in; the words themselves stay whole in the source."""
    long = "长" * 3000
    text = TEXT + f"5.{long}（{long}牵头）\n"
    body = line("5.", text)
    start = text.index(body)
    unit = DraftUnit(long, "lead", Span(start + 2, start + 3002), "r" * 300, full=long, scope=long)
    draft = DraftPlan(
        kind="work_points", trackable=True, title=Found(long, Span(start + 2, start + 3002), "r"),
        issuer=Found(long, Span(start + 2, start + 3002), "r"), number=Found(long, Span(start + 2, start + 3002), "r"),
        items=(item("5", None, body, text, units=(unit, unit)),),
    )  # fmt: skip

    document = reviewed(world.staff, draft, text=text)

    row = document.items.get()
    assert (row.text, len(row.title), row.section) == (body, 30, None)
    assert [(len(unit.name), len(unit.scope), unit.scope[-1]) for unit in row.units.all()] == [(120, 120, "…")] * 2
    assert (len(document.title), len(document.issuer), len(document.number)) == (200, 120, 80)


def test_items_without_headings_get_none_invented(world):
    body = line("1.")
    draft = DraftPlan(kind="work_points", trackable=True, items=(item("1", None, body),))
    document = reviewed(world.staff, draft)
    services.set_facts(
        document,
        by=world.staff,
        version=0,
        title="一份没有标题层次的要点",
        issuer="某厅",
        issued_on=date(2024, 8, 1),
        **FACTS,
    )
    row = document.items.get()
    assert row.state == "agreed"

    plan = services.publish(document, by=world.admin, steps_taken=1)

    assert [(section.number, section.title, str(section)) for section in plan.sections.all()] == [
        ("", "一份没有标题层次的要点", "一份没有标题层次的要点")
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("改造老旧管网。年底前完成。", "改造老旧管网"),
        ("改造老旧\n 管网。", "改造老旧管网"),
        (
            "把巡查、维修、清淤、清障四类日常工作纳入台账管理，逐月核对完成情况，按季通报进度。",
            "把巡查、维修、清淤、清障四类日常工作纳入台账管理",
        ),
        ("字" * 80, "字" * 29 + "…"),
        ("", ""),
    ],
)
def test_a_title_is_the_first_words_that_make_sense(text, title):
    assert first_words(text) == title


def test_layout_spaces_go_and_spaces_between_latin_words_stay():
    assert one_line("推进 5G\n网络 Wi Fi 覆\n盖", 40) == "推进5G网络Wi Fi覆盖"
