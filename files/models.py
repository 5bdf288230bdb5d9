import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from files.choices import Sensitivity
from files.querysets import StoredFileQuerySet


class StoredFile(models.Model):
    """A file somebody sent in. Its bytes lie under `path`, never changed; the name there is ours, not the sender's."""

    id = models.UUIDField("编号", primary_key=True, default=uuid.uuid4, editable=False)
    original_name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    content_type = models.CharField("类型", max_length=100)  # by content, never as the browser claimed
    sensitivity = models.CharField("敏感程度", max_length=10, choices=Sensitivity, default=Sensitivity.ORDINARY)
    quota_key = models.CharField("计入", max_length=64)
    stored_at = models.DateTimeField("上传时间")
    uploaded_by_id = models.CharField("上传人编号", max_length=64, blank=True)
    uploaded_by_name = models.CharField("上传人", max_length=150)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(fields=["quota_key"], name="files_of_quota")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def path(self) -> Path:
        return path_of(self.id)


def files_root() -> Path:
    """Where files lie: `FILES_ROOT`, or `files` in the data folder. Outside everything the web server serves."""
    return Path(getattr(settings, "FILES_ROOT", "") or Path(settings.DATA_DIR) / "files")


def path_of(name: uuid.UUID) -> Path:
    # 256 folders keep each one small.
    return files_root() / name.hex[:2] / name.hex
