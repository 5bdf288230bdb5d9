import pytest
from django.db import transaction
from django.urls import reverse

from calendars import clock
from tasks import services
from tasks.models import Assessment, ReportEvent
from tests.tasks.filing import browser_of
from tests.tasks.office import grown_november
from tests.tasks.world import COMPLETED, NO_CHANGE, NOVEMBER, PROGRESS, local, make_october, make_user

pytestmark = pytest.mark.django_db

REVIEW_DAY = local(2024, 10, 23, 9)


@pytest.fixture
def world():
    return make_october()


@pytest.fixture
def october(world):
    return world.periods["2024-10"]


@pytest.fixture(autouse=True)
def review_day():
    with clock.at(REVIEW_DAY):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)


@pytest.fixture
def water(world):
    return world.file(world.report("1", "省水利厅"))


def queue(browser, **query):
    return browser.get(reverse("tasks:review-queue"), query)


def accept(browser, report, **values):
    values = {"version": report.version, "assessment_version": assessment_of(report).version} | values
    return browser.post(reverse("tasks:review-accept", args=[report.pk]), values)


def send_back(browser, report, **values):
    values = {
        "version": report.version, "reasons": ["mismatch"], "field": "progress_text", "words": "请统一口径",
        "due_day": "2024-10-28", "due_time": "18:00",
    } | values  # fmt: skip
    return browser.post(reverse("tasks:review-return", args=[report.pk]), values)


def undo(browser, event, **query):
    address = reverse("tasks:review-undo", args=[event.pk])
    return browser.post(f"{address}?batch=1" if query else address)


def assessment_of(report) -> Assessment:
    return Assessment.objects.get(period=report.period_id, item=report.item_id)


def state_of(report) -> str:
    report.refresh_from_db()
    return report.state


