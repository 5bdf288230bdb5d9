from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from audit import chain, context
from audit.choices import Result
from audit.models import AuditEvent, AuditHead


@dataclass(frozen=True)
class Actor:
    """Somebody who is no user row: the system itself, or a visitor who has not signed in."""

    pk: int | str | None
    name: str


SYSTEM = Actor(None, "系统")
VISITOR = Actor(None, "未登录用户")


def record(
    action: str,
    obj: models.Model | None = None,
    *,
    by: Any,
    before: Any = None,
    after: Any = None,
    result: str = Result.OK,
    detail: str = "",
    rows: list | None = None,
) -> AuditEvent:
    """Add one row to the chain, inside the caller's transaction: no audit, no action.

    `by` has `pk` and `name`; None is the system. `before`, `after` and `rows` (what a bulk verb touched) hold plain
    values, dates, decimals. Any failure here is meant to abort the caller's change. On PostgreSQL the chain stays
    locked until the caller commits, so this comes last in a service.

    Raises RuntimeError outside a transaction.
    """
    _require_transaction()
    head = _locked_head()
    key_id, key = chain.current_key()
    content = {
        "sequence": head.sequence + 1,
        "at": timezone.now().isoformat(timespec="microseconds"),
        **_who(by),
        **_where(),
        "action": action,
        **_what(obj),
        "result": str(result),
        "detail": detail,
        "before": before,
        "after": after,
        "rows": rows,
        "key_id": key_id,
        "prev_hash": head.hash,
    }
    payload = chain.canonical(content)
    event = AuditEvent(payload=payload, hash=chain.sign(payload, key), **columns_of(content))
    event.save(force_insert=True)
    AuditHead.objects.filter(pk=head.pk).update(sequence=event.sequence, hash=event.hash)
    return event


def record_refusal(
    action: str, obj: models.Model | None = None, *, by: Any, detail: str = "", before: Any = None, after: Any = None
) -> AuditEvent:
    """Record what was refused or failed to sign in, in a transaction of its own.

    Call it after the refused change has rolled back, for a row written inside that change would go with it.
    Raises RuntimeError inside another transaction.
    """
    with transaction.atomic(durable=True):
        return record(action, obj, by=by, before=before, after=after, result=Result.REFUSED, detail=detail)


def columns_of(content: dict[str, Any]) -> dict[str, Any]:
    """The columns as the signed content dictates them."""
    columns = {name: content[name] for name in AuditEvent.SIGNED}
    columns["at"] = datetime.fromisoformat(content["at"])
    return columns


def _require_transaction() -> None:
    connection = transaction.get_connection()
    blocks = connection.atomic_blocks
    # A test's own wrapping transaction does not count, as for atomic(durable=True): production has none.
    if not blocks or blocks[-1]._from_testcase:
        raise RuntimeError("audit.record belongs inside the transaction of the change it records")


def _locked_head() -> AuditHead:
    """The end of the chain, ours until commit. On SQLite the IMMEDIATE transaction is the lock."""
    head, created = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": chain.GENESIS})
    if created and AuditEvent.objects.exists():
        raise RuntimeError("the audit chain has rows but no head: run verify_audit")
    return head


def _who(by: Any) -> dict[str, str]:
    actor = SYSTEM if by is None else by
    name = getattr(actor, "name", "") or (actor.get_username() if hasattr(actor, "get_username") else "")
    return {
        "actor_id": "" if actor.pk is None else str(actor.pk),
        "actor_name": _one_line(name, 150) or VISITOR.name,
    }


def _where() -> dict[str, str]:
    origin = context.current()
    return {"ip": origin.ip, "request_id": origin.request_id}


def _what(obj: models.Model | None) -> dict[str, str]:
    if obj is None:
        return {"object_type": "", "object_id": "", "object_label": ""}
    return {
        "object_type": obj._meta.label_lower,
        "object_id": str(obj.pk),
        "object_label": _one_line(str(obj), 200),
    }


def _one_line(text: str, length: int) -> str:
    """One event is one line wherever it is printed, whatever was typed into a name."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:length].strip()
