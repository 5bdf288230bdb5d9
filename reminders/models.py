from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from calendars import clock
from departments.models import Department
from reminders.choices import Channel, NoticeKind, NoticeState
from reminders.querysets import NoticeQuerySet
from tasks.models import ReportEvent


class Notice(models.Model):
    """通知: one message to one person over one channel, written once.

    `key` and `channel` are unique together and are the claim: `digest:<user>:<date>`, `event:<event>:<user>` or
    `chase:<batch>:<user>`. `content` is the frozen message as plain data (see `reminders.wording`), laid out when it is
    shown or sent; `report_ids` are the reports it speaks of.
    """

    key = models.CharField("键", max_length=120)
    channel = models.CharField("方式", max_length=10, choices=Channel)
    kind = models.CharField("种类", max_length=12, choices=NoticeKind)
    user = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name="收件人")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    event = models.ForeignKey(ReportEvent, models.CASCADE, null=True, blank=True, related_name="notices")
    batch = models.UUIDField(null=True, blank=True)
    subject = models.CharField("标题", max_length=120)
    content = models.JSONField("内容", default=dict)
    report_ids = models.JSONField("所涉报送", default=list)
    day = models.DateField("日期", help_text="按业务时钟，北京时间")
    written_at = models.DateTimeField("时间", default=clock.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    state = models.CharField("状态", max_length=10, choices=NoticeState, default=NoticeState.QUEUED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    leased_by = models.CharField("执行者", max_length=120, blank=True)
    lease_until = models.DateTimeField("租期至", null=True, blank=True)
    next_try_at = models.DateTimeField("不早于", db_default=Now())
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    error = models.CharField("原因", max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("key", "channel"), name="notice_once_per_key_and_channel"),
            models.CheckConstraint(
                condition=~Q(channel=Channel.INBOX) | Q(state=NoticeState.SENT), name="inbox_notice_is_delivered"
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.SENDING) | (Q(lease_until__isnull=False) & ~Q(leased_by="")),
                name="notice_being_sent_has_lease",
            ),
        )
        indexes = (
            models.Index(fields=("user", "-id"), name="notice_of_user", condition=Q(channel=Channel.INBOX)),
            models.Index(fields=("user",), name="notice_unread", condition=Q(channel=Channel.INBOX, read_at=None)),
            models.Index(fields=("user", "kind", "day"), name="notice_digest_of_day"),
            models.Index(fields=("next_try_at",), name="notice_queued", condition=Q(state=NoticeState.QUEUED)),
            models.Index(fields=("lease_until",), name="notice_sending", condition=Q(state=NoticeState.SENDING)),
            models.Index(fields=("batch",), name="notice_of_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=("-id",), name="notice_parked", condition=Q(state=NoticeState.PARKED)),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def kind_word(self) -> str:
        return NoticeKind(self.kind).label
