from datetime import datetime

from django.db import models


class IdempotencyKeyQuerySet(models.QuerySet):
    def older_than(self, moment: datetime):
        return self.filter(created_at__lt=moment)
