from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from background import registry
from background.choices import FINISHED, JobState
from background.querysets import JobQuerySet


class Job(models.Model):
    """One piece of long or scheduled work as a row people can open."""

    kind = models.CharField("种类", max_length=80)
    # At most one job per key for ever: a doubled click or a second tick finds the first one's row.
    key = models.CharField("幂等键", max_length=200, null=True, blank=True, unique=True)
    payload = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField("进度", default=0)
    step = models.CharField("步骤", max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    leased_by = models.CharField("执行者", max_length=120, blank=True)
    lease_until = models.DateTimeField("租期至", null=True, blank=True)
    next_attempt_at = models.DateTimeField("不早于", db_default=Now())
    published_at = models.DateTimeField("已通知", null=True, blank=True)
    error = models.CharField("原因", max_length=300, blank=True)
    result = models.JSONField("结果", default=dict)
    requester_id = models.BigIntegerField("提交人编号", null=True, blank=True)
    requester_name = models.CharField("提交人", max_length=150, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台作业"
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="job_queued", condition=Q(state=JobState.QUEUED)),
            models.Index(fields=["lease_until"], name="job_running", condition=Q(state=JobState.RUNNING)),
            models.Index(fields=["requester_id", "-id"], name="job_of_requester"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_percent"),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | (Q(lease_until__isnull=False) & ~Q(leased_by="")),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | (~Q(state__in=FINISHED) & Q(finished_at__isnull=True)),
                name="job_finished_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"

    @property
    def label(self) -> str:
        """Office words for the kind; the bare name when the kind no longer exists."""
        kind = registry.jobs().get(self.kind)
        return kind.label if kind else self.kind

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def is_done(self) -> bool:
        return self.state == JobState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == JobState.FAILED

    def requester(self) -> Any:
        """The account that asked, when it still exists and may still sign in; else None. Read anew at every call."""
        if self.requester_id is None:
            return None
        return get_user_model()._default_manager.filter(pk=self.requester_id, is_active=True).first()


class Heartbeat(models.Model):
    """When a part of the machinery last did its work, and what went wrong if it did not."""

    name = models.CharField("部件", max_length=80, primary_key=True)
    at = models.DateTimeField("时间")
    ok = models.BooleanField("正常", default=True)
    detail = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.name
