"""Forgets what nobody can use any more."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from knox.models import AuthToken

from api.models import IdempotencyKey
from background.registry import tick

KEPT = timedelta(hours=24)
BATCH = 1000  # rows a statement, so that no writer waits long


@tick("api.sweep", label="清理过期的接口令牌和请求标识", every=timedelta(hours=1))
def sweep() -> int:
    """Delete request keys older than a day and tokens past their end; returns how many."""
    now = timezone.now()
    old_keys = IdempotencyKey.objects.older_than(now - KEPT).order_by("pk").values_list("pk", flat=True)[:BATCH]
    old_tokens = AuthToken.objects.filter(expiry__lt=now).order_by("pk").values_list("pk", flat=True)[:BATCH]
    keys, _ = IdempotencyKey.objects.filter(pk__in=list(old_keys)).delete()
    tokens, _ = AuthToken.objects.filter(pk__in=list(old_tokens)).delete()
    return keys + tokens
