from django.db import models
from django.utils import timezone

from accounts.models import User
from api.querysets import IdempotencyKeyQuerySet


class IdempotencyKey(models.Model):
    """A request that took effect, and the reply it got: the same key again gets the same reply.

    Written in the transaction of the change itself, so there is never a key without its change or the other way round;
    a refused request leaves none. Real time, because keys are kept for a day whatever the business clock says.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    reply = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接口请求标识"
        constraints = (models.UniqueConstraint(fields=("user", "key", "path"), name="idempotency_key_once"),)

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
