from django.apps import AppConfig

import audit
from background.operations import register_queue


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = "提醒催办"

    def ready(self) -> None:
        from reminders.audit_labels import LABELS
        from reminders.operations import MAILS

        audit.register_labels(LABELS)
        register_queue(MAILS)
