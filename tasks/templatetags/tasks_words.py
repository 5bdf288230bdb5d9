from datetime import date, datetime

from django import template

from calendars import clock
from tasks import wording

register = template.Library()


@register.filter
def day_words(day: date | None) -> str:
    return wording.day_words(day) if day else ""


@register.filter
def moment_words(instant: datetime | None) -> str:
    return wording.moment_words(instant) if instant else ""


@register.filter
def short_moment(instant: datetime | None) -> str:
    return wording.short_moment(instant) if instant else ""


@register.filter
def time_left(instant: datetime | None) -> str:
    """还剩 2 天, counted from now."""
    return wording.time_left(instant, now=clock.now()) if instant else ""
