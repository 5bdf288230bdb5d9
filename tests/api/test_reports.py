"""A month through the interface: every verb works, and none does more than its page."""

import pytest

from audit.models import AuditEvent
from calendars import clock
from tasks.models import ProgressReport
from tests.api.conftest import Program
from tests.tasks.world import FILING_DAY, PROGRESS, local, make_user

TEXT = PROGRESS | {"approved_on": "2024-10-21"}
EMPTY = {"coordination": "", "no_change_reason": ""}


def path_of(report, verb=""):
    return f"reports/{report.pk}/{verb}/" if verb else f"reports/{report.pk}/"


def columns(report) -> dict:
    return ProgressReport.objects.filter(pk=report.pk).values().get()


@pytest.fixture
def report(world):
    return world.report("1", "省水利厅")


def test_a_month_from_draft_to_acceptance(water, staff, report):
    saved = water.patch(path_of(report, "draft"), {"version": 0} | TEXT)
    assert (saved.status_code, saved.json()["state"], saved.json()["version"]) == (200, "draft", 1)
    assert saved.json()["draft"] == TEXT | EMPTY
    assert saved.json()["submission"] is None

    handed_in = water.post(path_of(report, "submit"), {"version": 1})
    assert (handed_in.status_code, handed_in.json()["state"]) == (200, "submitted")
    assert handed_in.json()["submission"]["text"] == TEXT | EMPTY
    assert handed_in.json()["draft"] is None

    due = "2024-10-24T18:00:00+08:00"
    back = staff.post(
        path_of(report, "return"), {"version": 2, "reason": "口径不一致", "field": "problems", "due_at": due}
    )
    assert (back.status_code, back.json()["state"]) == (200, "returned")
    told = water.get(path_of(report)).json()
    assert told["returned"] == {
        "at": "2024-10-22T10:00:00+08:00", "reason": "口径不一致", "field": "problems", "due_at": due,
    }  # fmt: skip

    assert water.patch(path_of(report, "draft"), {"version": 3, "problems": "已补充口径。"}).status_code == 200
    assert water.post(path_of(report, "submit"), {"version": 4}).status_code == 200
    taken = staff.post(path_of(report, "accept"), {"version": 5})
    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")
    assert taken.json()["submission"]["text"] == TEXT | EMPTY | {"problems": "已补充口径。"}
    report.refresh_from_db()
    assert (report.filed_by, report.on_behalf) == (water.user, False)


def test_a_report_is_taken_back_before_it_is_decided(water, world, report):
    filed = world.file(report)

    answer = water.post(path_of(report, "withdraw"), {"version": filed.version})

    assert (answer.status_code, answer.json()["state"]) == (200, "draft")
    assert answer.json()["draft"]["progress_text"] == PROGRESS["progress_text"]


def test_only_the_fields_sent_are_changed(water, world, report):
    world.draft(report)

    answer = water.patch(path_of(report, "draft"), {"version": 1, "next_step": "年底前完成。"})

    assert answer.json()["draft"] == TEXT | EMPTY | {"next_step": "年底前完成。"}


def test_staff_file_for_a_department_that_telephoned_and_may_take_it_back(staff, report):
    staff.patch(path_of(report, "draft"), {"version": 0} | TEXT)
    handed_in = staff.post(path_of(report, "submit"), {"version": 1})
    own = staff.post(path_of(report, "accept"), {"version": 2})
    back = staff.post(path_of(report, "withdraw"), {"version": 2})

    assert handed_in.json()["on_behalf"] is True
    assert (own.status_code, own.json()["code"]) == (422, "own_report")
    assert (back.status_code, back.json()["state"]) == (200, "draft")


def test_staff_never_write_over_a_draft_they_may_not_read(staff, world, report):
    world.draft(report)

    written = staff.patch(path_of(report, "draft"), {"version": 1, "progress_text": "改写"})
    handed_in = staff.post(path_of(report, "submit"), {"version": 1})

    assert (written.status_code, handed_in.status_code) == (409, 409)
    report.refresh_from_db()
    assert (report.state, report.version, report.progress_text) == ("draft", 1, PROGRESS["progress_text"])
    assert staff.get(path_of(report)).json()["draft"] is None


def test_staff_do_not_take_back_what_the_department_handed_in(staff, world, report):
    world.file(report)

    answer = staff.post(path_of(report, "withdraw"), {"version": 2})

    assert (answer.status_code, answer.json()["code"]) == (409, "already_moved")
    report.refresh_from_db()
    assert report.state == "submitted"


