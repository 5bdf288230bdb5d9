from django.db import models

SIGNER_LENGTH, REASON_LENGTH = 40, 300  # characters


class ReportKind(models.TextChoices):
    PREVIEW = "preview", "预览"
    DRAFT = "draft", "送审稿"
    ISSUED = "issued", "定稿"


class RenderState(models.TextChoices):
    RENDERING = "rendering", "正在生成"
    READY = "ready", "已生成"
    FAILED = "failed", "生成失败"


class FileFormat(models.TextChoices):
    XLSX = "xlsx", "Excel"


CONTENT_TYPES: dict[str, str] = {FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
