import pytest
from django.urls import reverse

from accounts.models import Post
from calendars import clock
from counties.models import County, Prefecture
from tasks import services
from tasks.models import CoordinationRequest, CountyNote
from tests.tasks.filing import browser_of
from tests.tasks.world import PROGRESS, local, make_october, make_user

pytestmark = pytest.mark.django_db

ASK = "请协调灵璧段用地"


@pytest.fixture
def world():
    return make_october()


@pytest.fixture(autouse=True)
def review_day():
    with clock.at(local(2024, 10, 23, 9)):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)


@pytest.fixture
def asked(world):
    world.accept(world.file(world.report("1", "省水利厅"), PROGRESS | {"coordination": ASK}))
    return CoordinationRequest.objects.get()


@pytest.fixture
def county():
    prefecture = Prefecture.objects.create(code="340400", name="淮南市")
    return County.objects.create(code="340422", name="寿县", prefecture=prefecture, kind="county")


@pytest.fixture
def county_liaison(county):
    user = make_user("县联络员")
    Post.objects.create(user=user, county=county, kind="primary", valid_from=local(2024, 1, 1).date())
    return user


@pytest.fixture
def note(world, county, county_liaison):
    return services.write_note(world.plan, county, text="县级配套资金尚未到位", by=county_liaison)


def page(browser, **query):
    return browser.get(reverse("tasks:coordination-list"), query)


def act(browser, name, row, **values):
    return browser.post(reverse(f"tasks:{name}", args=[row.pk]), values)


def test_who_reads_what(world, asked, note, county_liaison):
    other_county = make_user("外县")
    place = County.objects.create(
        code="340522", name="含山", prefecture=Prefecture.objects.get(), kind="county"
    )  # fmt: skip
    Post.objects.create(user=other_county, county=place, kind="primary", valid_from=local(2024, 1, 1).date())

    def reads(user):
        answers = [page(browser_of(user), state="all", show=tab) for tab in ("requests", "notes")]
        texts = "".join(answer.text for answer in answers if answer.status_code == 200)
        return answers[0].status_code, ASK in texts, note.text in texts

    assert reads(world.staff) == (200, True, True)
    assert reads(make_user("厅领导", "leader")) == (200, True, True)
    assert reads(world.liaisons["省水利厅"]) == (200, True, False)
    assert reads(world.liaisons["省财政厅"]) == (200, False, False)
    assert reads(county_liaison) == (200, False, True)
    assert reads(other_county) == (200, False, False)
    assert reads(make_user("审计", "auditor"))[0] == 404


@pytest.mark.parametrize("who", ["leader", "liaison"])
def test_only_the_office_handles(world, asked, note, who):
    browser = browser_of(world.liaisons["省水利厅"] if who == "liaison" else make_user("厅领导", "leader"))

    answers = [
        act(browser, "coordination-assign", asked, to="某处"), act(browser, "coordination-answer", asked, answer="好"),
        act(browser, "coordination-close", asked), act(browser, "note-answer", note, answer="好"),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4
    asked.refresh_from_db()
    assert asked.state == "raised"
    assert "交办" not in page(browser).text


def test_a_request_goes_from_raised_to_closed(staff, asked):
    act(staff, "coordination-assign", asked, to="省自然资源厅")
    act(staff, "coordination-answer", asked, answer="11月10日前交地")
    assert "11月10日前交地" in page(staff).text
    act(staff, "coordination-close", asked)

    asked.refresh_from_db()
    assert (asked.state, asked.assigned_to) == ("closed", "省自然资源厅")
    assert list(page(staff).context["page"]) == []
    assert list(page(staff, state="all").context["page"]) == [asked]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("coordination-assign", {"to": " "}, "请写明交办给哪个单位或哪位同志。"),
        ("coordination-answer", {"answer": ""}, "请写明答复内容。"),
        ("coordination-answer", {"answer": "字" * 501}, "最多500字，现在501字"),
    ],
)
def test_a_refused_act_changes_nothing_and_keeps_the_words(staff, asked, name, values, words):
    answer = act(staff, name, asked, **values)

    assert (answer.status_code, words in answer.text) == (200, True)
    assert next(iter(values.values())).strip() in answer.text
    asked.refresh_from_db()
    assert asked.state == "raised"


def test_a_request_handled_meanwhile_answers_409_and_gives_the_words_back(staff, world, asked):
    services.answer_request(asked, answer="已解决", by=world.colleague)
    services.close_request(asked, by=world.colleague)

    answer = act(staff, "coordination-answer", asked, answer="我写的答复")

    assert (answer.status_code, "我写的答复" in answer.text, "已办结" in answer.text) == (409, True, True)
    assert act(staff, "coordination-close", asked).status_code == 409


def test_a_county_reads_the_answer_to_its_note(staff, note, county_liaison):
    assert "请写明答复内容。" in act(staff, "note-answer", note, answer="").text

    act(staff, "note-answer", note, answer="已转省财政厅")

    assert "已转省财政厅" in page(browser_of(county_liaison), state="all").text
    assert CountyNote.objects.get().state == "answered"


def test_the_list_asks_the_same_however_many_rows(staff, world, county, county_liaison, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(40) as counted:
            rows = len(page(staff, show="notes").context["page"])
        return rows, len(counted)

    services.write_note(world.plan, county, text="一", by=county_liaison)
    queries()
    few = queries()
    for number in range(5):
        services.write_note(world.plan, county, text=f"情况{number}", by=county_liaison)

    assert queries() == (6, few[1])
