from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate

import audit


def create_cache_table(using, **_):
    """The shared cache is a table no migration makes; whoever migrates has it from then on."""
    call_command("createcachetable", database=using, verbosity=0)


class BackgroundConfig(AppConfig):
    name = "background"
    verbose_name = "后台作业"

    def ready(self):
        post_migrate.connect(create_cache_table, sender=self)
        audit.register_labels(
            {
                "job.queued": "提交后台作业",
                "job.done": "后台作业完成",
                "job.failed": "后台作业失败",
                "job.retried": "重试后台作业",
            }
        )
