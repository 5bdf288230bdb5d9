from django.db import models

from departments.choices import AliasKind, Category, Level
from departments.querysets import DepartmentQuerySet


class Department(models.Model):
    """A body that answers for work items. `name` is the short name as the plan writes it."""

    name = models.CharField("简称", max_length=60)
    full_name = models.CharField("全称", max_length=120)
    level = models.CharField("层级", max_length=20, choices=Level)
    category = models.CharField("类别", max_length=20, choices=Category)
    protocol_order = models.PositiveIntegerField(
        "排序", default=0, help_text="按惯例排序（党委、政府、群团、中央驻皖）"
    )
    pinyin = models.CharField(max_length=200, blank=True, editable=False)
    initials = models.CharField(max_length=60, blank=True, editable=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="承接单位"
    )
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ("protocol_order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("name",), condition=models.Q(valid_to=None), name="department_name_in_use"),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="department_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("id")), name="department_not_its_own_successor"
            ),
        )

    def __str__(self) -> str:
        return self.name


class DepartmentAlias(models.Model):
    """Another name under which documents or people know a department."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="aliases")
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=10, choices=AliasKind, default=AliasKind.ALIAS)

    class Meta:
        verbose_name = verbose_name_plural = "单位别名"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("name",), name="alias_names_one_department"),)

    def __str__(self) -> str:
        return self.name
