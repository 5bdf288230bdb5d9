"""Who is named where, in which role: names, and the stretches of text that say who answers."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Named:
    """A name in a list: offsets count from the start of the text the list was read from."""

    start: int
    end: int
    name: str
    role: str
    rule: str
    is_open: bool = False
    spoken: bool = False  # the role comes from a verb behind the names, not from a label or by default


@dataclass(frozen=True)
class Statement:
    """A stretch of the text that says who answers."""

    start: int
    end: int
    names: tuple[Named, ...]
    rule: str

    def moved(self, by: int) -> Statement:
        """The same, counted from a place `by` characters further to the front."""
        names = tuple(replace(name, start=name.start + by, end=name.end + by) for name in self.names)
        return Statement(self.start + by, self.end + by, names, self.rule)
