import pytest

from accounts.guards import NotAllowed
from audit.models import AuditEvent
from calendars import clock
from tasks import services
from tasks.errors import AlreadyMoved, NotReady, PeriodClosed, Refused
from tasks.models import Assignment, CoordinationRequest, ProgressReport
from tests.tasks.world import FILING_DAY, NO_CHANGE, PROGRESS, local, make_october

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_october()


@pytest.fixture
def water(world):
    return world.report("1", "省水利厅")


def test_a_liaison_hands_in_the_month(world, water):
    world.file(water)

    assert (water.state, water.version) == ("submitted", 2)
    assert water.submission.text["progress_text"] == PROGRESS["progress_text"]
    actions = AuditEvent.objects.of(water).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["report.draft_started", "report.submitted"]


def test_another_department_may_not_write(world, water):
    with pytest.raises(NotAllowed):
        world.draft(water, by=world.liaisons["省财政厅"])

    water.refresh_from_db()
    assert (water.state, water.progress_text) == ("awaiting", "")


def test_staff_file_for_a_department_and_both_names_stay(world, water):
    world.file(water, by=world.staff)

    assert (water.filed_by, water.on_behalf, water.department.name) == (world.staff, True, "省水利厅")
    with pytest.raises(Refused, match="由您提交"):
        world.accept(water)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"progress_text": ""}, "progress_text", "请写明本月进展"),
        ({"next_step": ""}, "next_step", "请写明下一步"),
        ({"progress_text": "新增**户"}, "progress_text", "“**”处还没有填写"),
        ({"problems": "缺口XX万元"}, "problems", "“XX”处还没有填写"),
        ({"self_light": ""}, "self_light", "请选择"),
        ({"approver": ""}, "approver", "请填写本单位审签人"),
        ({"kind": ""}, "kind", "请选择有新进展"),
    ],
)
def test_what_is_missing_is_named(world, water, change, field, words):
    world.draft(water, PROGRESS | change)

    with clock.at(FILING_DAY), pytest.raises(NotReady) as refusal:
        services.submit(water, by=world.liaisons["省水利厅"], version=water.version)

    assert words in refusal.value.errors[field][0]
    water.refresh_from_db()
    assert water.state == "draft"


def test_a_text_too_long_is_refused_with_the_number_to_cut(world, water):
    with pytest.raises(NotReady, match="最多500字，现在503字，请删减3字"):
        world.draft(water, PROGRESS | {"progress_text": "进" * 503})


def test_a_stale_version_overwrites_nothing(world, water):
    stale = ProgressReport.objects.get(pk=water.pk)
    world.draft(water)

    with pytest.raises(AlreadyMoved):
        world.draft(stale, {"progress_text": "另一个人的字"})

    water.refresh_from_db()
    assert water.progress_text == PROGRESS["progress_text"]


def test_a_second_submit_is_refused(world, water):
    stale = world.draft(water)
    version = stale.version
    with clock.at(FILING_DAY):
        services.submit(water, by=world.liaisons["省水利厅"], version=version)
        with pytest.raises(AlreadyMoved):
            services.submit(water, by=world.liaisons["省水利厅"], version=version)


def test_no_change_keeps_no_leftover_texts(world, water):
    world.draft(water)
    world.file(water, NO_CHANGE)

    text = water.submission.text
    assert (text["kind"], text["progress_text"], text["self_light"]) == ("no_change", "", "")


def test_withdrawal_before_a_decision_starts_lateness_anew(world, water):
    world.file(water)
    with clock.at(FILING_DAY):
        services.withdraw(water, by=world.liaisons["省水利厅"], version=water.version)

    assert (water.state, water.first_submitted_at) == ("draft", None)


def test_withdrawal_after_a_return_goes_back_to_returned(world, water):
    world.file(water)
    world.returned(water)
    world.file(water)
    with clock.at(FILING_DAY):
        services.withdraw(water, by=world.liaisons["省水利厅"], version=water.version)

    assert (water.state, water.return_reason) == ("returned", "口径不一致")
    assert water.first_submitted_at is not None


def test_a_return_points_at_a_field_and_keeps_the_submitted_text(world, water):
    world.file(water)
    world.returned(water, field="progress_text", due_at=local(2024, 10, 28, 18))
    world.draft(water, PROGRESS | {"progress_text": "改动中"})

    assert (water.state, water.return_field, water.return_count) == ("returned", "progress_text", 1)
    assert water.submission.text["progress_text"] == PROGRESS["progress_text"]


