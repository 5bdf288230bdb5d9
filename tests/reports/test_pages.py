import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from calendars import clock
from reports import services
from reports.models import MonthlyReport
from tests.factories import beijing, make_user
from tests.reports.month import ISSUE, work

SIGN = {"signer": "赵立新", "signed_on": "2024-10-28"}


@pytest.fixture(autouse=True)
def on_the_day_of_issue():
    with clock.at(ISSUE):
        yield


def url(name, row):
    return reverse(f"reports:{name}", args=(row.pk,))


def test_the_office_sees_the_month_before_it_is_issued(client, filled):
    client.force_login(filled.staff)

    page = client.get(url("monthly-detail", filled.period))

    text = page.content.decode()
    assert page.status_code == 200
    assert "应报4份，已报2份，按时1份，按时率25%；补报1份，未报1份，退回未改1份。" in text
    assert "第2项省林业局（退回未改）、第4项省能源局（未报）。" in text


def test_finalising_by_page_issues_and_offers_the_file(client, filled):
    client.force_login(filled.admin)
    asked = client.get(url("monthly-finalise", filled.period)).content.decode()
    assert "定稿后记为未报的 2 份" in asked
    assert "待认定 2 项" in asked

    answer = client.post(url("monthly-finalise", filled.period), SIGN)

    assert answer.headers["Location"] == url("monthly-detail", filled.period)
    work()
    report = MonthlyReport.objects.get(kind="issued")
    got = client.get(url("edition-download", report))
    assert b"".join(got.streaming_content) == bytes(report.files.get().content)
    assert "attachment" in got.headers["Content-Disposition"]
    taken = AuditEvent.objects.filter(action="monthly.downloaded").get()
    assert taken.actor_name == "王主管"


def test_a_refused_finalising_keeps_what_was_typed(client, filled):
    filled.file("4", "省能源局")
    client.force_login(filled.admin)

    page = client.post(url("monthly-finalise", filled.period), SIGN)

    text = page.content.decode()
    assert "还有1份报送待审，请先通过或退回。" in text
    assert 'value="赵立新"' in text
    assert not MonthlyReport.objects.exists()


def test_a_missing_signer_is_asked_for(client, filled):
    client.force_login(filled.admin)
    page = client.post(url("monthly-finalise", filled.period), {"signer": "", "signed_on": "10月28日"})
    assert "请填写签发人姓名。" in page.content.decode()
    assert "请写成年-月-日，如 2024-10-28。" in page.content.decode()


def test_issuing_early_asks_for_a_reason(client, filled):
    client.force_login(filled.admin)
    with clock.at(beijing("2024-10-24 10:00")):
        page = client.post(url("monthly-finalise", filled.period), SIGN | {"signed_on": "2024-10-24"})
        assert "还有单位未到截止时间，请写明提前定稿的理由。" in page.content.decode()
        client.post(url("monthly-finalise", filled.period), SIGN | {"signed_on": "2024-10-24", "reason": "省里要求"})
    assert MonthlyReport.objects.get().reason == "省里要求"


def test_previews_are_replaced_and_drafts_numbered(client, filled):
    client.force_login(filled.staff)
    for name in ("monthly-preview", "monthly-preview", "monthly-draft", "monthly-draft"):
        client.post(url(name, filled.period))
    work()

    made = [(report.label, report.state, report.workbook.name) for report in MonthlyReport.objects.order_by("pk")]
    assert made == [
        ("预览", "ready", "2024年10月_重点帮扶县工作重点进展月报_预览.xlsx"),
        ("送审稿第1稿", "ready", "2024年10月_重点帮扶县工作重点进展月报_送审稿第1稿.xlsx"),
        ("送审稿第2稿", "ready", "2024年10月_重点帮扶县工作重点进展月报_送审稿第2稿.xlsx"),
    ]


def test_readers_find_issued_versions_only(client, filled):
    draft = services.make_draft(filled.period, by=filled.staff)
    work()
    readers = (filled.leader, filled.liaisons["省水利厅"])
    for reader in readers:
        client.force_login(reader)
        assert client.get(url("monthly-detail", filled.period)).status_code == 404
        assert client.get(url("edition-download", draft)).status_code == 404
        assert "2024年10月" not in client.get(reverse("reports:monthly-list")).content.decode().split("<main")[1]

    report = filled.finalise()
    work()

    for reader in readers:
        client.force_login(reader)
        text = client.get(url("monthly-detail", filled.period)).content.decode()
        assert "送审稿" not in text
        assert "赵立新签发 2024-10-28" in text
        assert client.get(url("edition-download", report)).status_code == 200
        assert client.get(url("edition-download", draft)).status_code == 404
        assert client.post(url("monthly-preview", filled.period)).status_code == 404
        assert client.get(url("monthly-correct", filled.period)).status_code == 404


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_other_administrators_find_nothing(client, filled, role):
    report = filled.finalise()
    work()
    client.force_login(make_user(role, roles=(role,)))

    pages = [reverse("reports:monthly-list"), url("monthly-detail", filled.period), url("edition-download", report)]

    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_a_correction_by_page(client, filled):
    filled.finalise()
    work()
    client.force_login(filled.admin)
    page = client.get(url("monthly-correct", filled.period)).content.decode()
    assert "第1项 农村供水提升" in page

    nothing = client.post(url("monthly-correct", filled.period), {"reason": "更正"})
    assert "请至少选择一份报送或一个事项。" in nothing.content.decode()
    report = filled.report("1", "省水利厅")
    client.post(url("monthly-correct", filled.period), {"reason": "更正数字", "reports": [report.pk]})

    report.refresh_from_db()
    assert report.state == "returned"
    assert "v2 修订中" in client.get(url("monthly-detail", filled.period)).content.decode()


@pytest.mark.parametrize("name", ["reports", "items"])
def test_a_key_no_column_holds_corrects_nothing(client, filled, name):
    filled.finalise()
    client.force_login(filled.admin)

    answer = client.post(url("monthly-correct", filled.period), {"reason": "更正", name: ["9" * 20]})

    assert answer.status_code == 200
    assert "修订中" not in client.get(url("monthly-detail", filled.period)).content.decode()


def test_the_line_of_a_version_refreshes_until_ready(client, filled):
    report = filled.finalise()
    client.force_login(filled.staff)
    line = client.get(url("edition-line", report), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in line
    assert "马上开始" in line

    work()

    line = client.get(url("edition-line", report), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in line
    assert "下载" in line
    assert client.get(url("edition-line", report)).status_code == 302


def test_the_list_asks_no_more_for_more_versions(client, filled):
    client.force_login(filled.staff)
    counts = []
    for _ in range(3):
        services.make_draft(filled.period, by=filled.staff)
        work()
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("reports:monthly-list"))
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_nothing_to_correct_before_the_first_issue(client, filled):
    client.force_login(filled.admin)
    with clock.at(ISSUE):
        assert client.get(f"/monthly/{filled.period.pk}/correct/").status_code == 404
