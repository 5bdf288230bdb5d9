from django.apps import AppConfig

import audit


class CountiesConfig(AppConfig):
    name = "counties"
    verbose_name = "县区"

    def ready(self) -> None:
        audit.register_labels({"counties.loaded": "载入县区名录"})
