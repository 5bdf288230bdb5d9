from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.choices import EXCLUSIVE_ROLES


def valid_on(on: date, prefix: str = "") -> Q:
    """Rows with `valid_from` ≤ `on` and no earlier end: both bounds are included. `prefix` reaches them over a join."""
    not_ended = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & not_ended


def not_over(on: date) -> Q:
    """Rows in force on `on` or later: the present ones and those already arranged."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=on)


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def named(self, username: str):
        """The user of that name, however it is spelled: names are unique ignoring case."""
        return self.filter(username__iexact=username.strip())

    def matching(self, words: str):
        """Users whose name, user name or telephone contains `words`."""
        words = words.strip()
        found = Q(name__icontains=words) | Q(username__icontains=words) | Q(phone__contains=words)
        return self.filter(found) if words else self

    def posted_in(self, department, *, on: date):
        """Users with a post in the department on that day."""
        return self.filter(Q(posts__department=department) & valid_on(on, "posts__")).distinct()

    def holding(self, role: str, *, on: date):
        """Users with that granted role on that day."""
        return self.filter(Q(grants__role=role) & valid_on(on, "grants__")).distinct()

    def posted(self, *, on: date):
        """Users with any post on that day: the liaisons."""
        return self.filter(Q(posts__isnull=False) & valid_on(on, "posts__")).distinct()

    def free_for_posts(self, *, on: date):
        """Active users whom separation of powers allows a post: no system, security or audit administrators."""
        kept_apart = (
            apps.get_model("accounts.Grant")
            ._default_manager.filter(not_over(on), role__in=EXCLUSIVE_ROLES)
            .values("user")
        )
        return self.active().exclude(pk__in=kept_apart)

    def with_rights(self):
        """Users with the rows their rights follow from, so that `may()` asks the database nothing more."""
        posts = apps.get_model("accounts.Post")._default_manager.select_related("department", "county")
        return self.prefetch_related("grants", models.Prefetch("posts", posts))


class GrantQuerySet(models.QuerySet):
    def current(self, on: date):
        return self.filter(valid_on(on))

    def not_over(self, on: date):
        return self.filter(not_over(on))

    def for_table(self):
        return self.select_related("user")


class PostQuerySet(models.QuerySet):
    def current(self, on: date):
        return self.filter(valid_on(on))

    def not_over(self, on: date):
        return self.filter(not_over(on))

    def primary(self):
        return self.filter(kind="primary")

    def for_table(self):
        return self.select_related("user", "department", "county")


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody reads the own ones; who answers them reads all."""
        return self if user.may("suggestion.answer") else self.filter(author=user)

    def for_table(self):
        return self.select_related("author", "answered_by")
