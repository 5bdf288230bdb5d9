from django.db import models


class CountyKind(models.TextChoices):
    COUNTY = "county", "县"
    DISTRICT = "district", "市辖区"
    CITY = "city", "县级市"
