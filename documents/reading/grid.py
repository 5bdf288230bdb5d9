"""The cells of one ruled table, as rows and columns. Points, y upwards."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import neg

from documents.reading.limits import MOST_COLUMNS
from documents.reading.pdf_space import Box

Place = tuple[int, int]  # row, column


@dataclass(frozen=True)
class Grid:
    """`xs` from left to right, `ys` from top to bottom; `owners` maps each place to the one with its text."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: dict[Place, Place]

    def place(self, x: float, y: float) -> Place | None:
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[-1] < y <= self.ys[0]):
            return None
        return self.owners.get((bisect_right(self.ys, -y, key=neg) - 1, bisect_right(self.xs, x) - 1))

    def rows(self, texts: dict[Place, str]) -> list[list[str | None]]:
        """The texts by place as rows; what is no place of its own is None."""
        columns, rows = range(len(self.xs) - 1), range(len(self.ys) - 1)
        return [[texts.get((r, c), "") if self.owners.get((r, c)) == (r, c) else None for c in columns] for r in rows]


def grid_of(cells: Iterable[Box]) -> Grid | None:
    """The cells' sides must agree to the last digit. With too many columns it is a drawing."""
    cells = list(cells)
    xs = sorted({x for cell in cells for x in (cell.x0, cell.x1)})
    ys = sorted({y for cell in cells for y in (cell.y0, cell.y1)}, reverse=True)
    if len(xs) - 1 > MOST_COLUMNS:
        return None
    column = {x: n for n, x in enumerate(xs)}
    row = {y: n for n, y in enumerate(ys)}
    owners: dict[Place, Place] = {}
    for cell in cells:
        first = row[cell.y1], column[cell.x0]
        for r in range(first[0], row[cell.y0]):
            for c in range(first[1], column[cell.x1]):
                owners.setdefault((r, c), first)
    return Grid(tuple(xs), tuple(ys), owners)
