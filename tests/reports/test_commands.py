import io
import json

import pytest
from django.core.management import CommandError, call_command

from calendars import clock
from reports.models import MonthlyReport
from tests.reports.month import ISSUE, work

ISSUING = ("--by", "wang", "--signer", "赵立新", "--signed-on", "2024-10-28")


def run(*arguments):
    out = io.StringIO()
    with clock.at(ISSUE):
        call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_month_is_finalised_from_the_command_line(filled):
    said = run("finalise_period", "--month", "2024-10", *ISSUING)
    assert said == "2024-10 已定稿 v1：应报4份，已报2份，未报1份，退回未改1份。文件正在后台生成。\n"
    assert MonthlyReport.objects.get().signer == "赵立新"


def test_the_stored_bytes_are_written_out(filled, tmp_path):
    report = filled.finalise()
    work()
    answer = json.loads(run("monthly_report", "--month", "2024-10", "--output", str(tmp_path), "--format", "json"))
    assert answer["version"] == "v1"
    assert (tmp_path / "2024年10月_重点帮扶县工作重点进展月报_v1.xlsx").read_bytes() == bytes(
        report.files.get().content
    )


def test_without_a_worker_the_issue_is_laid_out_here_and_stored(filled, tmp_path):
    report = filled.finalise()
    run("monthly_report", "--month", "2024-10", "--output", str(tmp_path))
    written = (tmp_path / "2024年10月_重点帮扶县工作重点进展月报_v1.xlsx").read_bytes()
    work()
    report.refresh_from_db()
    assert report.is_ready
    assert bytes(report.files.get().content) == written


def test_an_open_month_gives_a_preview(filled, tmp_path):
    said = run("monthly_report", "--month", "2024-10", "--output", str(tmp_path))
    assert "2024-10 月报（预览）已写入" in said
    assert [path.name for path in tmp_path.iterdir()] == ["2024年10月_重点帮扶县工作重点进展月报_预览.xlsx"]
    assert not MonthlyReport.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--month", "2024-13"), "看不懂月份“2024-13”。请写成年-月，例如 2024-10。"),
        (("--month", "十月"), "看不懂月份“十月”。请写成年-月，例如 2024-10。"),
        (("--month", "2025-03"), "没有包含2025年3月的执行中计划。请用 --plan 指明计划编号。"),
        (("--month", "2024-11"), "2024年11月未开启，没有月报。"),
        (("--month", "2024-09"), "2024年9月未调度，没有月报。"),
        (("--month", "2024-10", "--plan", "999"), "没有编号为 999 的计划。"),
        (("--month", "2024-10", "--by", "nobody"), "没有用户“nobody”，或账号已停用。"),
        (("--month", "2024-10", "--by", "ting"), "用户 ting 没有这项权限。"),
        (("--month", "2024-10", "--output", "/nowhere"), "文件夹 /nowhere 不存在。"),
    ],
)
def test_a_mistake_is_explained(office, tmp_path, arguments, why):
    output = () if "--output" in arguments else ("--output", str(tmp_path))
    with pytest.raises(CommandError) as refused:
        run("monthly_report", *arguments, *output)
    assert str(refused.value) == why


def test_a_month_outside_the_named_plan_is_refused(office, tmp_path):
    with pytest.raises(CommandError, match="2025年1月不在《2024年工作重点》的调度范围内（2024年9月至2024年12月）。"):
        run("monthly_report", "--month", "2025-01", "--plan", str(office.plan.pk), "--output", str(tmp_path))


@pytest.mark.parametrize(
    ("change", "why"),
    [({"--by": "ting"}, "用户 ting 没有这项权限。"), ({"--signed-on": "10月"}, "看不懂日期“10月”")],
)
def test_finalising_explains_its_refusals(filled, change, why):
    told = dict(zip(ISSUING[::2], ISSUING[1::2], strict=True)) | change
    with pytest.raises(CommandError, match=why):
        run("finalise_period", "--month", "2024-10", *(part for pair in told.items() for part in pair))
    filled.period.refresh_from_db()
    assert filled.period.state == "open"
