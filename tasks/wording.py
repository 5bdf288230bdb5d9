"""Days and moments as the office writes them, in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime

from calendars import clock

WEEKDAYS = "一二三四五六日"


def weekday(day: date) -> str:
    """周五"""
    return f"周{WEEKDAYS[day.weekday()]}"


def day_words(day: date) -> str:
    """10月25日（周五）; a day of another year than the present one with its year, 2025年1月10日（周五）."""
    year = f"{day.year}年" if day.year != clock.today().year else ""
    return f"{year}{day.month}月{day.day}日（{weekday(day)}）"


def moment_words(instant: datetime) -> str:
    """10月25日（周五）18:00, with the year when it is another one."""
    local = clock.local(instant)
    return f"{day_words(local.date())}{local:%H:%M}"


def short_moment(instant: datetime) -> str:
    """10-25 18:00; of another year 2025-01-10 18:00."""
    local = clock.local(instant)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d %H:%M}"


def near_moment(instant: datetime, *, today: date) -> str:
    """今天 08:50, 昨天 17:40, else 10-21 17:40."""
    local = clock.local(instant)
    ago = (today - local.date()).days
    if ago in (0, 1):
        return f"{('今天', '昨天')[ago]} {local:%H:%M}"
    return short_moment(instant)


def time_left(due_at: datetime, *, now: datetime) -> str:
    """How a due time stands to the present: by the day, because a filing on the due date is punctual until midnight."""
    days = (clock.local_date(due_at) - clock.local_date(now)).days
    if days > 0:
        return f"还剩 {days} 天"
    if days < 0:
        return f"已截止 {-days} 天，可补报"
    return "今天截止" if now <= due_at else "已过截止时间，今天24:00前提交仍算按时"
