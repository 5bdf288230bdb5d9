"""The review, step by step: what each changes, what it refuses, and how it is taken back."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.utils import timezone

from accounts.guards import NotAllowed
from audit.models import AuditEvent
from background import services as background
from background.models import Job
from counties.models import County, Prefecture
from departments.models import Department, DepartmentAlias
from documents.draft import DraftPlan
from documents.source import Source
from imports import services
from imports.choices import ImportState, ItemState
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportProposal, ImportUnit
from imports.reasons import reasons_of
from imports.services import AlreadyMoved, NotReady, Refused
from tests.imports.drafts import TEXT, item_of, read_for_real, reviewed, small_draft, unit_of, uploaded
from tests.tasks.world import make_user

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return [event.action for event in AuditEvent.objects.filter(action__startswith="import.").order_by("sequence")]


def codes(row: ImportItem) -> list[str]:
    return [reason.code for reason in reasons_of(ImportItem.objects.for_review().get(pk=row.pk))]


def states(document: DocumentImport) -> list[str]:
    return list(document.items.values_list("state", flat=True))


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
