"""Around the review: the list, the upload, the waiting, the refusal, the plan's facts, the file as it came."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from background.models import Job
from calendars import clock
from counties.models import Prefecture
from departments.models import Department
from documents.draft import DraftPlan
from files.uploads import LARGEST
from imports import services
from imports.models import DocumentImport, ImportUnit
from tests.imports.drafts import FACTS, MORNING, TEXT, found, item, line, reviewed, settled, unit, unit_of, uploaded
from tests.tasks.filing import browser_of

pytestmark = pytest.mark.django_db
LIST, NEW = "/imports/", "/imports/new/"


@pytest.fixture(autouse=True)
def morning():
    with clock.at(MORNING):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)


def text_of(client, url: str, **options) -> str:
    return client.get(url, **options).content.decode()


def upload(name: str = "工作要点.txt", data: bytes = TEXT.encode()):
    return SimpleUploadedFile(name, data)


def test_the_empty_list_says_what_can_be_read_and_how(staff):
    page = text_of(staff, LIST)

    for words in ("还没有导入过文件", "1 上传", "2 核对", "3 发布", "扫描件", f'href="{NEW}"'):
        assert words in page


def test_the_list_says_state_people_and_what_is_open(staff, world, document):
    page = text_of(staff, LIST)

    assert "乡村水利补短板工作要点" in page
    assert "核对中" in page
    assert "审核员" in page
    assert 'data-label="需确认">3<' in page
    assert "没有这种状态的导入" in text_of(staff, f"{LIST}?state=published")
    assert "乡村水利补短板工作要点" in text_of(staff, f"{LIST}?state=review")


def test_the_list_is_paged_and_costs_the_same(staff, world, django_assert_max_num_queries):
    for number in range(35):
        uploaded(world.staff, text=f"{TEXT}{number}")

    with django_assert_max_num_queries(12):
        page = text_of(staff, LIST)
    assert "共 35 份，第 1 页，共 2 页" in page


def test_the_entry_stands_in_the_menu_for_those_who_may(staff, world):
    assert f'href="{LIST}"' in text_of(staff, LIST)
    assert f'href="{LIST}"' not in text_of(browser_of(world.liaisons["省水利厅"]), "/progress/")


def test_a_file_is_taken_and_read_in_the_background(staff):
    answer = staff.post(NEW, {"file": upload(), "text": "", "plan": ""})

    document = DocumentImport.objects.get()
    assert answer.url == f"/imports/{document.pk}/"
    assert bytes(document.source.content) == TEXT.encode()
    assert "等待读取" in text_of(staff, answer.url)
    assert 'hx-trigger="every 1s"' in text_of(staff, answer.url)


def test_pasted_words_are_kept_as_they_were_typed(staff):
    """A browser sends line ends doubled, whatever the system."""
    staff.post(NEW, {"text": f"  {TEXT}".replace("\n", "\r\n"), "plan": ""})

    source = DocumentImport.objects.get().source
    assert bytes(source.content).decode() == f"  {TEXT}"
    assert source.format == "pasted"


@pytest.mark.both_databases
def test_a_long_paste_with_rare_characters_arrives_whole(staff):
    text = "1.整治𠮷村、㐂家沟水渠，𪚥字辈管护员上岗。（省水利厅牵头）\n" * 1200

    staff.post(NEW, {"text": text.replace("\n", "\r\n"), "plan": ""})
    staff.post(NEW, {"file": upload("要点.txt", text.encode("gb18030")), "text": "", "plan": ""})

    uploaded_one, pasted = DocumentImport.objects.order_by("-pk")
    assert len(bytes(pasted.source.content)) > 100_000
    assert bytes(pasted.source.content).decode() == bytes(uploaded_one.source.content).decode("gb18030") == text


def test_the_same_form_sent_twice_is_one_import(staff):
    sent = {"text": TEXT, "plan": "", "request_key": str(uuid.uuid4())}

    first, second = staff.post(NEW, sent), staff.post(NEW, sent)

    assert first.url == second.url
    assert DocumentImport.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "请选择文件，或粘贴正文"),
        ({"text": "做事。\x00（省甲厅牵头）"}, "第4个字是空字符（NUL），请删去后再提交"),
        ({"text": "正文", "file": upload()}, "文件和粘贴的文字只能选一种"),
        ({"file": upload(data=b"  ")}, "没有内容"),
        ({"text": "正文", "plan": "99"}, "请选择列出的计划"),
    ],
)
def test_what_cannot_be_taken_says_why(staff, sent, said):
    page = staff.post(NEW, {"text": "", "plan": ""} | sent).content.decode()

    assert said in page
    assert not DocumentImport.objects.exists()


def test_what_was_pasted_stays_in_the_form(staff):
    page = staff.post(NEW, {"text": TEXT, "plan": "99"}).content.decode()

    assert "改造老旧管网" in page


def test_a_file_that_is_too_large_is_refused(staff):
    large = upload(data=bytes(LARGEST + 1))

    page = staff.post(NEW, {"file": large, "text": "", "plan": ""}).content.decode()

    assert "文件超过 20 MB" in page


def test_an_earlier_import_of_the_same_file_is_named(staff, world, document):
    second = uploaded(world.staff)

    page = text_of(staff, f"/imports/{second.pk}/")

    assert "同一份文件导入过" in page
    assert f'href="/imports/{document.pk}/"' in page


def test_progress_is_asked_for_until_the_review_begins(staff, world, document):
    waiting = uploaded(world.staff, text=f"{TEXT}再")
    polled = {"HX-Request": "true", "HX-Target": "reading"}

    fragment = text_of(staff, f"/imports/{waiting.pk}/", headers=polled)
    assert fragment.lstrip().startswith('<div id="reading"') or '<div id="reading"' in fragment
    assert "<html" not in fragment
    assert staff.get(f"/imports/{document.pk}/", headers=polled)["HX-Refresh"] == "true"


def test_a_reading_that_broke_off_can_be_tried_again(staff, world):
    waiting = uploaded(world.staff)
    Job.objects.update(state="failed", error="多次中断，没有完成。", finished_at=MORNING)
    page = text_of(staff, f"/imports/{waiting.pk}/")
    assert "没有读完" in page
    assert "多次中断" in page

    staff.post(f"/imports/{waiting.pk}/act/", {"act": "retry"})

    assert services.job_of(waiting).state == "queued"
    assert staff.post(f"/imports/{waiting.pk}/act/", {"act": "retry"}).status_code == 409


def test_a_refused_document_says_why_and_what_to_do(staff, world):
    waiting = uploaded(world.staff)
    services.refuse(waiting, "文件是扫描件，没有可读的文字。", code="scanned")

    page = text_of(staff, f"/imports/{waiting.pk}/")

    assert "文件是扫描件，没有可读的文字。" in page
    assert "怎么办" in page
    assert NEW in page


def test_who_sent_a_scan_is_not_told_to_copy_from_it(staff, world):
    waiting = uploaded(world.staff)
    services.refuse(waiting, "PDF 里没有文字，是扫描件。", code="scan")

    page = text_of(staff, f"/imports/{waiting.pk}/")

    assert "索取" in page
    assert "复制" not in page


def test_the_file_comes_back_byte_for_byte_as_an_attachment(staff, world, document):
    answer = staff.get(f"/imports/{document.pk}/file/")

    assert answer.getvalue() == TEXT.encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert browser_of(world.liaisons["省水利厅"]).get(f"/imports/{document.pk}/file/").status_code == 404


def test_facts_stand_beside_the_words_of_the_document_and_blanks_are_asked(staff, document):
    page = text_of(staff, f"/imports/{document.pk}/facts/")

    assert "“2024年8月19日”" in page
    assert page.count("文件没有写，请填") == 3
    assert 'value="2024-08-19"' in page


def test_facts_are_saved_and_lead_back(staff, document):
    sent = {name: value.isoformat() for name, value in FACTS.items()} | {"first_period": "2024-09"}
    sent |= {"version": document.version, "title": "水利要点", "kind": "work_points", "back": "1"}

    answer = staff.post(f"/imports/{document.pk}/facts/", sent)

    document.refresh_from_db()
    assert answer.url == f"/imports/{document.pk}/"
    assert document.title == "水利要点"
    assert {name: getattr(document, name) for name in FACTS} == FACTS


def test_wrong_facts_say_where_and_stay_typed(staff, document):
    sent = {"version": document.version, "title": "水利要点", "starts_on": "2024-12-31", "ends_on": "2024-01-01"}

    page = staff.post(f"/imports/{document.pk}/facts/", sent).content.decode()

    assert "实施结束日期不能早于开始日期" in page
    assert 'value="2024-12-31"' in page


def test_facts_changed_by_somebody_else_are_not_saved_over(staff, world, document):
    seen = document.version
    services.set_facts(document, by=world.colleague, version=seen, title="同事写的名称")

    answer = staff.post(f"/imports/{document.pk}/facts/", {"version": seen, "title": "我写的名称"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事 填写计划信息" in page
    assert 'value="我写的名称"' in page


def test_counties_that_the_register_lacks_are_settled(staff, world):
    text = f"{TEXT}附件：重点县名单\n望湖县\n"
    first = line("1.", text)
    draft = DraftPlan(
        kind="work_points", trackable=True, counties=(found("望湖县", text),),
        items=(item("1", None, first, text, units=(unit("省水利厅", "lead", first, text),)),),
    )  # fmt: skip
    document = reviewed(world.staff, draft, text=text)
    row = document.counties_found.get()
    assert "望湖县" in text_of(staff, f"/imports/{document.pk}/facts/")

    staff.post(f"/imports/{document.pk}/facts/", {"act": f"county-{row.pk}", "county": "", "version": document.version})

    row.refresh_from_db()
    assert row.settled


@pytest.mark.parametrize("key", ["999999", "²", "-1", None])
def test_a_county_that_the_register_lacks_is_no_answer(staff, world, key):
    document = reviewed(world.staff)
    county = Prefecture.objects.create(code="349900", name="望湖市").counties.create(code="349921", name="望湖县")
    row = document.counties_found.create(name="望湖县", county=county)
    sent = {"act": f"county-{row.pk}", "version": document.version} | ({"county": key} if key else {})

    page = text_of(staff, staff.post(f"/imports/{document.pk}/facts/", sent).url)

    row.refresh_from_db()
    document.refresh_from_db()
    assert "请从名录中选择" in page
    assert (row.county, row.settled, document.steps_taken) == (county, False, 0)


def test_a_doubt_about_the_whole_document_is_settled(staff, world):
    document = reviewed(world.staff)
    document.doubts.create(code="other_level", reason="责任单位均为县级，请核对。")

    doubt = document.doubts.get(item=None)
    staff.post(f"/imports/{document.pk}/facts/", {"act": f"settle-{doubt.pk}", "version": document.version})

    doubt.refresh_from_db()
    assert not doubt.is_open


@pytest.fixture
def namesake(document):
    """The document comes from another province, whose 省水利局 it means; ours is called the same."""
    DocumentImport.objects.filter(pk=document.pk).update(issuer="青海省人民政府")
    return Department.objects.create(
        name="省水利局", full_name="安徽省水利局", level="provincial", category="government"
    )


def test_a_namesake_in_another_province_is_told_and_taken_for_the_whole_document(staff, document, namesake):
    unit = unit_of(document, "3", "省水利局")
    other = unit_of(document, "2", "省林业局")
    ImportUnit.objects.filter(pk=other.pk).update(name="省水利局", department=None, matched_by="")
    url = f"/imports/units/{unit.pk}/"

    page = text_of(staff, url)
    assert "名录中有同名单位“省水利局”，但文件是青海省的，请确认是否就是它。" in page
    assert "本文件中所有“省水利局”都是它（2处）" in page
    assert "名录中没有" not in page
    assert 'name="department" list="departments" value="省水利局"' in page

    staff.post(url, {"act": "all", "department": "省水利局", "version": unit.item.version, "scope": ""})

    units = ImportUnit.objects.filter(item__document=document, name="省水利局")
    assert [row.department for row in units] == [namesake, namesake]


def test_a_namesake_that_is_not_meant_is_entered_under_its_full_name(world, document, namesake):
    unit = unit_of(document, "3", "省水利局")
    admin = browser_of(world.admin)
    url = f"/imports/units/{unit.pk}/"
    page = text_of(admin, url)
    assert "登记为别称" not in page
    assert 'value="青海省水利局"' in page

    names = {"name": "青海省水利局", "full_name": "青海省水利局"}
    admin.post(url, {"act": "create", "level": "provincial", "category": "government"} | names)

    assert unit_of(document, "3", "省水利局").department.name == "青海省水利局"


def test_a_name_is_given_to_the_whole_document_only_with_a_department(staff, document):
    unit = unit_of(document, "3", "省水利局")
    sent = {"act": "all", "department": "", "version": unit.item.version, "scope": ""}

    page = staff.post(f"/imports/units/{unit.pk}/", sent).content.decode()

    assert "请写明对应哪个单位" in page
    assert "有同名单位" not in page
    assert unit_of(document, "3", "省水利局").department is None


def test_an_import_is_given_up_and_stays_on_record(staff, document):
    staff.post(f"/imports/{document.pk}/act/", {"act": "discard"})

    page = text_of(staff, f"/imports/{document.pk}/")
    assert "已放弃" in page
    assert "item-form" not in page


def test_everything_is_read_only_once_published(staff, world, document):
    settled(document, world.staff, world.departments)
    services.publish(document, by=world.admin, steps_taken=document.steps_taken)

    page = text_of(staff, f"/imports/{document.pk}/")

    assert "item-form" not in page
    assert "主管 核对发布" in page
    assert "开启调度" in page
    assert f"/imports/{document.pk}/file/" in page


@pytest.mark.parametrize("path", ["", "facts/", "publish/", "steps/", "file/"])
def test_absent_and_foreign_look_alike(staff, world, document, path):
    liaison = browser_of(world.liaisons["省水利厅"])

    assert staff.get(f"/imports/99999/{path}").status_code == 404
    assert liaison.get(f"/imports/{document.pk}/{path}").status_code == 404
