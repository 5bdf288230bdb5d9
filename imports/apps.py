from django.apps import AppConfig

import audit


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "文件导入"

    def ready(self) -> None:
        from imports.audit_labels import LABELS

        audit.register_labels(LABELS)
