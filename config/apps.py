from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "运行配置"

    def ready(self):
        from config import checks  # noqa: F401  registers itself
