"""From where the present request comes. Empty for commands and background work."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    ip: str = ""
    request_id: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("audit_origin", default=NOWHERE)


def current() -> Origin:
    return _origin.get()


@contextmanager
def origin(*, ip: str = "", request_id: str = "") -> Iterator[Origin]:
    """Everything recorded inside carries this address and request number."""
    token = _origin.set(Origin(ip=ip, request_id=request_id))
    try:
        yield _origin.get()
    finally:
        _origin.reset(token)