# --- Who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader", "liaison"])
def test_who_does_not_review_finds_nothing(world, water, who):
    user = world.liaisons["省水利厅"] if who == "liaison" else make_user("厅领导", "leader")
    browser = browser_of(user)
    event = world.accept(water)

    answers = [
        accept(browser, water), send_back(browser, water), undo(browser, event),
        browser.post(reverse("tasks:review-bulk"), {"chosen": [f"{water.pk}:{water.version}"]}),
        browser.get(reverse("tasks:review-return", args=[water.pk])),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 5
    assert state_of(water) == "accepted"


# --- The queue and the pane -----------------------------------------------------------------------------------------


def test_the_queue_has_remarks_first_and_late_ones_last(world, october):
    with clock.at(local(2024, 11, 8, 9)):
        november = world.open(NOVEMBER)
    for number, name in (("1", "省水利厅"), ("2", "省财政厅"), ("2", "省林业局")):
        world.accept(world.file(world.report(number, name)))
    filing = local(2024, 11, 22, 10)
    world.file(world.report("1", "省水利厅", NOVEMBER), NO_CHANGE, at=local(2024, 11, 27, 10))
    world.file(world.report("2", "省财政厅", NOVEMBER), NO_CHANGE, at=filing)
    world.file(world.report("2", "省林业局", NOVEMBER), PROGRESS, at=filing)

    with clock.at(local(2024, 11, 28, 9)):
        page = queue(browser_of(world.staff), period=november.pk)
        by_number = queue(browser_of(world.staff), period=november.pk, order="number")

    assert [row.department.name for row in page.context["rows"]] == ["省林业局", "省财政厅", "省水利厅"]
    assert [row.department.name for row in by_number.context["rows"]] == ["省水利厅", "省财政厅", "省林业局"]
    assert page.context["clean"] == 2
    assert [row.is_same for row in page.context["rows"]] == [True, False, False]
    assert ("与上月文字基本相同" in page.text, "与上月雷同" in page.text) == (True, True)


def test_the_pane_marks_what_is_new_beside_last_month(world, october):
    world.accept(world.file(world.report("1", "省水利厅"), PROGRESS | {"progress_text": "累计完成投资32000万元。"}))
    with clock.at(local(2024, 11, 8, 9)):
        world.open(NOVEMBER)
    text = PROGRESS | {"progress_text": "累计完成投资30100万元<b>。"}
    world.file(world.report("1", "省水利厅", NOVEMBER), text, at=local(2024, 11, 22, 10))

    page = queue(browser_of(world.staff), period=world.periods["2024-11"].pk).text

    assert '累计完成投资<ins class="add">30100</ins>万元<ins class="add">&lt;b&gt;</ins>。' in page
    assert '累计完成投资<del class="gone">32000</del>万元。' in page


def test_the_pane_reads_the_text_handed_in_and_never_the_edit_in_progress(world, water, staff):
    world.returned(water)
    world.draft(water, {"progress_text": "正在改的文字"}, at=REVIEW_DAY)

    page = queue(staff, report=water.pk)

    assert (page.status_code, "正在改的文字" in page.text, PROGRESS["progress_text"] in page.text) == (200, False, True)


def test_an_unknown_report_is_absent(staff, world, water):
    assert queue(staff, report="99999").status_code == 404
    assert queue(staff, report="abc").status_code == 404


def test_without_anything_waiting_the_next_steps_are_offered(staff, world, water):
    world.accept(water)

    page = queue(staff)

    assert page.context["to_assess"] == 2
    assert "没有待审" in page.text
    assert f"{reverse('tasks:assessments', args=[water.period_id])}?show=open" in page.text


# --- Accepting ------------------------------------------------------------------------------------------------------


def test_accepting_goes_on_to_the_next_and_can_be_undone(staff, world, water):
    other = world.file(world.report("2", "省财政厅"))

    answer = accept(staff, water, next=other.pk)

    event = ReportEvent.objects.get(report=water, verb="accepted")
    assert f"report={other.pk}" in answer.url
    page = staff.get(answer.url)
    assert (state_of(water), page.context["current"].pk) == ("accepted", other.pk)
    assert page.context["undo"] == {"text": "已通过 1 份：第1项 省水利厅", "url": f"/review/undo/{event.pk}/"}

    undo(staff, event)

    assert state_of(water) == "submitted"
    event.refresh_from_db()
    assert event.undone_by is not None


def test_the_light_is_confirmed_in_the_same_step(staff, water):
    accept(staff, water, light="normal")

    assessment = assessment_of(water)
    assert (state_of(water), assessment.self_light, assessment.confirmed_light) == ("accepted", "normal", "normal")


def test_another_light_without_reason_changes_nothing_and_keeps_the_choice(staff, water):
    answer = accept(staff, water, light="behind")

    assert "认定与自评不同，请写一句理由。" in answer.text
    assert (state_of(water), assessment_of(water).confirmed_light) == ("submitted", "unassessed")
    assert answer.context["form"]["light"].value() == "behind"
    assert accept(staff, water, light="behind", reason="比序时慢").status_code == 302
    assert assessment_of(water).reason == "比序时慢"


def test_undoing_an_acceptance_takes_the_light_with_it(staff, water):
    accept(staff, water, light="normal")

    undo(staff, ReportEvent.objects.get(verb="accepted"))

    assert (state_of(water), assessment_of(water).confirmed_light) == ("submitted", "unassessed")


def test_a_shared_item_waits_for_all_its_departments(staff, world):
    finance = world.file(world.report("2", "省财政厅"))
    forest = world.file(world.report("2", "省林业局"), PROGRESS | {"self_light": "behind"})

    assert not queue(staff, report=finance.pk).context["pane"].may_confirm
    refused = accept(staff, finance, light="normal")
    assert "还有其他单位没有通过" in refused.text
    assert state_of(finance) == "submitted"

    accept(staff, finance)
    pane = queue(staff, report=forest.pk).context["pane"]
    assert (pane.may_confirm, pane.suggested) == (True, "behind")
    accept(staff, forest, light="behind")

    assert assessment_of(forest).confirmed_light == "behind"


def test_done_is_not_confirmed_before_the_department_is_done(staff, water):
    assert "还有责任单位没有办结" in accept(staff, water, light="done", reason="已竣工").text
    assert state_of(water) == "submitted"


def test_a_completed_item_is_confirmed_done(staff, world):
    report = world.file(world.report("1", "省水利厅"), COMPLETED)

    accept(staff, report, light="done")

    assert assessment_of(report).confirmed_light == "done"


def test_nobody_accepts_what_he_filed_himself(staff, world):
    report = world.file(world.report("1", "省水利厅"), by=world.staff)

    assert "由您代填，请由其他人员审核" in queue(staff).text
    assert "请由其他人员审核" in accept(staff, report).text
    assert state_of(report) == "submitted"


def test_a_report_decided_meanwhile_answers_409_and_tells_what_happened(staff, world, water):
    version = water.version
    world.returned(water, "缺少数据")

    answer = accept(staff, water, version=version, reason="我的理由")

    assert answer.status_code == 409
    assert ("审核员 退回：缺少数据" in answer.text, "我的理由" in answer.text) == (True, True)
    assert state_of(water) == "returned"


def test_accepting_after_the_issue_says_so_and_gives_the_words_back(staff, world, water, october):
    world.accept(water)
    with clock.at(local(2024, 10, 28, 9)), transaction.atomic():
        services.close_period(october, by=world.staff)

    answer = accept(staff, water, reason="写了一半的理由")

    assert answer.status_code == 409
    assert ("已定稿，修改请走修订" in answer.text, "写了一半的理由" in answer.text) == (True, True)


# --- Returning ------------------------------------------------------------------------------------------------------


def test_a_return_says_why_where_and_until_when(staff, water):
    answer = send_back(staff, water, reasons=["mismatch", "no_next_step"])

    assert answer.status_code == 302
    water.refresh_from_db()
    assert (water.state, water.return_reason, water.return_field, water.return_due_at) == (
        "returned", "口径不一致、缺下一步：请统一口径", "progress_text", local(2024, 10, 28, 18),
    )  # fmt: skip


def test_the_new_due_time_is_two_working_days_ahead(staff, water):
    form = queue(staff).context["return_form"]

    assert (form.initial["due_day"].isoformat(), str(form.initial["due_time"])) == ("2024-10-25", "18:00:00")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reasons": []}, "请至少选一条退回理由。"),
        ({"reasons": ["other"], "words": " "}, "选了“其他”，请写明退回的原因。"),
        ({"due_day": "2024-10-20"}, "重报限时须晚于提交时间"),
        ({"due_day": "下周一"}, "请写成年-月-日"),
        ({"words": "字" * 301}, "最多300字，现在301字"),
        ({"field": "nothing"}, "nothing"),
    ],
)
def test_a_refused_return_changes_nothing_and_keeps_the_words(staff, water, values, words):
    answer = send_back(staff, water, **values)

    assert (answer.status_code, words in answer.text, state_of(water)) == (200, True, "submitted")
    assert values.get("words", "请统一口径").strip() in answer.text


