import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from calendars.models import CalendarDay, CalendarYear

PERMISSION = "plan.settings"


def fixture_path() -> Path:
    return Path(settings.BASE_DIR) / "fixtures" / "calendar_days.json"


def load_fixture() -> list[int]:
    """Enter the years of the shipped calendar that are still unknown, and return them.

    A year that is there stays as it is, so repeating this never undoes what the office has corrected.
    """
    shipped = json.loads(fixture_path().read_text(encoding="utf-8"))
    days = [CalendarDay(**{**day, "date": date.fromisoformat(day["date"])}) for day in shipped["days"]]
    loaded = []
    for year in shipped["years"]:
        if _load_year(year, [day for day in days if day.date.year == year["year"]]):
            loaded.append(year["year"])
    return loaded


@transaction.atomic
def _load_year(shipped: dict[str, Any], days: list[CalendarDay]) -> bool:
    year, created = CalendarYear.objects.get_or_create(year=shipped["year"], defaults={"source": shipped["source"]})
    if created:
        # A day the office entered before the year was announced stands.
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        audit.record("calendar.loaded", year, by=None, after={"source": year.source, "days": len(days)})
    return created


@transaction.atomic
def set_day(day: date, is_working: bool, note: str = "", *, by: Any) -> None:
    """Say whether `day` is worked. Saying what the plain week says anyway removes the exception.

    Raises PermissionDenied when `by` may not change business settings.
    """
    _require(by)
    row = CalendarDay.objects.select_for_update().filter(pk=day).first()
    before = _stated(row)
    if is_working == (day.weekday() < 5):
        CalendarDay.objects.filter(pk=day).delete()
        row = None
    else:
        row, _ = CalendarDay.objects.update_or_create(pk=day, defaults={"is_working": is_working, "note": note})
    after = _stated(row)
    if before != after:
        subject = row or CalendarDay(date=day, is_working=is_working)
        audit.record("calendar.day_set", subject, by=by, before=before, after=after)


@transaction.atomic
def publish_year(year: int, source: str, *, by: Any) -> CalendarYear:
    """Say that `year`'s holidays are announced in `source`, and that the days entered for it are complete.

    Raises PermissionDenied when `by` may not change business settings.
    """
    _require(by)
    row, created = CalendarYear.objects.get_or_create(year=year, defaults={"source": source})
    before = None if created else {"source": row.source}
    if not created and row.source != source:
        row.source = source
        row.save(update_fields=["source"])
    if before != {"source": source}:
        audit.record("calendar.year_published", row, by=by, before=before, after={"source": source})
    return row


def _stated(row: CalendarDay | None) -> dict[str, Any] | None:
    return {"is_working": row.is_working, "note": row.note} if row else None


def _require(by: Any) -> None:
    if not by.may(PERMISSION):
        raise PermissionDenied(PERMISSION)
