from datetime import date

from django.db import models
from django.db.models import Q


def valid_on(on: date) -> Q:
    """Rows with `valid_from` ≤ `on` and no earlier end: both bounds are included."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def named(self, username: str):
        """The user of that name, however it is spelled: names are unique ignoring case."""
        return self.filter(username__iexact=username.strip())

    def with_rights(self):
        """Users with the rows their rights follow from, so that `may()` asks the database nothing more."""
        posts = self.model._meta.get_field("posts").related_model.objects.select_related("department", "county")
        return self.prefetch_related("grants", models.Prefetch("posts", posts))


class GrantQuerySet(models.QuerySet):
    def current(self, on: date):
        return self.filter(valid_on(on))


class PostQuerySet(models.QuerySet):
    def current(self, on: date):
        return self.filter(valid_on(on))

    def primary(self):
        return self.filter(kind="primary")

    def for_table(self):
        return self.select_related("user", "department", "county")


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody reads the own ones; who answers them reads all."""
        return self if user.may("suggestion.answer") else self.filter(author=user)

    def for_table(self):
        return self.select_related("author")
