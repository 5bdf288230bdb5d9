"""Messages that could not be delivered, for whoever runs the system. Rooms that send register what they have parked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Parked:
    """One undelivered message without its text: that is its recipient's. All words are Chinese."""

    pk: int
    recipient: str
    kind: str
    tries: int
    reason: str
    at: datetime


@dataclass(frozen=True)
class Queue:
    """One way messages leave. `name` stands in addresses.

    `rows(limit)` gives the parked ones, newest first. `retry(pk, by)` sends one anew: raises ObjectDoesNotExist when
    there is none, and services.NotRetryable when it is not parked any more.
    """

    name: str
    label: str
    rows: Callable[[int], Sequence[Parked]]
    retry: Callable[[int, Any], None]


class UnknownQueue(LookupError):
    """No room has registered a queue of this name."""


_queues: dict[str, Queue] = {}


def register_queue(queue: Queue) -> None:
    """Called once by each sending room, from its AppConfig.ready."""
    if queue.name in _queues:
        raise ValueError(f"{queue.name} is registered twice")
    _queues[queue.name] = queue


def queues() -> list[Queue]:
    return list(_queues.values())


def queue_named(name: str) -> Queue:
    """Raises UnknownQueue."""
    try:
        return _queues[name]
    except KeyError:
        raise UnknownQueue(name) from None
