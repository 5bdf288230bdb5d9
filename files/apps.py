from django.apps import AppConfig

import audit


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = "附件"

    def ready(self) -> None:
        audit.register_labels(
            {
                "file.stored": "上传附件",
                "file.downloaded": "下载附件",
                "file.refused": "拒收附件",
                "file.swept": "清理无主文件",
            }
        )
