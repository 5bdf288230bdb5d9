from django.db import models
from django.db.models import Sum


class StoredFileQuerySet(models.QuerySet):
    def counted_to(self, quota_key: str) -> "StoredFileQuerySet":
        return self.filter(quota_key=quota_key)

    def bytes_stored(self) -> int:
        return self.aggregate(total=Sum("size"))["total"] or 0
