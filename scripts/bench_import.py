"""What reading a document costs: parsing alone, hostile text, the child process, publishing.

`make bench` runs it on SQLite and, through `python -m tests.services`, on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ITEM = (
    "{n}.推进第{n}片灌区改造，完善渠系配套，2031年6月底前完成泵站{n}座，灌溉水利用系数达到0.6以上，受益群众满意度不低于90%。"
    "（省水利厅牵头，省财政厅、省农业农村厅配合）\n"
)
HOSTILE = {
    "未闭合的括号": "（（" * 170_000,
    "一、连写": "一、" * 170_000,
    "一、各占一行": "一、\n" * 140_000,
    "一整行": "某" * 340_000,
    "数字": "1" * 1_000_000,
    "日期连写": "2031年6月底前" * 55_000,
    "单位连写": "省教育厅、" * 67_000,
    "一个长事项": "1." + "推进改造达到50%以上，2031年6月底前完成10个项目。" * 14_000 + "（省教育厅负责）",
    "制表符": "甲\t乙\t丙\n" * 80_000,
}


def document(size: int) -> str:
    """A made-up plan of about `size` bytes in UTF-8."""
    text, number = "云栖省2031年水利工作要点\n云栖省水利厅\n2031年1月5日\n一、重点任务\n", 0
    while len(text.encode()) < size:
        number += 1
        text += ITEM.format(n=number)
    return text


def timed(work: Callable) -> tuple[float, object]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="workplan-bench-") as folder:
        os.environ |= {"DATA_DIR": folder, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "config.settings"}
        figures = parsing() | child()
        import django

        django.setup()
        figures |= publishing()
    for name, value in figures.items():
        print(f"  {name}  {value}")
    print(json.dumps({"导入": figures}, ensure_ascii=False))


def parsing() -> dict[str, str]:
    from documents.parsing import parse
    from documents.source import Source

    parse(Source(document(5_000), "txt"))  # the patterns are compiled
    figures = {}
    for size, most in ((40_000, 0.3), (100_000, 0.8)):
        text = document(size)
        runs = [timed(lambda text=text: parse(Source(text, "txt")))[0] for _ in range(5)]
        figures[f"解析 {size // 1000} kB（秒，上限 {most}）"] = f"{statistics.median(runs):.3f}"
    worst = {name: timed(lambda text=text: parse(Source(text, "txt")))[0] for name, text in HOSTILE.items()}
    slowest = max(worst, key=worst.__getitem__)
    figures["恶意文字约 1 MB，最慢的（秒，上限 2）"] = f"{worst[slowest]:.2f}（{slowest}）"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["解析用的内存（MB，上限 200）"] = f"{peak:.0f}"
    return figures


def child() -> dict[str, str]:
    from documents.limited import read_and_parse

    runs = [timed(lambda: read_and_parse(document(500).encode(), "a.txt"))[0] for _ in range(5)]
    return {"子进程读一份 0.5 kB 的文件（秒，启动上限 0.5）": f"{statistics.median(runs):.2f}"}


def publishing() -> dict[str, str]:
    """From upload to a published plan of 31 items, with the registers of the fixture."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        call_command("bootstrap", username="bench", stdout=nowhere)
    from accounts.models import User
    from documents.limited import read_and_parse
    from imports import services
    from imports.models import DocumentImport

    by = User.objects.get(username="bench")
    text = "".join(document(40_000).splitlines(keepends=True)[:35])
    made, _ = services.start_import(by=by, text=text)
    source, draft = read_and_parse(text.encode(), "a.txt")
    stored, _ = timed(lambda: services.store_draft(made, source, draft))
    made.refresh_from_db()
    services.set_facts(
        made, by=by, version=made.version, starts_on=date(2031, 1, 5), ends_on=date(2031, 12, 31),
        first_period=date(2031, 2, 1),
    )  # fmt: skip
    for item in made.items.all():
        item.refresh_from_db()
        services.confirm_item(item, by=by, version=item.version)
    made = DocumentImport.objects.get(pk=made.pk)
    published, plan = timed(lambda: services.publish(made, by=by, steps_taken=made.steps_taken))
    return {
        f"存下 31 项待核对（秒，{connection.vendor}）": f"{stored:.2f}",
        f"发布 31 项、93 条分工（秒，{connection.vendor}）": f"{published:.2f}，{plan.items.count()} 项",
    }


if __name__ == "__main__":
    main()
