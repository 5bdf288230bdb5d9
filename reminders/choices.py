from datetime import timedelta

from django.db import models


class Channel(models.TextChoices):
    INBOX = "inbox", "站内"
    EMAIL = "email", "邮件"


class NoticeKind(models.TextChoices):
    DIGEST = "digest", "每日提醒"
    RETURN = "return", "退回通知"
    REOPENED = "reopened", "修订通知"
    CHASE = "chase", "催办"
    CORRECTION = "correction", "更正"


class NoticeState(models.TextChoices):
    """An inbox notice is delivered as soon as it is written; a mail waits for the relay."""

    QUEUED = "queued", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    PARKED = "parked", "发送失败"
    WITHDRAWN = "withdrawn", "已取消"


EVENT_WORKING_DAYS = 3  # an event older than this is no news any more
TRIES = 8  # of one mail before it is parked
LEASE = timedelta(seconds=45)  # longer than one SMTP call may take
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60))
