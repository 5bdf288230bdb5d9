"""Asks pdfplumber for the cells between the ruled lines of a page."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import IO, Any

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.table import TableFinder, edges_to_intersections
from pdfplumber.utils import cluster_objects

from documents.reading.pdf_space import Box, Turn

NEAR = 3  # points; rules closer than this are one
SHORTEST = 8  # points; shorter rules are ornaments
MOST_PAIRS = 200_000  # of a rule across and an upright one on a page; beyond, it is a drawing
MOST_CROSSINGS = 4_000  # of rules; 100 rows of 40 cells
SETTINGS = {
    "snap_tolerance": NEAR,
    "join_tolerance": NEAR,
    "intersection_tolerance": NEAR,
    "edge_min_length_prefilter": NEAR,
    "edge_min_length": SHORTEST,
}

# They write what is wrong with a file for whoever debugs it, and may quote it.
for _library in ("pdfminer", "pdfplumber"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def pages_of(file: IO[bytes]) -> list[Page]:
    return pdfplumber.open(file).pages


def cells_of(page: Page, turn: Turn) -> list[list[Box]]:
    """The cells of each table, as `turn` shows the page."""
    try:
        finder = _Finder(page.filter(_is_rule), SETTINGS)
    finally:
        page.close()  # what it keeps of each page would add up
    # The library counts from the corner of the paper, we from the corner of what is shown of it.
    paper = Turn(turn.quarter, *page.page_obj.mediabox).point(0, 0)
    shown = turn.point(0, 0)
    left, base = page.bbox[0] + paper[0] - shown[0], page.bbox[3] - paper[1] + shown[1]
    return [
        [Box(x0 - left, base - bottom, x1 - left, base - top) for x0, top, x1, bottom in table.cells]
        for table in finder.tables
    ]


def _is_rule(thing: dict[str, Any]) -> bool:
    """Strokes, and shapes so thin that they look like one. Shades and slanting lines part no cells."""
    kind = thing["object_type"]
    is_thin = kind in ("line", "rect", "curve") and min(thing["width"], thing["height"]) < NEAR
    return is_thin or (kind in ("rect", "curve") and thing["stroke"])


class _Finder(TableFinder):
    """With tables that are open at their sides, and with a bound: finding cells takes the square of the crossings."""

    def get_edges(self) -> list[dict[str, Any]]:
        edges = super().get_edges()
        across = [Rule(e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h"]
        upright = [Rule(e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v"]
        if len(across) * len(upright) > MOST_PAIRS:
            return []
        edges += [
            {"orientation": "v", "x0": r.at, "x1": r.at, "top": r.start, "bottom": r.end}
            for r in closing(across, upright)
        ]
        edges += [
            {"orientation": "h", "x0": r.start, "x1": r.end, "top": r.at, "bottom": r.at}
            for r in closing(upright, across)
        ]
        return edges if len(edges_to_intersections(edges, NEAR, NEAR)) <= MOST_CROSSINGS else []


@dataclass(frozen=True)
class Rule:
    """At height `at` from `start` to `end`, or upright at x = `at`."""

    at: float
    start: float
    end: float


def closing(rules: list[Rule], crossing: list[Rule]) -> Iterator[Rule]:
    """What is missing at the sides of open tables: from the end of a rule to the end of the next one tied to it."""
    for end in (attrgetter("start"), attrgetter("end")):
        for flush in cluster_objects(rules, end, NEAR):
            side = end(flush[0])
            # Where a piece of the side is drawn, the rest is to stand exactly in line with it.
            side = next((rule.at for rule in crossing if abs(rule.at - side) <= NEAR), side)
            for one, other in pairwise(sorted(flush, key=attrgetter("at"))):
                between = [rule for rule in crossing if rule.start <= one.at + NEAR and rule.end >= other.at - NEAR]
                is_tied = any(one.start - NEAR <= rule.at <= one.end + NEAR for rule in between)
                if is_tied and not any(rule.at == side for rule in between):
                    yield Rule(side, one.at, other.at)
