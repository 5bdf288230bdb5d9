from django.db import models

from reports.choices import RenderState, ReportKind


class MonthlyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everything for the office; what is issued for who reads monthly reports; nothing for others."""
        if user.may("monthly.read_drafts"):
            return self
        return self.issued() if user.may("monthly.read") else self.none()

    def issued(self):
        return self.filter(kind=ReportKind.ISSUED)

    def drafts(self):
        return self.filter(kind=ReportKind.DRAFT)

    def ready(self):
        return self.filter(state=RenderState.READY)

    def newest_first(self):
        return self.order_by("-pk")

    def for_table(self):
        """Without the snapshot and the files' bytes, which a list does not show."""
        from reports.models import IssuedFile  # the model module imports this one

        files = models.Prefetch("files", queryset=IssuedFile.objects.defer("content"))
        return self.defer("snapshot").select_related("created_by", "period").prefetch_related(files)
