from django.db import models


class SourceDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everything for who imports; for who reads plans, the documents that published items quote."""
        if user.may("plan.import"):
            return self
        if not user.may("plan.read"):
            return self.none()
        from tasks.models import WorkItemRevision  # the model module imports this one

        quoted = WorkItemRevision.objects.exclude(source=None).exclude(item__plan__state="draft").values("source")
        return self.filter(pk__in=quoted)

    def for_table(self):
        """Without the bytes and the text, which a list does not show."""
        return self.defer("content", "text").select_related("created_by")


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the plan: drafts only for who manages plans."""
        if user.may("plan.manage"):
            return self
        return self.exclude(plan__state="draft") if user.may("plan.read") else self.none()

    def for_table(self):
        return self.select_related("item", "accepted_by")