def test_a_return_without_a_reason_is_refused(world, water):
    world.file(water)
    with pytest.raises(Refused, match="退回理由"):
        world.returned(water, " ")


def test_undoing_an_acceptance_waits_for_a_decision_again(world, water):
    event = world.accept(world.file(water))

    services.undo(event, by=world.colleague)

    water.refresh_from_db()
    event.refresh_from_db()
    assert (water.state, event.undone_by.verb) == ("submitted", "undone")
    with pytest.raises(AlreadyMoved):
        services.undo(event, by=world.colleague)


def test_undoing_a_return_is_refused_once_the_department_edits(world, water):
    event = world.returned(world.file(water))
    world.draft(water, PROGRESS | {"progress_text": "改动中"})

    with pytest.raises(AlreadyMoved, match="单位已开始修改"):
        services.undo(event, by=world.staff)


def test_more_time_given_since_does_not_bar_undoing_a_return(world, water):
    event = world.returned(world.file(water))
    services.extend(water, due_at=local(2024, 10, 30, 18), reason="汛期", by=world.staff)

    services.undo(event, by=world.staff)

    water.refresh_from_db()
    assert (water.state, water.due_at) == ("submitted", local(2024, 10, 30, 18))


def test_undoing_a_return_restores_the_earlier_one(world, water):
    world.returned(world.file(water), "第一次")
    event = world.returned(world.file(water), "第二次")

    services.undo(event, by=world.staff)

    water.refresh_from_db()
    assert (water.state, water.return_reason, water.return_count) == ("submitted", "第一次", 1)


def test_an_accepted_report_can_still_be_returned(world, water):
    world.accept(world.file(water))
    world.returned(water)

    assert (water.state, water.return_reason) == ("returned", "口径不一致")


def test_an_extension_is_corrected_and_taken_back(world, water):
    own = water.due_at
    services.extend(water, due_at=local(2025, 1, 30, 18), reason="汛期", by=world.staff)
    services.extend(water, due_at=local(2024, 10, 30, 18), reason="填错了年份", by=world.staff)
    assert water.due_at == local(2024, 10, 30, 18)

    services.unextend(water, reason="点错了单位", by=world.staff)

    assert water.due_at == own
    assert [(event.verb, event.reason) for event in water.events.all()] == [
        ("extended", "汛期"), ("extended", "填错了年份"), ("unextended", "点错了单位"),
    ]  # fmt: skip
    assert AuditEvent.objects.of(water).latest("pk").action == "report.unextended"


@pytest.mark.parametrize(
    ("due_at", "code"),
    [
        (local(2024, 10, 25, 18), "due_not_later"),
        (local(1, 1, 1, 0), "due_not_later"),
        (local(2024, 10, 30, 18), "due_unchanged"),
        (local(9999, 12, 31, 23, 59), "due_too_far"),
    ],
)
def test_an_extension_stays_between_the_months_due_time_and_a_year(world, water, due_at, code):
    services.extend(water, due_at=local(2024, 10, 30, 18), reason="汛期", by=world.staff)

    with pytest.raises(Refused) as refusal:
        services.extend(water, due_at=due_at, reason="再延", by=world.staff)

    assert refusal.value.code == code


def test_an_extension_reaches_a_year_from_the_months_due_time(world, water):
    with clock.at(FILING_DAY):
        services.extend(water, due_at=local(2025, 10, 26, 18), reason="长期工程", by=world.staff)
        with pytest.raises(Refused, match="最晚到2025年10月26日"):
            services.extend(water, due_at=local(2025, 10, 27, 18), reason="长期工程", by=world.staff)


def test_taking_back_needs_an_extension_and_a_reason(world, water):
    with pytest.raises(Refused, match="没有延期"):
        services.unextend(water, reason="点错", by=world.staff)
    services.extend(water, due_at=local(2024, 10, 30, 18), reason="汛期", by=world.staff)
    with pytest.raises(Refused, match="请写明恢复原截止的原因"):
        services.unextend(water, reason=" ", by=world.staff)