def test_an_accepted_report_can_still_be_returned(staff, world, water):
    world.accept(water)

    send_back(staff, water)

    assert state_of(water) == "returned"


def test_a_return_is_undone_until_the_department_edits(staff, world, water):
    send_back(staff, water)
    event = ReportEvent.objects.get(verb="returned")
    undo(staff, event)
    assert state_of(water) == "submitted"

    send_back(staff, water)
    water.refresh_from_db()
    world.draft(water, {"progress_text": "改一下"}, at=REVIEW_DAY)

    answer = undo(staff, ReportEvent.objects.filter(verb="returned").last())
    assert (answer.status_code, "单位已开始修改，不能撤销退回。" in answer.text) == (409, True)
    assert state_of(water) == "returned"


def test_a_stale_return_answers_409_and_gives_the_words_back(staff, world, water):
    version = water.version
    services.withdraw(water, by=world.liaisons["省水利厅"], version=version)

    answer = send_back(staff, water, version=version)

    assert (answer.status_code, "口径不一致：请统一口径" in answer.text) == (409, True)
    assert state_of(water) == "draft"


# --- Many at once ---------------------------------------------------------------------------------------------------


def marks(*reports):
    return [f"{report.pk}:{report.version}" for report in reports]


def bulk(browser, **values):
    return browser.post(reverse("tasks:review-bulk"), values)


@pytest.fixture
def three(world, water):
    return [
        water,
        world.file(world.report("2", "省财政厅"), NO_CHANGE),
        world.file(world.report("2", "省林业局"), NO_CHANGE),
    ]


