import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.draft import Doubt, DraftPlan
from documents.limited import read_and_parse
from documents.refusal import ImportRefused
from documents.shape import to_gold
from files.uploads import LARGEST

UNREADABLE, NOT_A_PLAN = 2, 3
REASONS: dict[type[OSError], str] = {FileNotFoundError: "没有这个文件", PermissionError: "没有读取权限"}
REVIEW_FIRST = "导入的内容须经人核对后才能发布：请在网页的“导入”中上传。命令行只做试读，请加 --dry-run。"


class Command(BaseCommand):
    help = "试读一份文件：读成计划草稿并输出，不写入任何数据，也不连接数据库。"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="docx、pdf（文字版）、txt 或 xlsx 文件")
        parser.add_argument("--dry-run", action="store_true", help="只试读，不导入")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dry_run"]:
            raise CommandError(REVIEW_FIRST)
        as_json = options["format"] == "json"
        path = Path(options["file"])
        try:
            _, plan = read_and_parse(_content(path), path.name)
        except ImportRefused as refused:
            if as_json:
                self._print({"error": {"code": refused.code, "message": refused.message}})
            raise CommandError(refused.message, returncode=UNREADABLE) from refused
        if as_json:
            self._print(to_gold(plan, file=path.name))
        else:
            self.stdout.write("\n".join(summary(plan)))
        if not plan.trackable:
            sys.exit(NOT_A_PLAN)

    def _print(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def _content(path: Path) -> bytes:
    """The bytes of a plain file of at most `LARGEST`; a device or a pipe might never end."""
    try:
        if path.exists() and not path.is_file():
            raise ImportRefused(f"{path} 不是文件。请给出一份 docx、pdf、txt 或 xlsx 文件。", code="no_file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = REASONS.get(type(error), "读取时出错")
        raise ImportRefused(f"打不开文件 {path}：{reason}。", code="no_file") from error
    if len(data) > LARGEST:
        raise ImportRefused("文件超过 20 MB。请另存为不含图片的文件。", code="too_large")
    return data


def summary(plan: DraftPlan) -> list[str]:
    """What was found, in numbers, and every doubt with the item it belongs to."""
    units = {unit.full or unit.name for item in plan.items for unit in item.units}
    counts = (
        ("板块", len(plan.sections)),
        ("事项", len(plan.items)),
        ("责任单位", len(units)),
        ("县区", len(plan.counties)),
        ("时限", sum(len(item.deadlines) for item in plan.items)),
        ("指标", sum(len(item.targets) for item in plan.items)),
    )
    lines = [
        f"标题：{_words(plan.title.text) if plan.title else '（未找到）'}",
        "，".join(f"{name} {count}" for name, count in counts),
    ]
    if not plan.trackable:
        lines.append(f"不像可跟踪的计划：{plan.reason}")
    doubts = [("全文", doubt) for doubt in plan.doubts]
    doubts += [(f"事项 {item.number}", doubt) for item in plan.items for doubt in item.doubts]
    return [*lines, f"需确认 {len(doubts)} 处", *(_told(where, doubt) for where, doubt in doubts)]


def _told(where: str, doubt: Doubt) -> str:
    return f"  {where}：{doubt.reason}"


def _words(text: str) -> str:
    return "".join(text.split())
