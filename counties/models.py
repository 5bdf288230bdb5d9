from django.db import models

from counties.choices import CountyKind
from counties.querysets import CountyQuerySet


class Prefecture(models.Model):
    """A prefecture-level city (GB/T 2260 code)."""

    code = models.CharField("代码", max_length=6, unique=True)
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "市"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class County(models.Model):
    """A county-level place (GB/T 2260 code). `tile_*` is its cell in the map of equal tiles, from the north-west."""

    code = models.CharField("代码", max_length=6)
    name = models.CharField("名称", max_length=40)
    prefecture = models.ForeignKey(Prefecture, models.PROTECT, related_name="counties", verbose_name="所属市")
    kind = models.CharField("类别", max_length=10, choices=CountyKind)
    position = models.PositiveIntegerField("排序", default=0, help_text="文件名单中的顺序")
    pinyin = models.CharField(max_length=120, blank=True, editable=False)
    initials = models.CharField(max_length=30, blank=True, editable=False)
    tile_column = models.PositiveSmallIntegerField("网格列", null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField("网格行", null=True, blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "县（市、区）"
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("code",), condition=models.Q(valid_to=None), name="county_code_in_use"),
            models.UniqueConstraint(
                fields=("tile_column", "tile_row"), condition=models.Q(valid_to=None), name="county_tile_unique"
            ),
        )

    def __str__(self) -> str:
        return self.name