def test_a_return_asks_for_no_day_beyond_a_year(world, water):
    world.file(water)

    with pytest.raises(Refused) as refusal:
        world.returned(water, due_at=local(9999, 12, 31, 18))

    assert refusal.value.code == "due_too_far"


def test_extension_and_waiver_need_reasons(world, water):
    with pytest.raises(Refused, match="请写明延期原因"):
        services.extend(water, due_at=local(2024, 10, 30, 18), reason="", by=world.staff)
    services.extend(water, due_at=local(2024, 10, 30, 18), reason="汛期", by=world.staff)
    assert water.due_at == local(2024, 10, 30, 18)

    services.waive(water, reason="机构改革", by=world.staff)
    assert (water.state, ProgressReport.objects.required().count()) == ("waived", 2)
    services.unwaive(water, by=world.staff)
    assert water.state == "awaiting"


def test_a_request_to_the_province_stands_until_closed(world, water):
    world.file(water, PROGRESS | {"coordination": "请协调用地。"})
    assert not CoordinationRequest.objects.standing().exists()  # not before the office accepted the report
    world.accept(water)

    request = CoordinationRequest.objects.standing().get()
    with pytest.raises(AlreadyMoved):
        services.close_request(request, by=world.staff)
    services.assign_request(request, to="省自然资源厅", by=world.staff)
    services.answer_request(request, answer="已协调。", by=world.staff)
    services.close_request(request, by=world.staff)

    assert not CoordinationRequest.objects.standing().exists()


def test_an_optional_duty_has_no_row_until_it_begins(world):
    item = world.plan.items.get(number="3")
    duty = services.assign(item, world.departments["省林业局"], role="cooperate", by=world.admin)
    period = world.periods["2024-10"]
    with clock.at(FILING_DAY):
        report = services.start_optional(duty, period, by=world.liaisons["省林业局"])
        again = services.start_optional(duty, period, by=world.liaisons["省林业局"])

    assert (report.pk, report.required) == (again.pk, False)
    assert Assignment.objects.optional_for(period.settings).get() == duty


def test_nothing_moves_once_the_month_is_issued(world, water):
    from tests.tasks.test_periods import close

    close(world.periods["2024-10"], world.staff)
    water.refresh_from_db()

    with pytest.raises(PeriodClosed, match="2024年10月已定稿"):
        world.draft(water)


def test_the_item_takes_the_worst_accepted_light(world):
    world.accept(world.file(world.report("2", "省财政厅")))
    event = world.accept(world.file(world.report("2", "省林业局"), PROGRESS | {"self_light": "behind"}))
    assessment = world.periods["2024-10"].assessments.get(item__number="2")
    assert assessment.self_light == "behind"

    services.undo(event, by=world.staff)

    assessment.refresh_from_db()
    assert assessment.self_light == "normal"


def test_a_light_other_than_the_self_rating_needs_a_reason(world, water):
    world.accept(world.file(water))
    assessment = world.periods["2024-10"].assessments.get(item__number="1")

    with pytest.raises(Refused, match="请写一句理由"):
        services.confirm_light(assessment, light="behind", by=world.staff, version=0)
    services.confirm_light(assessment, light="behind", reason="比时序慢", by=world.staff, version=0)

    assert (assessment.self_light, assessment.confirmed_light) == ("normal", "behind")
    with pytest.raises(Refused, match="还有责任单位没有办结"):
        services.confirm_light(assessment, light="done", by=world.staff, version=1)


def test_owed_follows_posts_and_not_sight(world, water):
    from datetime import date

    from accounts.models import Post
    from tests.tasks.world import make_user

    backup = make_user("副联络员", department=world.departments["省水利厅"], kind="backup")
    primary = world.liaisons["省水利厅"]

    def owed(user, day):
        return set(ProgressReport.objects.owed_by(user, on=day).values_list("department__name", flat=True))

    assert owed(primary, date(2024, 10, 22)) == {"省水利厅"}
    assert owed(backup, date(2024, 10, 22)) == set()
    assert owed(backup, date(2024, 10, 25)) == {"省水利厅"}
    assert owed(world.staff, date(2024, 10, 22)) == set()
    Post.objects.filter(user=primary).update(away_from=date(2024, 10, 20), away_to=date(2024, 10, 23))
    primary.forget_rights()
    assert owed(primary, date(2024, 10, 22)) == set()
    assert owed(backup, date(2024, 10, 22)) == {"省水利厅"}
