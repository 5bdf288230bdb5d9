from django.apps import AppConfig

import audit


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "月报"

    def ready(self):
        audit.register_labels(
            {
                "monthly.refused": "月报操作被拒绝",
                "monthly.requested": "生成月报",
                "monthly.finalised": "月报定稿",
                "monthly.correction_begun": "月报开始修订",
                "monthly.rendered": "月报文件生成",
                "monthly.failed": "月报生成失败",
                "monthly.retried": "重试生成月报",
                "monthly.downloaded": "下载月报",
                "monthly.exported": "导出月报",
            }
        )
