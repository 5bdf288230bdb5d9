"""`manage.py generate_load`: a database to measure with."""

import json
import time
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from web.demo.load import NotALoadDatabase, generate


class Command(BaseCommand):
    help = "生成性能测试数据（仅限空库或已有负载数据的库）：31个事项，每份报送150至400字。"

    def add_arguments(self, parser):
        parser.add_argument("--months", type=int, default=12, help="每个计划的月数，含本月（默认 12）")
        parser.add_argument("--plans", type=int, default=1, help="计划总数（默认 1）")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式")

    def handle(self, *, months, plans, **options):
        if not 1 <= months <= 120 or not 1 <= plans <= 1000:
            raise CommandError("月数应在 1 至 120 之间，计划数应在 1 至 1000 之间。")
        began = time.monotonic()
        try:
            made = generate(months=months, plans=plans)
        except NotALoadDatabase:
            raise CommandError("当前数据库中有其他数据，不能写入负载数据。请另建一个空库。") from None
        facts = asdict(made) | {"seconds": round(time.monotonic() - began, 1)}
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["format"] == "json" else _as_text(facts))


def _as_text(facts):
    text = "现有负载数据：计划 {plans} 个，月份 {periods} 个，报送 {reports} 份，用时 {seconds} 秒。".format(**facts)
    return f"{text}\n账号与演示数据相同（如 keyuan1），密码：{facts['password']}" if facts["password"] else text
