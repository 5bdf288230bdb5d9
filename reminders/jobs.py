"""The ticks of the outbox: what ought to be told and has no row yet; mails that wait to leave."""

from datetime import timedelta

from background.registry import tick
from reminders import services


@tick("reminders.write", label="生成提醒", every=timedelta(seconds=20))
def write() -> int:
    return services.write_due()


@tick("reminders.mail", label="发送邮件", every=timedelta(seconds=5))
def mail() -> int:
    return services.relay_mail()
