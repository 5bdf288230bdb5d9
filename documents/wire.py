"""Sources and draft plans as plain JSON values and back, between processes and into rows."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(made: Any) -> dict[str, Any]:
    """A dataclass of `source` or `draft` as dicts, lists, texts and numbers."""
    return asdict(made)


def from_plain(kind: type[T], plain: dict[str, Any]) -> T:
    """The dataclass `kind` that `to_plain` was given. Raises TypeError, KeyError or ValueError for anything else."""
    return _made(kind, plain)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, plain: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{known.name: _made(hints[known.name], plain[known.name]) for known in fields(kind)})
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if plain is None:
            return None
        return _made(next(one for one in inner if one is not NoneType), plain)
    if origin is tuple:
        return tuple(_made(inner[0], one) for one in plain)
    if origin is dict:
        return {_made(inner[0], key): _made(inner[1], value) for key, value in plain.items()}
    if kind is float and type(plain) is int:
        return plain  # 5000 and 5000.0 are written differently; what was made is kept
    if type(plain) is not kind:
        raise TypeError(f"{kind.__name__} expected, {type(plain).__name__} found")
    return plain
