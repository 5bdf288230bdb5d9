from datetime import date

from django.db import models
from django.db.models import Q


class CountyQuerySet(models.QuerySet):
    def current(self, on: date):
        """Counties that exist on `on`."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        return self.filter(started, Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def matching(self, words: str):
        """Counties whose name or pinyin begins with or contains `words`."""
        words = words.strip()
        if not words:
            return self
        spelled = Q(pinyin__startswith=words.lower()) | Q(initials__startswith=words.lower())
        return self.filter(Q(name__icontains=words) | spelled)

    def for_table(self):
        return self.select_related("prefecture")
