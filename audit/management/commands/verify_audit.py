import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit import protection
from audit.verify import Report, verify

LIMITS = (
    "说明：末尾连同链尾一并被截断，或持有密钥者整体重写，单凭库内数据查不出；请把链尾抄存库外，下次用 --head 核对。"
)


class Command(BaseCommand):
    help = "核对审计链，指出第一条不符的记录。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")
        parser.add_argument("--head", default="", metavar="序号:摘要", help="库外留存的链尾")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = verify(expected_head=options["head"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        protected = protection.installed(connection)
        if options["format"] == "json":
            answer = {**report.as_json(), "append_only": protected, "limits": LIMITS}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(report, protected=protected)
        if report.fault:
            raise SystemExit(1)

    def _tell(self, report: Report, *, protected: bool) -> None:
        if report.fault:
            self.stderr.write(f"审计链不符：第 {report.fault.sequence} 条，{report.fault.reason}。")
            self.stderr.write(f"此前 {report.rows} 条核对无误。")
        else:
            self.stdout.write(f"审计链完好，共 {report.rows} 条。")
        if not protected:
            self.stderr.write("注意：数据库的只追加保护未启用。")
        self.stdout.write(LIMITS)
        self.stdout.write(f"链尾：{report.head}")
