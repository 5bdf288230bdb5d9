"""Imports are the office's work: who may import sees all of them, others see nothing."""

from django.db import models
from django.db.models import Count, Prefetch, Q

from imports.choices import UNDECIDED, ImportState, ItemState


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.may("plan.import") else self.none()


class DocumentImportQuerySet(OfficeQuerySet):
    def editable_by(self, user):
        """Imports that `user` may work on now."""
        return self.visible_to(user).filter(state=ImportState.REVIEW)

    def twins_of(self, document):
        """Other imports of the very same bytes, latest first."""
        return self.filter(source__sha256=document.source.sha256).exclude(pk=document.pk).order_by("-pk")

    def with_counts(self):
        """Each with `items_count`, `undecided_count` and `agreed_count`; items that are not imported do not count."""
        kept = ~Q(items__state=ItemState.EXCLUDED) & Q(items__isnull=False)
        return self.annotate(
            items_count=Count("items", filter=kept),
            undecided_count=Count("items", filter=Q(items__state__in=UNDECIDED)),
            agreed_count=Count("items", filter=Q(items__state=ItemState.AGREED)),
        )

    def for_table(self):
        """Without the source's bytes and text, which a list does not show."""
        return self.select_related("source", "plan", "made_plan", "created_by", "published_by").defer(
            "source__content", "source__text"
        )

    def for_review(self):
        """With the source's text and every piece of the draft: the same queries however long the document is."""
        from imports.models import ImportItem  # the model module imports this one

        items = ImportItem.objects.for_review()
        return (
            self.select_related("source", "plan", "created_by")
            .defer("source__content")
            .prefetch_related(
                "sections",
                "counties_found__county",
                Prefetch("items", items),
                "doubts",
                "proposals",
                "removals__item__revision",
            )
        )


class ImportItemQuerySet(OfficeQuerySet):
    def kept(self):
        return self.exclude(state=ItemState.EXCLUDED)

    def undecided(self):
        return self.filter(state__in=UNDECIDED)

    def agreed(self):
        return self.filter(state=ItemState.AGREED)

    def for_review(self):
        return self.select_related("section", "matched__revision", "coordinator").prefetch_related(
            "units__department", "doubts__unit", "proposals", "counties"
        )


class ImportStepQuerySet(OfficeQuerySet):
    def standing(self):
        """Steps not taken back, the latest first."""
        return self.filter(undone_at=None).order_by("-number")
