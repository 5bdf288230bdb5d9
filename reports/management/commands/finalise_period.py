from reports import services
from tasks.management.period_command import PeriodCommand, day_of


class Command(PeriodCommand):
    help = "定稿一个月：关闭报送，冻结月报内容；文件由后台作业生成。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--signer", required=True, help="签发人")
        parser.add_argument("--signed-on", required=True, help="签发日期，例如 2024-10-28")
        parser.add_argument("--reason", default="", help="提前定稿的理由")

    def act(self, period, actor, options):
        signed = {"signer": options["signer"], "signed_on": day_of(options["signed_on"]), "reason": options["reason"]}
        report = services.finalise(period, by=actor, **signed)
        counts = report.snapshot["counts"]
        return {"month": period.key, "plan": period.plan_id, "report": report.pk, "version": report.label,
                "state": report.state, "counts": counts}  # fmt: skip

    def told(self, answer):
        counts = answer["counts"]
        return (
            f"{answer['month']} 已定稿 {answer['version']}：应报{counts['expected']}份，已报{counts['filed']}份，"
            f"未报{counts['missing']}份，退回未改{counts['returned']}份。文件正在后台生成。"
        )
