"""Which jobs and ticks exist. A room registers its own in `<room>/jobs.py`; they are imported at the first question."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

from background.choices import ATTEMPTS

if TYPE_CHECKING:
    from background.run import JobRun

Handler = Callable[["JobRun"], Mapping[str, Any] | None]


@dataclass(frozen=True)
class JobKind:
    name: str
    label: str
    steps: tuple[str, ...]
    attempts: int
    handler: Handler


@dataclass(frozen=True)
class Tick:
    """A question asked again and again: what should be true now? The function makes it so and says how much it did."""

    name: str
    label: str
    every: timedelta
    needs_broker: bool
    function: Callable[[], int | None]


class UnknownKind(LookupError):
    """No room has registered a job or tick of this name."""


_jobs: dict[str, JobKind] = {}
_ticks: dict[str, Tick] = {}
_loading = threading.Lock()
_loaded = False


def job(
    name: str, *, label: str, steps: tuple[str, ...] = (), attempts: int = ATTEMPTS
) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of job `name` ("room.verb").

    It receives a `JobRun`, may run any number of times, and begins by asking whether its effect is already there.
    What it returns (plain JSON) becomes the job's result; the keys `url` and `label` make a link on the job's page.
    """

    def register(handler: Handler) -> Handler:
        _add(_jobs, name, JobKind(name, label, steps, attempts, handler))
        return handler

    return register


def tick(name: str, *, label: str, every: timedelta, needs_broker: bool = False) -> Callable[[Callable], Callable]:
    """Register the decorated function to be called about every `every`; it may be missed, doubled or late."""

    def register(function: Callable[[], int | None]) -> Callable[[], int | None]:
        _add(_ticks, name, Tick(name, label, every, needs_broker, function))
        return function

    return register


def jobs() -> Mapping[str, JobKind]:
    _load()
    return _jobs


def ticks() -> Mapping[str, Tick]:
    _load()
    return _ticks


def job_named(name: str) -> JobKind:
    """Raises UnknownKind."""
    try:
        return jobs()[name]
    except KeyError:
        raise UnknownKind(name) from None


def tick_named(name: str) -> Tick:
    """Raises UnknownKind."""
    try:
        return ticks()[name]
    except KeyError:
        raise UnknownKind(name) from None


def _add(register: dict, name: str, entry: JobKind | Tick) -> None:
    if name in register:
        raise ValueError(f"{name} is registered twice")
    register[name] = entry


def _load() -> None:
    global _loaded
    if _loaded:
        return
    with _loading:
        autodiscover_modules("jobs")
        _loaded = True