VERBS = [
    ("draft", "patch", {"version": 0, "progress_text": "代写"}),
    ("submit", "post", {"version": 0}),
    ("withdraw", "post", {"version": 0}),
    ("accept", "post", {"version": 0}),
    ("return", "post", {"version": 0, "reason": "口径不一致"}),
]


@pytest.mark.parametrize(("verb", "method", "body"), VERBS)
def test_another_departments_report_is_as_absent_as_one_that_never_was(finance, report, verb, method, body):
    before, trail = columns(report), AuditEvent.objects.count()

    foreign = finance.ask(method, path_of(report, verb), body)
    absent = finance.ask(method, f"reports/999999/{verb}/", body)
    nowhere = finance.get("no/such/address")

    answers = [
        (answer.status_code, answer.json() | {"request_id": ""}, answer["Content-Type"])
        for answer in (foreign, absent, nowhere)
    ]
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]
    assert (columns(report), AuditEvent.objects.count()) == (before, trail)


def test_reading_another_departments_report_is_as_absent(finance, report):
    foreign, absent = finance.get(path_of(report)), finance.get("reports/999999/")

    assert (foreign.status_code, foreign.json() | {"request_id": ""}) == (404, absent.json() | {"request_id": ""})


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_a_department_does_not_decide_on_its_own_report(water, leader, world, report, verb):
    world.file(report)
    before = columns(report)

    for program in (water, leader):
        answer = program.post(
            path_of(report, verb), {"version": 2, "reason": "不符"} if verb == "return" else {"version": 2}
        )
        assert answer.status_code == 404
    assert columns(report) == before


BAD_DRAFTS = [
    ({}, ["version"]),
    ({"version": "昨天"}, ["version"]),
    ({"version": -1}, ["version"]),
    ({"version": 2**40}, ["version"]),
    ({"version": 0, "kind": "更好"}, ["kind"]),
    ({"version": 0, "self_light": "done"}, ["self_light"]),
    ({"version": 0, "approved_on": "去年"}, ["approved_on"]),
    ({"version": 0, "progress_text": {"a": 1}}, ["progress_text"]),
    ({"version": 0, "progress_text": "\x00"}, ["progress_text"]),
    ({"version": 0, "progress_text": "\ud800"}, ["progress_text"]),
    ({"version": 0, "progres_text": "笔误"}, ["progres_text"]),
    ([1, 2], ["body"]),
]


@pytest.mark.parametrize(("body", "fields"), BAD_DRAFTS)
def test_a_bad_draft_names_its_fields_and_changes_nothing(water, report, body, fields):
    before, trail = columns(report), AuditEvent.objects.count()

    answer = water.patch(path_of(report, "draft"), body)

    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "invalid_input", fields)
    assert set(answer.json()) == {"code", "message", "errors", "request_id"}
    assert (columns(report), AuditEvent.objects.count()) == (before, trail)


def test_an_over_long_text_is_refused_in_the_words_of_the_form(water, report):
    answer = water.patch(path_of(report, "draft"), {"version": 0, "progress_text": "长" * 501})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"] == {"progress_text": ["进展情况：最多500字，现在501字，请删减1字。"]}


def test_what_is_missing_is_named_when_handing_in(water, world, report):
    world.draft(report, {"kind": "progress", "progress_text": "已开工**户"})

    answer = water.post(path_of(report, "submit"), {"version": 1})

    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == ["approved_on", "approver", "next_step", "progress_text", "self_light"]


def test_a_stale_version_and_a_second_submit_are_conflicts(water, world, report):
    world.draft(report)

    stale = water.patch(path_of(report, "draft"), {"version": 0, "problems": "旧"})
    first = water.post(path_of(report, "submit"), {"version": 1})
    second = water.post(path_of(report, "submit"), {"version": 1})

    assert [answer.status_code for answer in (stale, first, second)] == [409, 200, 409]
    assert (stale.json()["code"], second.json()["code"]) == ("already_moved", "already_moved")


def test_an_issued_month_is_closed_to_changes(water, world, report):
    type(report.period).objects.filter(pk=report.period_id).update(state="finalised", first_finalised_at=FILING_DAY)

    answer = water.patch(path_of(report, "draft"), {"version": 0, "problems": "晚了"})

    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert answer.json()["message"] == "2024年10月已定稿，修改请走修订。"


