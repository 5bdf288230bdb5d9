"""What a document was found to say: each piece names its rule and the place in the source that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Span:
    """A stretch of the decoded text, in code points; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """Words of the source: `text` is the stretch at `at`, verbatim."""

    text: str
    at: Span
    rule: str


@dataclass(frozen=True)
class DatedFound:
    """A date the document states: `iso` is YYYY-MM-DD."""

    iso: str
    text: str
    at: Span
    rule: str


@dataclass(frozen=True)
class Doubt:
    """What a person should look at: `code` for programs, `reason` in the office's words."""

    code: str
    reason: str
    at: Span


@dataclass(frozen=True)
class DraftUnit:
    """A named unit of an item.

    `role` is lead, shared, responsible or cooperate; `scope` the part of the item it answers for; `full` the name with
    an elided prefix supplied.
    """

    name: str
    role: str
    at: Span
    rule: str
    full: str = ""
    scope: str = ""


@dataclass(frozen=True)
class OpenUnit:
    """A class of units or a remainder, as written: 等有关部门, 各乡镇."""

    name: str
    role: str
    at: Span
    rule: str
    scope: str = ""


@dataclass(frozen=True)
class Deadline:
    """A date something is due by, or a recurrence.

    `date` is YYYY-MM-DD, None for a recurrence. `recurrence` has either `freq` (yearly, halfyearly, quarterly,
    monthly, weekly, daily; with `on` MM-DD for yearly) or `within` ("10d") and `from`.
    """

    text: str
    at: Span
    rule: str
    date: str | None = None
    recurrence: dict[str, str] | None = None


@dataclass(frozen=True)
class Target:
    """A number to be reached. `value` and `unit` as written (5000, 万元); `comparator` is =, >=, >, <=, < or ~."""

    text: str
    at: Span
    rule: str
    metric: str
    comparator: str
    value: float | None
    unit: str | None
    date: str | None = None
    of: str | None = None
    relative_to: str | None = None


@dataclass(frozen=True)
class DraftSection:
    """A heading; `path` joins the numbers from the top, as in 三/(二)."""

    path: str
    number: str
    title: Found


@dataclass(frozen=True)
class DraftItem:
    """A numbered piece of work. `number` as written without its separator (1, （一）, #1 for a bullet)."""

    number: str
    section: str | None
    body: Found  # verbatim, with its number and unit lists
    head: Found | None  # the item's own short heading, when it has one
    starts: int  # where the text after the number begins, code points of the source
    units: tuple[DraftUnit, ...] = ()
    open_units: tuple[OpenUnit, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    targets: tuple[Target, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class DraftPlan:
    """A document as a plan to be checked by a person. What the text does not say is None."""

    kind: str
    trackable: bool
    reason: str = ""  # why not, in plain words, when it is not trackable
    title: Found | None = None
    issuer: Found | None = None
    number: Found | None = None  # 文号
    issued_on: DatedFound | None = None
    year: int | None = None
    sections: tuple[DraftSection, ...] = ()
    items: tuple[DraftItem, ...] = ()
    counties: tuple[Found, ...] = ()
    deadlines: tuple[Deadline, ...] = ()  # of the whole document, outside its items
    targets: tuple[Target, ...] = ()
    doubts: tuple[Doubt, ...] = field(default=())  # of the whole document
