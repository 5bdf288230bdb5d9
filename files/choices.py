from django.db import models


class Sensitivity(models.TextChoices):
    ORDINARY = "ordinary", "一般"
    INTERNAL = "internal", "内部"
    PERSONAL = "personal", "含个人信息"
