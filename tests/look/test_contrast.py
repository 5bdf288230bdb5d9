"""The contrast table of the visual direction, computed again from the colours that the stylesheet really uses."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static/css/app.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"(--[\w-]+): (#[0-9A-Fa-f]{6})", CSS.split("/* Ground */", 1)[0]))

# foreground, background, ratio as the specification prints it
TABLE = (
    ("--text", "--white", 15.8),
    ("--text-2", "--white", 7.4),
    ("--hint", "--white", 5.6),
    ("--text", "--page", 14.7),
    ("--text-2", "--page", 6.9),
    ("--hint", "--page", 5.3),
    ("--brand", "--white", 8.2),
    ("--brand-dark", "--white", 11.1),
    ("--input", "--white", 3.6),
    ("--normal-fg", "--normal-bg", 6.0),
    ("--behind-fg", "--behind-bg", 7.6),
    ("--far-behind-fg", "--far-behind-bg", 7.0),
    ("--done-fg", "--done-bg", 8.2),
    ("--not-applicable-fg", "--not-applicable-bg", 5.3),
    ("--normal-text", "--white", 8.3),
    ("--behind-text", "--white", 8.1),
    ("--far-behind-text", "--white", 7.0),
    ("--white", "--slate", 9.7),
)
# Pairs that pages put together beyond the table: WCAG 2.2 AA asks 4.5 for text and 3 for the edge of a control.
ALSO = (
    ("--text", "--select", 4.5),
    ("--text-2", "--select", 4.5),
    ("--hint", "--select", 4.5),
    ("--brand", "--page", 4.5),
    ("--brand", "--select", 4.5),
    ("--brand-dark", "--select", 4.5),
    ("--red", "--white", 4.5),
    ("--done-text", "--white", 4.5),
    ("--white", "--seq-5", 4.5),
    ("--text", "--seq-1", 4.5),
    ("--text", "--seq-2", 4.5),
    ("--text", "--seq-3", 4.5),
    ("--focus", "--white", 3.0),
)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` by WCAG 2.2."""
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(TOKENS[first]), luminance(TOKENS[second])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert luminance("#000000") == 0
    assert luminance("#767676") == pytest.approx(0.1812, abs=0.0005)


@pytest.mark.parametrize(("foreground", "background", "printed"), TABLE)
def test_pair_of_the_specification_keeps_its_contrast(foreground, background, printed):
    assert contrast(foreground, background) == pytest.approx(printed, abs=0.11)


@pytest.mark.parametrize(("foreground", "background", "least"), ALSO)
def test_other_pair_is_readable(foreground, background, least):
    assert contrast(foreground, background) >= least


def test_a_far_behind_cell_is_the_only_dark_one():
    """Printed in grey, it must stand out among the lights by darkness alone."""
    others = ("--normal-bg", "--behind-bg", "--done-bg", "--not-applicable-bg")
    assert luminance(TOKENS["--far-behind-bg"]) < 0.15
    assert min(luminance(TOKENS[name]) for name in others) > 0.6
