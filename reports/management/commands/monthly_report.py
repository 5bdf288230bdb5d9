import hashlib
from pathlib import Path

from django.core.management.base import CommandError

from accounts.guards import require
from reports import services
from tasks.management.period_command import PeriodCommand


class Command(PeriodCommand):
    help = "取出一个月的月报文件：已定稿的为存档原件，否则为当前数据的预览。"
    needs_actor = False

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--output", required=True, help="存放文件的文件夹")

    def act(self, period, actor, options):
        folder = Path(options["output"])
        if not folder.is_dir():
            raise CommandError(f"文件夹 {folder} 不存在。")
        if actor is not None:
            require(actor, "monthly.read_drafts")
        name, content, version = services.export(period, by=actor)
        path = folder / name
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"写不进 {path}：{error.strerror}。") from error
        return {"month": period.key, "plan": period.plan_id, "version": version, "file": str(path),
                "sha256": hashlib.sha256(content).hexdigest()}  # fmt: skip

    def told(self, answer):
        code = answer["sha256"][:8].upper()
        return f"{answer['month']} 月报（{answer['version']}）已写入 {answer['file']}，校验码 {code}"
