"""How a row is written down and signed: the one place that recording and verifying share."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

GENESIS = "0" * 64


def canonical(content: Mapping[str, Any]) -> str:
    """The exact text that is signed: sorted keys, no spaces, Chinese left readable.

    Raises TypeError for a value that has no plain written form, ValueError for NaN.
    """
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False
    )
    # Half a surrogate pair cannot be stored; written as \udXXX it is valid JSON for the same text.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def read(payload: str) -> dict[str, Any]:
    return json.loads(payload)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in an audit row")


def sign(payload: str, key: bytes) -> str:
    """HMAC-SHA256 as 64 hex digits."""
    return hmac.digest(key, payload.encode("utf-8"), "sha256").hex()


def current_key() -> tuple[str, bytes]:
    """(key id, key) with which new rows are signed."""
    key = _bytes(getattr(settings, "AUDIT_KEY", b""))
    return key_id(key), key


def known_keys() -> dict[str, bytes]:
    """Every key that may have signed a row: the present one and `AUDIT_RETIRED_KEYS`."""
    retired = [_bytes(key) for key in getattr(settings, "AUDIT_RETIRED_KEYS", ())]
    return {key_id(key): key for key in [*retired, current_key()[1]]}


def key_id(key: bytes) -> str:
    """A name for the key that does not give it away."""
    return hashlib.sha256(b"audit-key-id:" + key).hexdigest()[:12]


def _bytes(key: bytes | str) -> bytes:
    """`AUDIT_KEY` as bytes; text counts as its UTF-8. Raises ImproperlyConfigured below 32 bytes."""
    raw = key.encode() if isinstance(key, str) else bytes(key)
    if len(raw) < 32:
        raise ImproperlyConfigured("AUDIT_KEY needs at least 32 characters")
    return raw
