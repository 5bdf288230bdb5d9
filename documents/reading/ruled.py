"""Finds the cells that ruled lines enclose. Pure geometry: points, y upwards."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import neg

from documents.reading.limits import MOST_COLUMNS

NEAR = 3.0  # points; rules closer than this are one
SHORTEST = 8.0  # points; shorter strokes are ornaments
MOST_CROSSINGS = 200_000  # pairs of rules to compare on one page; beyond, it is a drawing
MOST_LINES = 400  # rules across one page


@dataclass(frozen=True)
class Edge:
    """A horizontal rule at height `at` from `start` to `end`, or an upright one at x = `at`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Grid:
    """`xs` from left to right, `ys` from top to bottom; `owners` maps (row, column) to the place with its text."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: dict[tuple[int, int], tuple[int, int]]

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[-1] < y <= self.ys[0]):
            return None
        row = bisect_right(self.ys, -y, key=neg) - 1
        return self.owners[row, bisect_right(self.xs, x) - 1]

    def rows(self, texts: dict[tuple[int, int], str]) -> list[list[str | None]]:
        """The texts by place as rows; a place that belongs to another is None."""
        columns, rows = range(len(self.xs) - 1), range(len(self.ys) - 1)
        return [[texts.get((r, c), "") if self.owners[r, c] == (r, c) else None for c in columns] for r in rows]


def grids_of(horizontal: Iterable[Edge], upright: Iterable[Edge]) -> list[Grid]:
    """The tables of a page. A lone frame is none, and what has more rules than any table is a drawing."""
    across, down = _joined(horizontal), _joined(upright)
    if len(across) * len(down) > MOST_CROSSINGS:
        return []
    found = (_grid([across[i] for i in hs], [down[i] for i in vs]) for hs, vs in _connected(across, down))
    return [grid for grid in found if grid is not None]


def _joined(edges: Iterable[Edge]) -> list[Edge]:
    """Rules at nearly the same place, and the pieces of one rule, made one."""
    rows: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda edge: edge.at):
        if rows and edge.at - rows[-1][-1].at <= NEAR:
            rows[-1].append(edge)
        else:
            rows.append([edge])
    return [edge for row in rows for edge in _pieces_joined(row) if edge.end - edge.start >= SHORTEST]


def _pieces_joined(row: list[Edge]) -> list[Edge]:
    at = sum(edge.at for edge in row) / len(row)
    found: list[Edge] = []
    for edge in sorted(row, key=lambda edge: edge.start):
        if found and edge.start <= found[-1].end + NEAR:
            found[-1] = Edge(at, found[-1].start, max(found[-1].end, edge.end))
        else:
            found.append(Edge(at, edge.start, edge.end))
    return found


def _connected(across: list[Edge], down: list[Edge]) -> list[tuple[list[int], list[int]]]:
    """Groups of rules that touch: (numbers of horizontal ones, of upright ones)."""
    group = list(range(len(across) + len(down)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for i, h in enumerate(across):
        for j, v in enumerate(down):
            if h.start - NEAR <= v.at <= h.end + NEAR and v.start - NEAR <= h.at <= v.end + NEAR:
                group[root(i)] = root(len(across) + j)
    found: dict[int, tuple[list[int], list[int]]] = {}
    for n in range(len(group)):
        members = found.setdefault(root(n), ([], []))
        if n < len(across):
            members[0].append(n)
        else:
            members[1].append(n - len(across))
    return list(found.values())


def _grid(across: list[Edge], down: list[Edge]) -> Grid | None:
    if len(across) < 2 or not down:
        return None
    # Tables may be open at their sides; the outermost ends of the rules close them.
    xs = _distinct([v.at for v in down] + [min(h.start for h in across), max(h.end for h in across)])
    ys = _distinct([h.at for h in across] + [min(v.start for v in down), max(v.end for v in down)])[::-1]
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns * rows < 2 or not 1 <= columns <= MOST_COLUMNS or rows > MOST_LINES:
        return None
    walls = _covers(down)
    floors = _covers(across)
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in owners:
                _fill(owners, (row, column), xs, ys, walls, floors)
    return Grid(tuple(xs), tuple(ys), owners)


def _distinct(places: list[float]) -> list[float]:
    places = sorted(places)
    return places[:1] + [later for earlier, later in pairwise(places) if later - earlier > NEAR]


def _covers(edges: list[Edge]) -> Callable[[float, float], bool]:
    """Whether a rule stands at `at` beside the point `along` it."""
    by_place: dict[int, list[Edge]] = {}
    for edge in edges:
        by_place.setdefault(round(edge.at / NEAR), []).append(edge)

    def covered(at: float, along: float) -> bool:
        key = round(at / NEAR)
        near = (edge for k in (key - 1, key, key + 1) for edge in by_place.get(k, ()))
        return any(abs(edge.at - at) <= NEAR and edge.start <= along <= edge.end for edge in near)

    return covered


def _fill(
    owners: dict[tuple[int, int], tuple[int, int]],
    first: tuple[int, int],
    xs: list[float],
    ys: list[float],
    walls: Callable[[float, float], bool],
    floors: Callable[[float, float], bool],
) -> None:
    """Give `first`, and every place no rule parts from it, to `first`."""
    waiting = [first]
    owners[first] = first
    while waiting:
        row, column = waiting.pop()
        x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
        open_ways = (
            (column + 2 < len(xs) and not walls(xs[column + 1], y), (row, column + 1)),
            (column > 0 and not walls(xs[column], y), (row, column - 1)),
            (row + 2 < len(ys) and not floors(ys[row + 1], x), (row + 1, column)),
            (row > 0 and not floors(ys[row], x), (row - 1, column)),
        )
        for is_open, place in open_ways:
            if is_open and place not in owners:
                owners[place] = first
                waiting.append(place)
