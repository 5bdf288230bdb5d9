from django.db import models


class CalendarYear(models.Model):
    """A year whose holidays the State Council has announced. Without a row it is unknown, not free of holidays."""

    year = models.PositiveSmallIntegerField("年度", primary_key=True)
    source = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "年度节假日安排"

    def __str__(self) -> str:
        return f"{self.year}年节假日安排"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a weekday off, or a weekend day worked. Other days have no row."""

    date = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    note = models.CharField("说明", max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"

    def __str__(self) -> str:
        return f"{self.date} {'上班' if self.is_working else '放假'}"
