from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reminders.choices import Channel, NoticeKind, NoticeState


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A message is read by whom it addresses, and by nobody else."""
        return self.filter(user=user, channel=Channel.INBOX)

    def unread(self):
        return self.filter(read_at=None)

    def digests(self):
        return self.filter(kind=NoticeKind.DIGEST)

    def mails(self):
        return self.filter(channel=Channel.EMAIL)

    def due(self):
        """Mails the relay may take: queued and not before their time, or left behind by a relay that died."""
        queued = Q(state=NoticeState.QUEUED, next_try_at__lte=Now())
        abandoned = Q(state=NoticeState.SENDING, lease_until__lt=Now())
        return self.filter(queued | abandoned)

    def parked(self):
        return self.filter(state=NoticeState.PARKED)

    def held_by(self, holder: str):
        return self.filter(state=NoticeState.SENDING, leased_by=holder)

    def latest_first(self):
        return self.order_by("-pk")

    def for_table(self):
        return self.select_related("user", "department")
