import json
import logging

from django.core.management.base import BaseCommand

from background import registry, services

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "执行一次全部定时检查和排队作业，不需要消息服务；可由 cron 每分钟调用。"

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")

    def handle(self, *, format, **_):
        outcomes = [_ask(tick) for tick in registry.ticks().values() if not tick.needs_broker]
        jobs = services.work_off()
        failed = [outcome for outcome in outcomes if not outcome["ok"]]
        if format == "json":
            self.stdout.write(json.dumps({"ticks": outcomes, "jobs": jobs}, ensure_ascii=False))
        else:
            for outcome in outcomes:
                self.stdout.write(
                    f"{outcome['label']}：{outcome['count']} 项" if outcome["ok"] else f"{outcome['label']}：失败"
                )
            self.stdout.write(f"后台作业：处理 {jobs} 项")
        if failed:
            raise SystemExit(1)


def _ask(tick):
    """One tick that fails must not keep the others from running."""
    outcome = {"name": tick.name, "label": tick.label, "ok": True, "count": 0}
    try:
        outcome["count"] = services.run_tick(tick.name)
    except Exception:
        logger.exception("tick %s", tick.name)
        outcome["ok"] = False
    return outcome
