from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


class AuditEventQuerySet(models.QuerySet):
    def of(self, obj: models.Model) -> "AuditEventQuerySet":
        """The trail of one row, oldest first."""
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("sequence")

    def for_table(self) -> "AuditEventQuerySet":
        """Newest first, in the order in which the rows were signed."""
        return self.order_by("-sequence")

    def before(self, sequence: int) -> "AuditEventQuerySet":
        """Rows older than `sequence`: the next page of a newest-first list."""
        return self.filter(sequence__lt=sequence)

    def by_actor(self, words: str) -> "AuditEventQuerySet":
        """Rows whose actor's name contains `words`."""
        return self.filter(actor_name__icontains=words)

    def with_action(self, action: str) -> "AuditEventQuerySet":
        """One action ("report.submitted"), or all of a room's when `action` ends in a dot ("report.")."""
        return self.filter(action__startswith=action) if action.endswith(".") else self.filter(action=action)

    def with_result(self, result: str) -> "AuditEventQuerySet":
        return self.filter(result=result)

    def about(self, words: str) -> "AuditEventQuerySet":
        """Rows whose object has these words in its name, or exactly this id, or this request number."""
        return self.filter(Q(object_label__icontains=words) | Q(object_id=words) | Q(request_id=words))

    def on_days(self, first: date | None, last: date | None) -> "AuditEventQuerySet":
        """Rows of the local days `first` to `last`, both included; None leaves that end open."""
        rows = self
        if first:
            rows = rows.filter(at__gte=_midnight(first))
        if last:
            rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
        return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=OFFICE_ZONE)
