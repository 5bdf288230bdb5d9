"""The header `Idempotency-Key`: a request sent twice takes effect once and gets the same reply twice.

Key, change and reply are one transaction. A second request with the same key waits at the unique index for the first
(on SQLite at the write lock) and then finds its reply; who waits too long is told that it is still in progress.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.db import IntegrityError, OperationalError, transaction
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from api.errors import InProgress, KeyReused
from api.models import IdempotencyKey

HEADER = "Idempotency-Key"
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL; on SQLite whoever waits too long gets no transaction at all


def once(request: Request, act: Callable[[], dict]) -> dict:
    """The reply of `act`, or the one it gave when this user sent the same key to the same address before.

    Raises ValidationError (key not 1 to 100 printable ASCII characters), KeyReused (other content), InProgress.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return _plain(act())
    if not (0 < len(key) <= 100 and key.isascii() and key.isprintable()):
        raise ValidationError({HEADER: ["须为 1 到 100 个可见的 ASCII 字符。"]})
    with transaction.atomic():
        row, is_new = _claim(request, key)
        if is_new:
            row.reply = _plain(act())
            row.save(update_fields=["reply"])
        return row.reply


def _claim(request: Request, key: str) -> tuple[IdempotencyKey, bool]:
    digest = hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
    mine = {"user": request.user, "key": key, "path": f"{request.method} {request.path}"[:200]}
    row = IdempotencyKey.objects.filter(**mine).first()
    if row is None:
        try:
            with transaction.atomic():
                return IdempotencyKey.objects.create(**mine, body_digest=digest), True
        except IntegrityError:  # the same request was faster, and is done
            row = IdempotencyKey.objects.get(**mine)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:  # the same request still runs
                raise InProgress from error
            raise
    if row.body_digest != digest:
        raise KeyReused
    return row, False


def _plain(reply: dict) -> dict:
    """The reply as it will be read: so the first one and a repeated one are the same."""
    return json.loads(JSONRenderer().render(reply))
