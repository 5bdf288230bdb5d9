"""Mails that could not be sent, for whoever runs the system: to whom, what kind and why, never what they say."""

from background.operations import Parked, Queue
from reminders import services
from reminders.models import Notice


def parked_mails(limit: int) -> list[Parked]:
    notices = Notice.objects.mails().parked().latest_first().for_table()[:limit]
    return [
        Parked(notice.pk, str(notice.user), notice.kind_word, notice.attempts, notice.error, notice.written_at)
        for notice in notices
    ]


def retry(pk: int, by) -> None:
    """Raises Notice.DoesNotExist, NotAllowed, NotRetryable."""
    services.retry_mail(Notice.objects.mails().get(pk=pk), by=by)


MAILS = Queue("mails", "邮件", parked_mails, retry)
