from functools import cached_property
from typing import Any

from django.db import models

from audit import chain
from audit.choices import Result
from audit.labels import field_words, label_of, object_words
from audit.querysets import AuditEventQuerySet


class AuditEvent(models.Model):
    """One thing somebody did, tried or read. `payload` is what was signed; the other columns repeat it for filters."""

    # Columns that repeat the signed text. Verifying compares each with it: an edited column is an edited row.
    SIGNED = (
        "sequence", "at", "actor_id", "actor_name", "ip", "request_id", "action",
        "object_type", "object_id", "object_label", "result", "key_id", "prev_hash",
    )  # fmt: skip

    # Counted by AuditHead, not by the database: a rolled-back change leaves no gap, so every gap is a deletion.
    sequence = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    actor_id = models.CharField("用户编号", max_length=64, blank=True)
    actor_name = models.CharField("用户", max_length=150)
    ip = models.CharField("地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=32, blank=True)
    action = models.CharField("操作", max_length=80)
    object_type = models.CharField("对象类型", max_length=100, blank=True)
    object_id = models.CharField("对象编号", max_length=64, blank=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    result = models.CharField("结果", max_length=10, choices=Result)
    payload = models.TextField("签名原文")
    key_id = models.CharField("密钥编号", max_length=16)
    prev_hash = models.CharField("前一条摘要", max_length=64, unique=True)
    hash = models.CharField("摘要", max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        indexes = [
            models.Index(fields=["object_type", "object_id", "sequence"], name="audit_of_object"),
            models.Index(fields=["action", "sequence"], name="audit_of_action"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.actor_name} {self.action_label}"

    @property
    def action_label(self) -> str:
        return label_of(self.action)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The signed text, read."""
        return chain.read(self.payload)

    @property
    def before(self) -> Any:
        return self.content["before"]

    @property
    def after(self) -> Any:
        return self.content["after"]

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(name, before, after) of what differs, in office words where the model has them; "—" where unstated."""
        before, after = _by_name(self.before), _by_name(self.after)
        unstated = object()
        pairs = {name: (before.get(name, unstated), after.get(name, unstated)) for name in {**before, **after}}
        return [self._worded(name, old, new, unstated) for name, (old, new) in pairs.items() if old != new]

    def _worded(self, name: str, old: Any, new: Any, unstated: object) -> tuple[str, Any, Any]:
        words = name
        shown = []
        for value in (old, new):
            words, worded = field_words(self.object_type, name, value)
            shown.append("—" if value is unstated or worded in (None, "") else worded)
        return words, shown[0], shown[1]

    @property
    def object_kind(self) -> str:
        return object_words(self.object_type)

    @property
    def rows(self) -> Any:
        """What a bulk verb touched, as the caller listed it; None for a single change."""
        return self.content["rows"]

    @property
    def detail(self) -> str:
        return self.content["detail"]


def _by_name(side: Any) -> dict[str, Any]:
    if side is None:
        return {}
    return side if isinstance(side, dict) else {"内容": side}


class AuditHead(models.Model):
    """The end of the chain, one row. Locking it is what puts the links in line on PostgreSQL."""

    sequence = models.BigIntegerField("序号", default=0)
    hash = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计链尾"

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"
