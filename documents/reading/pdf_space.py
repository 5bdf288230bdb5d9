"""Places on a page as it is shown, which may be turned from how it is stored."""

from dataclasses import dataclass

import pypdfium2 as pdfium


@dataclass(slots=True)
class Box:
    """Points from the lower left corner of the page as it is shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def around(boxes: list[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes), min(box.y0 for box in boxes),
        max(box.x1 for box in boxes), max(box.y1 for box in boxes),
    )  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """From the page as stored to what is shown of it: these sides, turned by so many quarters."""

    quarter: int
    left: float
    bottom: float
    right: float
    top: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        from_left, from_bottom, from_right, from_top = x - self.left, y - self.bottom, self.right - x, self.top - y
        turned = (
            (from_left, from_bottom),
            (from_bottom, from_right),
            (from_right, from_top),
            (from_top, from_left),
        )
        return turned[self.quarter]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def turn_of(page: pdfium.PdfPage) -> Turn:
    return Turn(page.get_rotation() // 90 % 4, *page.get_bbox())
