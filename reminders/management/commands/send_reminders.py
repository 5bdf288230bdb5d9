import json

from django.core.management.base import BaseCommand

from reminders import services


class Command(BaseCommand):
    help = "立即生成到点的提醒并发送待发邮件；重复执行不会重复提醒。"

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")

    def handle(self, *, format, **_):
        done = {
            "digests": services.write_digests(),
            "events": services.write_event_notices(),
            "mails": services.relay_mail(),
        }
        if format == "json":
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(
                f"每日提醒 {done['digests']} 条，退回与催办通知 {done['events']} 条，发出邮件 {done['mails']} 封。"
            )
