from django.apps import AppConfig

import audit


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "工作事项"

    def ready(self) -> None:
        from tasks.audit_labels import LABELS

        audit.register_labels(LABELS)