def test_many_are_accepted_after_a_page_with_true_totals(staff, three):
    queue(staff, report=three[0].pk)

    asked = bulk(staff, chosen=marks(*three))

    assert (len(asked.context["chosen"]), asked.context["unseen"]) == (3, 2)
    assert "其中 2 份未展开看过" in asked.text
    assert {state_of(report) for report in three} == {"submitted"}

    done = bulk(staff, chosen=marks(*three), confirm="1")

    assert {state_of(report) for report in three} == {"accepted"}
    events = ReportEvent.objects.filter(verb="accepted")
    assert len(set(events.values_list("batch", flat=True))) == 1
    assert staff.get(done.url).context["undo"]["text"].startswith("已通过 3 份")


def test_all_without_remarks_are_chosen_by_the_server(staff, three):
    asked = bulk(staff, pick="clean", period=three[0].period_id)

    assert len(asked.context["chosen"]) == 3


def test_a_whole_batch_is_undone_at_once(staff, three):
    bulk(staff, chosen=marks(*three), confirm="1")

    undo(staff, ReportEvent.objects.filter(verb="accepted").last(), batch=1)

    assert {state_of(report) for report in three} == {"submitted"}
    assert ReportEvent.objects.filter(verb="accepted", undone_by=None).count() == 0


def test_what_moved_meanwhile_or_is_ones_own_is_left_out_and_named(staff, world, three):
    chosen = marks(*three)
    world.returned(three[0])
    own = world.file(three[0], by=world.staff, at=REVIEW_DAY)

    asked = bulk(staff, chosen=marks(own, three[1]))
    done = staff.get(bulk(staff, chosen=chosen, confirm="1").url)

    assert ([row.pk for row in asked.context["own"]], len(asked.context["chosen"])) == ([own.pk], 1)
    assert [state_of(report) for report in three] == ["submitted", "accepted", "accepted"]
    assert "已通过 2 份：" in done.text


def test_nothing_chosen_says_so(staff, water):
    answer = staff.post(reverse("tasks:review-bulk"), {}, follow=True)

    assert "还没有选中报送，请先勾选。" in answer.text


@pytest.mark.parametrize("mark", ["abc", "1", "1:x", "²:1", "9" * 20 + ":1", "1:" + "9" * 5000])
def test_a_mangled_choice_is_absent(staff, water, mark):
    assert bulk(staff, chosen=[mark]).status_code == 404


@pytest.mark.parametrize("key", ["²", "9" * 20, "9" * 5000, "-1", "x"])
def test_a_mangled_address_is_absent(staff, water, key):
    assert staff.get(reverse("tasks:review-queue"), {"report": key}).status_code == 404


def test_a_version_no_column_holds_returns_nothing(staff, water):
    answer = send_back(staff, water, version="9" * 20)

    assert (answer.status_code, state_of(water)) == (200, "submitted")


# --- 已办 -----------------------------------------------------------------------------------------------------------


def test_done_lists_decisions_and_undoes_them(staff, world, water):
    event = world.accept(water)

    page = staff.get(reverse("tasks:review-done"))
    assert [(one.pk, one.may_undo) for one in page.context["page"]] == [(event.pk, True)]

    undo(staff, event)

    page = staff.get(reverse("tasks:review-done"))
    assert [(one.pk, one.may_undo) for one in page.context["page"]] == [(event.pk, False)]


def test_after_the_issue_nothing_can_be_undone(staff, world, water, october):
    event = world.accept(water)
    with clock.at(local(2024, 10, 28, 9)):
        with transaction.atomic():
            services.close_period(october, by=world.staff)

        answer = staff.get(undo(staff, event).url)

    assert "已定稿，修改请走修订" in answer.text
    assert state_of(water) == "accepted"


# --- Queries --------------------------------------------------------------------------------------------------------


def test_the_queue_asks_the_same_however_long_it_is(world, water, django_assert_max_num_queries):
    november = grown_november(world)
    with clock.at(local(2024, 11, 21, 9)):
        staff = browser_of(world.staff)

        def queries(period):
            assert queue(staff, period=period.pk).status_code == 200
            with django_assert_max_num_queries(40) as counted:
                page = queue(staff, period=period.pk)
            return len(page.context["rows"]), len(counted)

        few, many = queries(water.period), queries(november)

    assert (few[0], many[0]) == (1, 6)
    assert few[1] == many[1]
