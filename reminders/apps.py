from django.apps import AppConfig

import audit


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = "提醒催办"

    def ready(self) -> None:
        from reminders.audit_labels import LABELS

        audit.register_labels(LABELS)
