"""The source beside the review: its text cut into blocks and marked stretches, by code points, before any escaping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from imports.models import ImportItem

LONGEST_GAP = 600  # characters of text between two items that are shown whole
OPENING, CLOSING, ENDS = "(（〔[【", ")）〕]】", "。；;\n"
CLAUSE_ENDS = "。；;！？!?\n，,：:"
WINDOW = 40_000  # characters of items shown at once; a longer document shows those around the open one


@dataclass(frozen=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    on: bool = False


@dataclass
class Block:
    """An item of the source, or the text between two (no `item`)."""

    pieces: list[Piece]
    item: ImportItem | None = None
    current: bool = False


@dataclass
class SourceView:
    """`before` and `after` are the numbers of items left out for length."""

    blocks: list[Block] = field(default_factory=list)
    before: int = 0
    after: int = 0


def marked(text: str, start: int, end: int, marks: Iterable[tuple[int, int]]) -> list[Piece]:
    """`text` from `start` to `end`, with the stretches of `marks` that lie within it marked; overlaps are joined."""
    pieces, place = [], start
    for first, last in _joined(marks, start, end):
        if first > place:
            pieces.append(Piece(text[place:first]))
        pieces.append(Piece(text[first:last], on=True))
        place = last
    if place < end:
        pieces.append(Piece(text[place:end]))
    return pieces


def _joined(marks: Iterable[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted((max(first, start), min(last, end)) for first, last in marks):
        if last <= first:
            continue
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def source_view(
    text: str, items: Sequence[ImportItem], current: ImportItem | None, marks: Iterable[tuple[int, int]]
) -> SourceView:
    """Every item a block, the open one with its evidence marked; the text between them shortened."""
    first, last = _window(items, current)
    view = SourceView(before=first, after=len(items) - last)
    marks = list(marks)
    place = items[first - 1].end if first else 0
    for item in items[first:last]:
        _add_gap(view, text[place : item.start])
        is_current = current is not None and item.pk == current.pk
        start = max(item.start, place)  # items that were entered twice may overlap
        view.blocks.append(Block(marked(text, start, item.end, marks if is_current else ()), item, is_current))
        place = max(place, item.end)
    if last == len(items):
        _add_gap(view, text[place:])
    return view


def _window(items: Sequence[ImportItem], current: ImportItem | None) -> tuple[int, int]:
    """Items to show, as a slice: all of a usual document, else as many around the open one as fit."""
    if sum(item.end - item.start for item in items) <= WINDOW:
        return 0, len(items)
    middle = next((at for at, item in enumerate(items) if current and item.pk == current.pk), 0)
    first = last = middle
    room = WINDOW
    while room > 0 and (first > 0 or last < len(items)):
        if last < len(items):
            room -= items[last].end - items[last].start
            last += 1
        if first > 0:
            first -= 1
            room -= items[first].end - items[first].start
    return first, last


def _add_gap(view: SourceView, gap: str) -> None:
    gap = gap.strip()
    if len(gap) > LONGEST_GAP:
        half = LONGEST_GAP // 2
        gap = f"{gap[:half]}\n……（此处略去{len(gap) - 2 * half}字）……\n{gap[-half:]}"
    if gap:
        view.blocks.append(Block([Piece(gap)]))


def statements_of(text: str, item: ImportItem, marks: Iterable[tuple[int, int]]) -> list[list[Piece]]:
    """责任表述: each stretch that names units, to the brackets or sentence ends around it, marked."""
    places = [(unit.start, unit.end) for unit in item.units.all() if unit.start is not None]
    within = [(first, last) for first, last in places if item.start <= first and last <= item.end]
    stretches = [around(text, item, first, last) for first, last in within]
    marks = list(marks)
    return [marked(text, first, last, marks) for first, last in _joined(stretches, item.start, item.end)]


def around(text: str, item: ImportItem, first: int, last: int) -> tuple[int, int]:
    before, after = text[item.start : first][::-1], text[last : item.end]
    return first - _reach(before, CLOSING, OPENING), last + _reach(after, OPENING, CLOSING)


def _reach(letters: str, deeper: str, out: str) -> int:
    """How many letters belong to the same sentence and bracket; a whole bracket inside it does."""
    depth = 0
    for count, letter in enumerate(letters):
        if depth == 0 and (letter in out or letter in ENDS):
            return count
        depth += (letter in deeper) - (letter in out)
    return len(letters)


@dataclass(frozen=True)
class Clause:
    """A clause of an item with its place: where a cut may fall."""

    at: int
    text: str


def clauses_of(text: str, item: ImportItem) -> list[Clause]:
    """The item's text clause by clause; blank ones go with what comes before."""
    found: list[Clause] = []
    start = item.start
    for place in range(item.start, item.end):
        if text[place] in CLAUSE_ENDS or place == item.end - 1:
            part = text[start : place + 1]
            if part.strip():
                found.append(Clause(start + len(part) - len(part.lstrip()), part.strip()))
            start = place + 1
    return found