@pytest.mark.parametrize(("verb", "method", "body"), VERBS)
def test_nothing_unlisted_can_be_set(water, staff, world, report, verb, method, body):
    """Every column of the model is sent with every verb: refused by name, and nothing has changed."""
    if verb in ("accept", "return", "withdraw"):
        world.file(report)
    program = staff if verb in ("accept", "return") else water
    before = columns(report)
    listed = {
        "draft": {
            "version", "kind", "progress_text", "problems", "coordination", "next_step", "no_change_reason",
            "self_light", "approver", "approved_on",
        },
        "return": {"version", "reason", "field", "due_at"},
    }.get(verb, {"version"})  # fmt: skip
    names = {field.name for field in ProgressReport._meta.get_fields()} | {
        field.attname for field in ProgressReport._meta.concrete_fields
    }
    unlisted = sorted(names - listed)

    for name in unlisted:
        answer = program.ask(method, path_of(report, verb), body | {"version": before["version"], name: 1})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])

    assert len(unlisted) > 25
    assert columns(report) == before


def test_the_draft_is_its_departments_alone(water, staff, leader, world, report):
    world.draft(report)

    assert water.get(path_of(report)).json()["draft"]["progress_text"] == PROGRESS["progress_text"]
    for program in (staff, leader):
        answer = program.get(path_of(report))
        assert (answer.json()["state"], answer.json()["draft"]) == ("draft", None)
        assert PROGRESS["progress_text"] not in answer.content.decode()


def test_an_edit_after_a_return_stays_unread_until_it_is_handed_in(water, leader, world, report):
    filed = world.file(report)
    world.returned(filed)
    report.refresh_from_db()
    water.patch(path_of(report, "draft"), {"version": report.version, "problems": "正在改的字"})

    read = leader.get(path_of(report)).json()

    assert read["submission"]["text"]["problems"] == PROGRESS["problems"]
    assert "正在改的字" not in str(read)


def test_shared_text_of_others_appears_with_the_issue_and_keeps_its_wording(finance, world):
    """Finance shares item 2 with 省林业局: it reads their month only once it is issued, and then as issued."""
    theirs = world.file(world.report("2", "省林业局"), PROGRESS | {"progress_text": "林业专属金丝雀"})
    hidden = finance.get(path_of(theirs))
    assert hidden.status_code == 404
    assert "金丝雀" not in finance.get("reports/").content.decode()

    type(theirs.period).objects.filter(pk=theirs.period_id).update(state="finalised", first_finalised_at=FILING_DAY)
    ProgressReport.objects.filter(pk=theirs.pk).update(issued=theirs.submission, state="accepted")
    shown = finance.get(path_of(theirs)).json()

    assert shown["submission"]["text"]["progress_text"] == "林业专属金丝雀"
    assert (shown["draft"], shown["returned"]) == (None, None)


def test_the_list_holds_what_its_reader_may_read(water, staff, leader, world):
    county = Program(make_user("无岗位"))

    def whose(program, **params):
        answer = program.get("reports/", **params)
        assert answer.status_code == 200
        return [(row["item_number"], row["department"]["name"]) for row in answer.json()["results"]]

    everything = [("1", "省水利厅"), ("2", "省财政厅"), ("2", "省林业局")]
    assert whose(water) == everything[:1]
    assert whose(staff) == whose(leader) == everything
    assert whose(county) == []
    assert whose(staff, department=world.departments["省林业局"].pk) == everything[2:]
    assert whose(staff, state="draft") == []
    assert whose(staff, period=world.periods["2024-10"].pk, state="awaiting") == everything
    assert whose(staff, period=999999) == []


def test_lists_come_in_pages_by_key(staff):
    first = staff.get("reports/", limit=2).json()
    second = staff.get("reports/", limit=2, after=first["next"]).json()

    assert [len(first["results"]), len(second["results"]), second["next"]] == [2, 1, None]
    assert first["next"] == first["results"][-1]["id"]
    assert first["results"][-1]["id"] < second["results"][0]["id"]


@pytest.mark.parametrize(
    "params", [{"limit": 201}, {"limit": 0}, {"after": -1}, {"after": 2**70}, {"state": "late"}, {"departement": 1}]
)
def test_a_wrong_parameter_is_refused_by_name(staff, params):
    answer = staff.get("reports/", **params)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(params))


def test_days_late_follow_the_first_counted_submission(water, world, report):
    world.file(report, at=local(2024, 10, 28, 9))

    with clock.at(local(2024, 10, 28, 10)):
        assert water.get(path_of(report)).json()["days_late"] == 3
