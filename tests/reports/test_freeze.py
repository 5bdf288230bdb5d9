"""What is issued stays: bytes, facts and versions, whatever happens afterwards."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.guards import NotAllowed
from background.models import Job
from calendars import clock
from departments.models import Department
from reports import layout, services
from reports.models import IssuedFile, MonthlyReport
from tasks import services as tasks_services
from tasks.errors import AlreadyMoved, PeriodClosed, Refused
from tests.factories import beijing
from tests.reports.month import ISSUE, NIL, SIGNED, work

CORRECTION = beijing("2024-10-29 15:20")


def issued_bytes(report):
    return bytes(IssuedFile.objects.get(report=report).content)


def test_finalising_freezes_and_the_job_lays_out(filled):
    report = filled.finalise()
    assert (report.kind, report.number, report.state) == ("issued", 1, "rendering")
    filled.period.refresh_from_db()
    assert filled.period.state == "finalised"

    work()

    report.refresh_from_db()
    assert (report.state, report.signer, report.signed_on) == ("ready", "赵立新", date(2024, 10, 28))
    assert report.workbook.name == "2024年10月_重点帮扶县工作重点进展月报_v1.xlsx"
    job = Job.objects.get(key=f"reports.render:{report.pk}")
    assert job.state == "done"


def test_the_file_does_not_depend_on_todays_names_rows_or_settings(filled):
    """Rendered after everything was renamed, byte for byte what would have been rendered at once."""
    report = filled.finalise()
    at_once = layout.workbook_bytes(report.snapshot)
    filled.liaisons["省水利厅"].name = "换了人"
    filled.liaisons["省水利厅"].save(update_fields=["name"])
    department = filled.report("1", "省水利厅").department
    department.name = "省水务厅"
    department.save(update_fields=["name"])
    item = filled.plan.items.get(number="1")
    tasks_services.revise_item(item, title="供水提升（改）", by=filled.admin)
    tasks_services.change_settings(filled.plan, by=filled.admin, behind_gap=5, report_title="改了名的月报")

    work()

    assert issued_bytes(report) == at_once
    report.refresh_from_db()
    assert layout.workbook_bytes(report.snapshot) == at_once
    assert report.workbook.sha256 == layout.file_values(report.snapshot, at_once)["sha256"]


def test_another_process_lays_out_the_same_bytes(filled, tmp_path):
    report = filled.finalise()
    (tmp_path / "snapshot.json").write_text(json.dumps(report.snapshot), encoding="utf-8")
    program = (
        "import django, json, sys; django.setup(); from reports import layout;"
        "sys.stdout.buffer.write(layout.workbook_bytes(json.load(open(sys.argv[1], encoding='utf-8'))))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "7", "TZ": "America/Lima"}

    other = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "snapshot.json")],
        capture_output=True, check=True, env=environment,
    )  # fmt: skip

    assert other.stdout == layout.workbook_bytes(report.snapshot)


def test_the_job_run_twice_stores_once(filled):
    report = filled.finalise()
    work()
    first = IssuedFile.objects.get(report=report)
    Job.objects.filter(key=f"reports.render:{report.pk}").update(state="queued", finished_at=None, result={})

    work()

    assert IssuedFile.objects.get(report=report).pk == first.pk
    assert services.store(report, b"other bytes") is False
    assert issued_bytes(report) == bytes(first.content)


def test_a_failed_rendering_names_its_step_and_is_retried_from_the_same_snapshot(filled):
    report = filled.finalise()
    MonthlyReport.objects.filter(pk=report.pk).update(snapshot=report.snapshot | {"schema": 99})
    work()
    report.refresh_from_db()
    assert (report.state, report.failed_step) == ("failed", "制表")
    assert report.failed_reason == "制表时出错：不认识的数据结构版本 99"
    with pytest.raises(Refused, match="还没有生成完毕"):
        services.begin_correction(filled.period, reports=[], items=[1], reason="更正", by=filled.admin)
    MonthlyReport.objects.filter(pk=report.pk).update(snapshot=report.snapshot | {"schema": 1})

    services.retry(report, by=filled.admin)
    work()

    report.refresh_from_db()
    assert (report.state, report.failed_step) == ("ready", "")
    assert issued_bytes(report) == layout.workbook_bytes(report.snapshot)
    with pytest.raises(AlreadyMoved):
        services.retry(report, by=filled.admin)


def test_finalising_is_refused_while_something_waits(filled):
    filled.file("4", "省能源局")

    with pytest.raises(Refused, match="还有1份报送待审"):
        filled.finalise()

    filled.period.refresh_from_db()
    assert filled.period.state == "open"
    assert not MonthlyReport.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        ({"signer": " "}, "请填写签发人"),
        ({"signer": "赵" * 41}, "签发人最多40字"),
        ({"signed_on": date(2024, 10, 29)}, "签发日期不能晚于今天"),
        ({"reason": "因" * 301}, "原因最多300字，现在301字"),
        ({"signed_on": date(2024, 9, 30)}, "签发日期不能早于2024年10月1日"),
    ],
)
def test_an_incomplete_signature_is_refused(filled, signed, why):
    with pytest.raises(Refused, match=why):
        filled.finalise(**signed)
    assert not MonthlyReport.objects.exists()


def test_only_the_office_issues(filled):
    with pytest.raises(NotAllowed):
        filled.finalise(by=filled.leader)
    with pytest.raises(NotAllowed):
        services.preview(filled.period, by=filled.liaisons["省水利厅"])


def test_an_issued_month_is_no_longer_previewed(filled):
    filled.finalise()
    with pytest.raises(PeriodClosed, match="2024年10月已定稿"):
        services.make_draft(filled.period, by=filled.staff)


def test_the_database_refuses_a_second_issue_of_the_same_number(filled):
    report = filled.finalise()
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyReport.objects.create(
            plan=filled.plan, period=filled.period, kind="issued", number=1, schema_version=1, snapshot={},
            created_by=filled.admin, **SIGNED,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyReport.objects.filter(pk=report.pk).update(signer="")


def correct(office, *, reports=(), items=(), reason="第2项数字更正"):
    with clock.at(CORRECTION):
        keys = [report.pk for report in reports]
        services.begin_correction(office.period, reports=keys, items=list(items), reason=reason, by=office.admin)
        office.period.refresh_from_db()


def test_a_correction_makes_v2_that_says_what_changed_and_v1_stays(filled):
    first = filled.finalise()
    work()
    v1 = issued_bytes(first)
    finance, energy = filled.report("2", "省财政厅"), filled.report("4", "省能源局")
    correct(filled, reports=[finance, energy])
    filled.accept("4", "省能源局", filed_at="2024-10-30 09:00", at="2024-10-30 11:00", problems="")

    second = filled.finalise(at=beijing("2024-10-31 09:00"), signed_on=date(2024, 10, 31))
    work()

    second.refresh_from_db()
    assert (second.label, second.state, second.reason) == ("v2", "ready", "第2项数字更正")
    assert second.changes == [
        {"item": "第4项", "what": "本月进展", "before": "省能源局：未报",
         "after": "省能源局：已下达补助资金320万元，两县开工；其余两县完成招标。"},
        {"item": "第4项", "what": "下一步打算", "before": "", "after": "省能源局：11月底前完成用地报批。"},
        {"item": "第4项", "what": "报送", "before": "0/1", "after": "1/1"},
        {"item": "第4项", "what": "省能源局报送状态", "before": "未报", "after": "已通过"},
    ]  # fmt: skip
    assert second.workbook.name == "2024年10月_重点帮扶县工作重点进展月报_v2.xlsx"
    assert issued_bytes(first) == v1
    # 省财政厅 was reopened and did not answer: state and text of v1 stand.
    rows = {(row["number"], row["department"]): row for row in second.snapshot["rows"]}
    assert (
        rows["2", "省财政厅"]
        == {(row["number"], row["department"]): row for row in first.snapshot["rows"]}["2", "省财政厅"]
    )
    assert rows["4", "省能源局"]["days_late"] == 5


def test_a_department_renamed_meanwhile_is_no_change_of_its_report(filled):
    first = filled.finalise()
    work()
    energy = filled.report("4", "省能源局")
    Department.objects.filter(pk=energy.department_id).update(name="省能源和电力局")
    correct(filled, reports=[energy])

    second = filled.finalise(at=beijing("2024-10-31 09:00"), signed_on=date(2024, 10, 31))

    assert first.pk != second.pk
    assert not [change for change in second.changes if "报送状态" in change["what"]]


def test_one_that_never_filed_and_does_not_answer_a_correction_stays_unfiled(filled):
    first = filled.finalise()
    work()
    correct(filled, reports=[filled.report("4", "省能源局")])

    second = filled.finalise(at=beijing("2024-11-04 09:00"), signed_on=date(2024, 11, 4))

    assert second.changes == []
    assert second.snapshot["missing"] == first.snapshot["missing"]
    # Days overdue are counted to the first issue, not to the correction.
    assert second.snapshot["overdue"] == first.snapshot["overdue"]


def test_a_preview_during_a_correction_shows_what_v2_would_print(filled):
    filled.finalise()
    work()
    correct(filled, reports=[filled.report("1", "省水利厅")])
    with clock.at(CORRECTION):
        preview = services.preview(filled.period, by=filled.staff)
    assert preview.snapshot["items"][0]["text"] == "两县开工，一处用地待批。"
    assert preview.snapshot["counts"]["filed"] == 2


def test_the_edit_in_progress_is_never_printed(filled):
    report = filled.report("2", "省林业局")
    with clock.at(beijing("2024-10-24 10:00")):
        by = filled.liaisons["省林业局"]
        tasks_services.save_draft(report, by=by, version=report.version, progress_text="正在改，还没写完")
    issued = filled.finalise()
    assert "正在改" not in json.dumps(issued.snapshot, ensure_ascii=False)
    row = next(row for row in issued.snapshot["rows"] if row["department"] == "省林业局")
    assert (row["state_label"], row["text"]) == ("退回未改", "已下达补助资金320万元，两县开工；其余两县完成招标。")


def test_an_optional_draft_stays_outside_and_an_optional_report_does_not_count_as_asked(filled):
    helper = filled.plan.items.get(number="4").assignments.get(department__name="省水利厅")
    by = filled.liaisons["省水利厅"]
    with clock.at(beijing("2024-10-22 10:00")):
        report = tasks_services.start_optional(helper, filled.period, by=by)
        report = tasks_services.save_draft(report, by=by, version=report.version, **NIL)
        draft = services.preview(filled.period, by=filled.staff)
        tasks_services.submit(report, by=by, version=report.version)
        preview = services.preview(filled.period, by=filled.staff)

    assert len(draft.snapshot["rows"]) == 4
    assert len(preview.snapshot["rows"]) == 5
    assert (preview.snapshot["counts"]["expected"], preview.snapshot["counts"]["optional_filed"]) == (4, 1)


def test_a_preview_replaced_before_it_was_laid_out_is_let_go(filled):
    with clock.at(ISSUE):
        services.preview(filled.period, by=filled.staff)
        kept = services.preview(filled.period, by=filled.staff)
    work()
    assert list(MonthlyReport.objects.values_list("pk", "state")) == [(kept.pk, "ready")]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_draft_is_not_made_for_somebody_who_lost_the_right(filled):
    draft = services.make_draft(filled.period, by=filled.staff)
    filled.staff.grants.update(valid_to=date(2024, 2, 1))

    work()

    draft.refresh_from_db()
    assert (draft.state, draft.failed_reason) == ("failed", "提交人已没有月报权限。")


def test_rights_are_asked_again_at_download(filled):
    report = filled.finalise()
    work()
    assert services.download(report.pk, by=filled.leader).name == "2024年10月_重点帮扶县工作重点进展月报_v1.xlsx"
    filled.leader.grants.all().delete()
    filled.leader.forget_rights()
    with pytest.raises(MonthlyReport.DoesNotExist):
        services.download(report.pk, by=filled.leader)


def test_a_text_taken_back_is_not_printed(filled):
    report, by = filled.file("4", "省能源局"), filled.liaisons["省能源局"]
    with clock.at(beijing("2024-10-23 10:00")):
        tasks_services.withdraw(report, by=by, version=report.version)

    issued = filled.finalise()

    row = next(row for row in issued.snapshot["rows"] if row["department"] == "省能源局")
    assert (row["state_label"], row["text"], row["filed_on"]) == ("未报", "", "")
    assert issued.snapshot["items"][3]["text"] == "省能源局：未报"
