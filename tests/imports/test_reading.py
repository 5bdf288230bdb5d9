"""An upload until it stands under review: kept, read once, proposed as the document says."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.utils import timezone

from accounts.guards import NotAllowed
from background import services as background
from background.models import Job
from departments.models import Department, DepartmentAlias
from documents.draft import DraftPlan
from documents.source import Source
from imports import services
from imports.choices import ImportState
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportUnit
from imports.services import AlreadyMoved, Refused
from tests.imports.drafts import (
    TEXT,
    actions,
    codes,
    item_of,
    read_for_real,
    reviewed,
    small_draft,
    states,
    unit_of,
    uploaded,
)
from tests.tasks.world import make_user

pytestmark = pytest.mark.django_db


# Coming in and being read


def test_an_upload_keeps_the_bytes_and_asks_for_their_reading(world):
    document, earlier = services.start_import(name="C:\\公文\\要点.txt", data=TEXT.encode(), by=world.staff)

    assert (document.state, document.source.name, bytes(document.source.content)) == (
        "uploaded",
        "要点.txt",
        TEXT.encode(),
    )
    assert (document.source.size, len(document.source.sha256), earlier) == (len(TEXT.encode()), 64, [])
    assert [job.payload for job in Job.objects.filter(kind="imports.read")] == [{"document": document.pk}]


def test_the_same_bytes_again_are_reported_and_not_forbidden(world):
    first = uploaded(world.staff)

    second, earlier = services.start_import(name="另存.txt", data=TEXT.encode(), by=world.admin)

    assert (second.pk != first.pk, [twin.pk for twin in earlier]) == (True, [first.pk])


def test_the_same_form_sent_twice_is_one_import(world):
    key = uuid.uuid4()

    first, _ = services.start_import(text=TEXT, by=world.staff, request_key=key)
    second, _ = services.start_import(text=TEXT, by=world.staff, request_key=key)

    assert (first.pk, DocumentImport.objects.count(), Job.objects.count()) == (second.pk, 1, 1)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"data": b"", "name": "空.txt"}, "empty"),
        ({"text": " \n"}, "empty"),
        ({"text": "坏\ud800字"}, "bad_text"),
        ({"data": b"x" * (20 * 1024 * 1024 + 1), "name": "大.txt"}, "too_large"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(world, values, code):
    with pytest.raises(Refused) as refused:
        services.start_import(by=world.staff, **values)

    assert (refused.value.code, DocumentImport.objects.count()) == (code, 0)


def test_only_the_office_imports(world):
    with pytest.raises(NotAllowed):
        uploaded(world.liaisons["省水利厅"])
    document = uploaded(world.staff)

    assert list(DocumentImport.objects.visible_to(make_user("分管", "leader"))) == []
    assert list(DocumentImport.objects.visible_to(world.staff)) == [document]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_job_reads_a_file_in_its_child_process(world, encoding):
    document = read_for_real(world.staff, TEXT.encode(encoding), "工作要点.txt")

    assert (document.state, document.source.text, document.source.format) == ("review", TEXT, "txt")
    assert (document.items.count(), actions()) == (4, ["import.started", "import.read"])


def test_pasted_words_are_read_like_a_file_and_known_as_pasted(world):
    document, _ = services.start_import(text=TEXT, by=world.staff)
    background.work_off()

    document = DocumentImport.objects.get(pk=document.pk)
    assert (document.state, document.source.format, document.source.text) == ("review", "pasted", TEXT)


def test_a_file_that_cannot_be_read_says_why(world):
    document = read_for_real(world.staff, b"\xff\xff\xff\xfe broken", "坏.txt")

    assert (document.state, document.refusal != "", document.items.count()) == (ImportState.REFUSED, True, 0)
    assert Job.objects.get().state == "done"


def test_a_document_with_nothing_to_track_is_refused_with_the_reason(world):
    document = uploaded(world.staff)

    services.store_draft(
        document, Source(text=TEXT, format="txt"), DraftPlan(kind="speech", trackable=False, reason="这是一篇讲话。")
    )

    document.refresh_from_db()
    assert (document.state, document.refusal, document.refusal_code) == ("refused", "这是一篇讲话。", "not_a_plan")


def test_a_draft_is_stored_once_however_often_the_job_runs(world):
    document = uploaded(world.staff)
    source = Source(text=TEXT, format="txt")

    assert services.store_draft(document, source, small_draft()) is True
    again = DocumentImport.objects.get(pk=document.pk)
    assert services.store_draft(again, source, small_draft()) is False

    assert (ImportItem.objects.count(), ImportUnit.objects.count(), ImportDoubt.objects.count()) == (4, 5, 1)
    assert actions() == ["import.started", "import.read"]


def test_a_requester_without_the_right_any_more_gets_no_draft(world):
    document = uploaded(world.staff)
    world.staff.grants.all().delete()

    background.work_off()

    document.refresh_from_db()
    assert (document.state, document.refusal_code, Job.objects.get().state) == ("refused", "not_allowed", "failed")


def test_a_reading_that_broke_down_is_tried_again(world):
    document = uploaded(world.staff)
    with pytest.raises(AlreadyMoved):
        services.retry_reading(document, by=world.staff)
    Job.objects.update(state="failed", error="处理时多次意外中断。", finished_at=timezone.now())
    DocumentImport.objects.update(state="reading")
    document.refresh_from_db()

    services.retry_reading(document, by=world.staff)
    background.work_off()

    document.refresh_from_db()
    assert (document.state, services.job_of(document).state) == ("review", "done")


# What the draft proposes


def test_the_draft_says_what_the_document_says_and_leaves_the_rest_to_be_asked(document):
    assert (document.title, document.issuer, document.kind) == (
        "乡村水利补短板工作要点",
        "安徽省农业农村厅",
        "work_points",
    )
    assert (document.issued_on, document.year) == (date(2024, 8, 19), 2024)
    assert (document.starts_on, document.ends_on, document.first_period) == (None, None, None)
    assert TEXT[document.evidence["title"]["start"] : document.evidence["title"]["end"]] == document.title


def test_items_keep_their_words_and_stand_in_order(document):
    items = list(document.items.all())

    assert [row.number for row in items] == ["1", "2", "3", "4"]
    assert [row.text for row in items] == [line for line in TEXT.splitlines() if line[:1].isdigit() and line[1] == "."]
    assert [row.title for row in items] == [
        "改造老旧管网",
        "落实维修养护经费，按季拨付到县",
        "建立巡查台账，发现问题及时处置",
        "总结推广经验做法",
    ]
    assert [row.section.number for row in items] == ["一", "一", "二", "二"]


def test_items_with_nothing_open_are_agreed_and_the_others_say_why_not(document):
    assert states(document) == ["agreed", "check", "check", "check"]
    assert [codes(row) for row in document.items.all()] == [[], ["open_unit"], ["unit_unmatched"], ["open_unit"]]


def test_a_unit_found_by_a_detour_asks_for_a_look(world):
    DepartmentAlias.objects.create(department=world.departments["省水利厅"], name="省水利局")

    document = reviewed(world.staff)

    assert unit_of(document, "3", "省水利局").matched_by == "alias"
    assert codes(item_of(document, "3")) == ["unit_by_alias"]


def test_a_document_of_strangers_is_said_once(world):
    Department.objects.update(name="某单位", full_name="某单位", valid_to=date(2020, 1, 1))

    document = reviewed(world.staff)

    assert [doubt.code for doubt in document.doubts.filter(item=None)] == ["no_unit_known"]


def strangers(world) -> tuple[DocumentImport, Department]:
    """A document of which no unit is known, and a department as yet unknown to it."""
    Department.objects.update(valid_to=date(2020, 1, 1))
    document = reviewed(world.staff)
    ours = Department.objects.create(name="省河道局", full_name="", level="provincial", category="government")
    return document, ours


@pytest.mark.parametrize("how", ["one", "all", "alias", "added"])
def test_with_the_first_known_unit_it_is_no_document_of_strangers(world, how):
    document, ours = strangers(world)
    unit = unit_of(document, "1", "省财政厅")
    {
        "one": lambda: services.set_unit(unit, by=world.staff, version=0, department=ours),
        "all": lambda: services.set_units_named_alike(unit, ours, by=world.staff, version=0),
        "alias": lambda: services.add_alias(unit_of(document, "3", "省水利局"), ours, by=world.admin),
        "added": lambda: services.add_unit(unit.item, ours, role="lead", by=world.staff, version=0),
    }[how]()
    assert not document.doubts.get(item=None).is_open

    services.undo(services.last_step(document), by=world.staff)

    assert document.doubts.get(item=None).is_open


def test_a_part_or_role_makes_no_unit_known(world):
    document, _ = strangers(world)

    services.set_unit(unit_of(document, "1", "省财政厅"), by=world.staff, version=0, role="lead", scope="经费")

    assert document.doubts.get(item=None).is_open
