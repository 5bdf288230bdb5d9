from django.apps import AppConfig

import audit


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = "单位"

    def ready(self) -> None:
        audit.register_labels(
            {
                "departments.loaded": "载入单位名录",
                "department.created": "新增单位",
                "department.alias_added": "新增单位别称",
            }
        )
