from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from background.choices import REPUBLISH_AFTER, JobState

if TYPE_CHECKING:
    from background.models import Job  # noqa: F401


class JobQuerySet(QuerySet["Job"]):
    """Moments are compared with the database's clock: the machines of several workers need not agree."""

    def visible_to(self, user: Any) -> Self:
        """Jobs `user` asked for himself, and all for whoever runs the system."""
        if user.may("operations.view"):
            return self
        return self.filter(requester_id=user.pk)

    def due(self) -> Self:
        """Queued, and its pause after a failed attempt is over."""
        return self.filter(state=JobState.QUEUED, next_attempt_at__lte=Now())

    def unannounced(self) -> Self:
        """Due without a message on its way, or with one that must have been lost."""
        return self.due().filter(Q(published_at=None) | Q(published_at__lt=Now() - REPUBLISH_AFTER))

    def abandoned(self) -> Self:
        """Said to be running, but the worker has not renewed its lease."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=Now())

    def held_by(self, holder: str) -> Self:
        """Still leased to this one claim. The lease may have run out: as long as nobody took over, the work counts."""
        return self.filter(state=JobState.RUNNING, leased_by=holder)

    def oldest_first(self) -> Self:
        return self.order_by(F("next_attempt_at"), "pk")
