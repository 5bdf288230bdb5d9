from datetime import date

from django.db import models
from django.db.models import Q


class DepartmentQuerySet(models.QuerySet):
    def current(self, on: date):
        """Departments that exist on `on` (a merged one ends the day its successor begins)."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        return self.filter(started, Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def matching(self, words: str):
        """Departments whose short, full, other or former name, or pinyin, contains `words`."""
        words = words.strip()
        if not words:
            return self
        named = Q(name__icontains=words) | Q(full_name__icontains=words) | Q(aliases__name__icontains=words)
        spelled = Q(pinyin__contains=words.lower()) | Q(initials__contains=words.lower())
        return self.filter(named | spelled).distinct()

    def in_protocol_order(self):
        return self.order_by("protocol_order", "pk")

    def for_table(self):
        return self.prefetch_related("aliases")
