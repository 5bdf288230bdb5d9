from tests.reports.month import work


def test_finalising_freezes_and_the_job_lays_out(filled):
    report = filled.finalise()
    assert (report.kind, report.number, report.state) == ("issued", 1, "rendering")

    work()

    report.refresh_from_db()
    assert report.state == "ready"
    assert report.workbook.name == "2024年10月_重点帮扶县工作重点进展月报_v1.xlsx"
