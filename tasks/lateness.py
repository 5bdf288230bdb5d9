"""Lateness, defined once: a Python rule and the same rule as a queryset expression.

补报 begins when the local date (Asia/Shanghai) of the counted submission is after the local date of `due_at`; days late
are calendar days. 18:00 drives wording and reminders only. A backfill period (补录) knows no lateness.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Case, DurationField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone

from calendars import clock


def days_late(due_at: datetime, filed_at: datetime | None, *, is_backfill: bool = False) -> int:
    """Calendar days from the due date to the filing date; 0 when punctual, not filed, or in a backfill period."""
    if filed_at is None or is_backfill:
        return 0
    return max((clock.local_date(filed_at) - clock.local_date(due_at)).days, 0)


def days_overdue(due_at: datetime, *, on: date, is_backfill: bool = False) -> int:
    """Calendar days by which a report that is still owed has passed its due date on `on`."""
    return 0 if is_backfill else max((on - clock.local_date(due_at)).days, 0)


def _local_date(field: str) -> TruncDate:
    return TruncDate(field, tzinfo=get_default_timezone())


def is_late() -> Q:
    """Condition on ProgressReport rows annotated by `with_lateness`."""
    return Q(late_by__gt=Value(timedelta(), output_field=DurationField()))


def with_lateness(reports):
    """Annotate `late_by`: a duration of whole days, zero when punctual, not filed, or in a backfill period."""
    zero = Value(timedelta(), output_field=DurationField())
    filed, due = _local_date("first_submitted_at"), _local_date("due_at")
    gap = ExpressionWrapper(filed - due, output_field=DurationField())
    return reports.annotate(filed_on=filed, due_on=due).annotate(
        late_by=Case(
            When(Q(period__is_backfill=True) | Q(first_submitted_at__isnull=True), then=zero),
            When(filed_on__gt=F("due_on"), then=gap),
            default=zero,
            output_field=DurationField(),
        )
    )
