"""Who sees which text on the filing pages, and who may write."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Post
from calendars import clock
from tasks.filing_board import landing_url, liaison_board
from tasks.models import ProgressReport, ReportAttachment
from tests.tasks.filing import browser_of, fields
from tests.tasks.world import FILING_DAY, NOVEMBER, PROGRESS, date, local, make_october, make_user

pytestmark = pytest.mark.django_db

CANARY = "草稿里的金丝雀文字"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def world():
    with clock.at(FILING_DAY):
        yield make_october()


@pytest.fixture
def water(world):
    return world.report("1", "省水利厅")


@pytest.fixture
def leader(world):
    return make_user("厅领导", "leader")


def page(name: str, report) -> str:
    return reverse(f"tasks:progress-{name}", args=[report.pk])


@pytest.mark.parametrize("name", ["edit", "check", "receipt"])
@pytest.mark.parametrize("who", ["staff", "admin", "leader"])
def test_the_text_of_a_draft_is_its_departments_alone(world, water, leader, who, name):
    world.file(water)
    world.returned(water)
    world.draft(water, PROGRESS | {"progress_text": CANARY})
    reader = leader if who == "leader" else getattr(world, who)

    answer = browser_of(reader).get(page(name, water), follow=True)

    assert CANARY not in answer.content.decode()
    if name == "edit":
        assert PROGRESS["progress_text"] in answer.content.decode()
        assert "<textarea" not in answer.content.decode()


@pytest.mark.parametrize("who", ["staff", "leader"])
def test_of_a_first_draft_others_see_state_and_time(world, water, leader, who):
    world.draft(water, PROGRESS | {"progress_text": CANARY})
    reader = leader if who == "leader" else world.staff

    html = browser_of(reader).get(page("edit", water)).content.decode()

    assert (CANARY in html, "单位正在填写，10月22日 10:00 保存过草稿" in html) == (False, True)


def test_staff_never_write_over_a_draft_they_may_not_read(world, water):
    world.draft(water, PROGRESS | {"progress_text": CANARY})

    answer = browser_of(world.staff).post(page("edit", water), fields(water, progress_text="电话口述"))

    assert answer.status_code == 409
    assert (CANARY in answer.content.decode(), "电话口述" in answer.content.decode()) == (False, True)
    water.refresh_from_db()
    assert water.progress_text == CANARY


def test_staff_who_were_slower_than_the_department_keep_their_text_and_see_none(world, water):
    html = browser_of(world.staff).get(page("edit", water)).content.decode()
    assert "替省水利厅填报" in html
    world.draft(water, PROGRESS | {"progress_text": CANARY})

    answer = browser_of(world.staff).post(page("autosave", water), fields(water, version=0))

    assert answer.status_code == 409
    assert CANARY not in answer.content.decode()


def test_staff_file_for_a_department_and_both_names_stay(world, water):
    desk = browser_of(world.staff)
    checked = desk.post(page("edit", water), fields(water, action="check"))
    water.refresh_from_db()
    receipt = desk.post(checked.url, {"version": water.version}, follow=True).content.decode()

    water.refresh_from_db()
    assert (water.state, water.filed_by, water.on_behalf) == ("submitted", world.staff, True)
    assert "审核员（代省水利厅填报）" in receipt
    assert "代省水利厅填报" in browser_of(world.liaisons["省水利厅"]).get(page("receipt", water)).content.decode()


@pytest.mark.parametrize("name", ["edit", "autosave", "check", "withdraw"])
def test_a_leader_reads_and_changes_nothing(water, leader, name):
    assert browser_of(leader).get(page("edit", water)).status_code == 200
    assert browser_of(leader).post(page(name, water), fields(water)).status_code == 404
    water.refresh_from_db()
    assert water.version == 0


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_who_has_no_business_here_finds_nothing(water, role):
    desk = browser_of(make_user(role, role))

    addresses = [reverse("tasks:progress-list"), page("edit", water), reverse("tasks:progress-check-all")]
    assert [desk.get(address).status_code for address in addresses] == [404, 404, 404]


def test_the_list_of_another_department_looks_absent(world):
    desk = browser_of(world.liaisons["省财政厅"])

    foreign = f"?department={world.departments['省水利厅'].pk}"
    assert [
        desk.get(reverse("tasks:progress-list") + query).status_code
        for query in (foreign, "?department=999", "?department=x", f"?department={world.departments['省财政厅'].pk}")
    ] == [404, 404, 404, 200]


def test_the_list_puts_what_came_back_first(world, water):
    world.file(water)
    world.returned(water, "口径不一致", field="progress_text")

    html = browser_of(world.liaisons["省水利厅"]).get(reverse("tasks:progress-list")).content.decode()

    assert re.findall(r'<h2 id="\w+-title">(\S+?)</h2>', html)[:1] == ["退回"]
    assert "退回理由：口径不一致（→进展情况）" in html


def test_an_optional_duty_is_begun_by_a_button(world):
    duty = world.report("1", "省水利厅").assignment
    ProgressReport.objects.filter(assignment=duty).delete()
    duty.required = False
    duty.save(update_fields=["required"])
    desk = browser_of(world.liaisons["省水利厅"])
    address = reverse("tasks:progress-start", args=[duty.pk, world.periods["2024-10"].pk])

    assert f'action="{address}"' in desk.get(reverse("tasks:progress-list")).content.decode()
    assert browser_of(world.liaisons["省财政厅"]).post(address).status_code == 404
    begun = desk.post(address)

    report = ProgressReport.objects.get(assignment=duty)
    assert (begun.url, report.required, desk.post(address).url) == (page("edit", report), False, begun.url)


def test_several_drafts_go_in_at_once_and_a_stale_one_stays(world):
    finance = world.liaisons["省财政厅"]
    Post.objects.create(
        user=finance, department=world.departments["省林业局"], kind="backup", valid_from=date(2024, 1, 1)
    )
    mine, other = world.report("2", "省财政厅"), world.report("2", "省林业局")
    world.draft(mine)
    world.draft(other)
    desk = browser_of(finance)
    html = desk.get(reverse("tasks:progress-check-all")).content.decode()
    chosen = re.findall(r'name="report" value="(\d+:\d+)"', html)
    assert sorted(chosen) == sorted([f"{mine.pk}:1", f"{other.pk}:1"])
    world.draft(other, PROGRESS | {"progress_text": "同事又改了"})

    desk.post(reverse("tasks:progress-check-all"), {"report": [*chosen, f"{world.report('1', '省水利厅').pk}:0"]})

    states = dict(ProgressReport.objects.values_list("department__name", "state"))
    assert states == {"省财政厅": "submitted", "省林业局": "draft", "省水利厅": "awaiting"}


@pytest.mark.parametrize("mark", ["²:1", "9" * 20 + ":1", "9" * 5000 + ":1", "x"])
def test_a_mangled_choice_submits_nothing(world, water, mark):
    world.draft(water)

    answer = browser_of(world.liaisons["省水利厅"]).post(reverse("tasks:progress-check-all"), {"report": [mark]})

    water.refresh_from_db()
    assert (answer.status_code, water.state) == (302, "draft")


def test_a_draft_with_something_missing_is_listed_and_not_offered(world, water):
    world.draft(water, PROGRESS | {"next_step": ""})

    html = browser_of(world.liaisons["省水利厅"]).get(reverse("tasks:progress-check-all")).content.decode()

    assert ("请写明下一步怎么做" in html, 'name="report"' in html) == (True, False)


def test_a_single_duty_opens_after_sign_in_and_then_its_receipt(world, water):
    liaison = world.liaisons["省水利厅"]

    assert landing_url(liaison) == page("edit", water)
    world.file(water)
    assert landing_url(liaison) == page("receipt", water)
    with clock.at(local(2024, 11, 8, 9)):
        world.open(NOVEMBER)
        assert landing_url(liaison) == page("edit", world.report("1", "省水利厅", NOVEMBER))
    assert (landing_url(world.staff), landing_url(make_user("审计员", "auditor"))) == (None, None)


def test_two_duties_open_the_list(world):
    finance = world.liaisons["省财政厅"]
    Post.objects.create(
        user=finance, department=world.departments["省林业局"], kind="backup", valid_from=date(2024, 1, 1)
    )
    Post.objects.filter(user=world.liaisons["省林业局"]).delete()
    finance.forget_rights()

    assert landing_url(finance) is None
    assert len(liaison_board(finance).owing) == 2


def test_a_file_goes_with_the_text_and_only_its_readers_open_it(world, water, leader, settings, tmp_path):
    settings.FILES_ROOT = str(tmp_path)
    desk = browser_of(world.liaisons["省水利厅"])
    desk.post(page("edit", water), fields(water, files=SimpleUploadedFile("进度照片.pdf", PDF)))
    attachment = ReportAttachment.objects.get()
    address = reverse("tasks:progress-file", args=[attachment.pk])

    def answers() -> list[int]:
        readers = (desk, *map(browser_of, (world.staff, leader, world.liaisons["省财政厅"])))
        return [opened(reader)[0] for reader in readers]

    def opened(reader) -> tuple[int, bytes]:
        answer = reader.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else b""
        for close in answer._resource_closers:  # closing the answer itself would end the connection of the test
            close()
        return answer.status_code, body

    assert opened(desk) == (200, PDF)
    assert answers() == [200, 404, 404, 404]
    water.refresh_from_db()
    desk.post(page("check", water), {"version": water.version})
    assert answers() == [200, 200, 200, 404]


def test_a_refused_file_leaves_the_text_saved_and_says_why(world, water, settings, tmp_path):
    settings.FILES_ROOT = str(tmp_path)
    sent = fields(water, action="check", files=SimpleUploadedFile("名单.exe", b"MZ"))

    answer = browser_of(world.liaisons["省水利厅"]).post(page("edit", water), sent)

    assert (answer.status_code, "名单.exe：不接收这类文件" in answer.content.decode()) == (422, True)
    water.refresh_from_db()
    assert (water.progress_text, ReportAttachment.objects.count()) == (PROGRESS["progress_text"], 0)


def test_a_file_can_be_taken_off_without_losing_what_is_typed(world, water, settings, tmp_path):
    settings.FILES_ROOT = str(tmp_path)
    desk = browser_of(world.liaisons["省水利厅"])
    desk.post(page("edit", water), fields(water, files=SimpleUploadedFile("进度.pdf", PDF)))
    water.refresh_from_db()
    key = ReportAttachment.objects.get().pk

    desk.post(page("edit", water), fields(water, action=f"remove-{key}", problems="刚写的一句"))

    water.refresh_from_db()
    assert (water.problems, ReportAttachment.objects.get().removed_at is None) == ("刚写的一句", False)
