"""Word's automatic numbering: the numbers are not in the text but follow from definitions, styles and order."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents.reading.numerals import written
from documents.reading.xml import child, children, is_on, name_of, number, value

LEVELS = 9
PLACEHOLDER = re.compile(r"%([1-9])")
BULLET = "•"


@dataclass(frozen=True)
class Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    restarts_after: int | None = None  # only when a level up to this one (counted from 1) moved; 0 is never
    all_decimal: bool = False
    paragraph_style: str = ""


@dataclass
class _List:
    """A num of numbering.xml: levels, and the counters it shares with every num of the same definition."""

    levels: dict[int, Level]
    counters: list[int | None]
    restarts: dict[int, int] = field(default_factory=dict)  # level → value, once


class Numbering:
    """Hands out the label of each numbered paragraph; to be asked once per paragraph, in document order."""

    def __init__(self, numbering: Element | None, styles: Element | None):
        self._lists = _lists_of(numbering) if numbering is not None else {}
        self._styles = _Styles(styles)

    def label(self, properties: Element | None) -> str:
        """The number in front of a paragraph with these properties (pPr), empty when it has none."""
        style = value(child(properties, "pStyle"))
        own = child(properties, "numPr")
        number_id, level = self._styles.numbering_of(style)
        if child(own, "numId") is not None:
            number_id = value(child(own, "numId"))
        counted = self._lists.get(number_id)
        if counted is None:  # numId 0 switches inherited numbering off
            return ""
        if child(own, "ilvl") is not None:
            level = number(child(own, "ilvl"))
        elif level is None:
            level = _level_of_style(counted, self._styles.chain(style))
        return _step(counted, level) if 0 <= level < LEVELS else ""

    def is_contents(self, properties: Element | None) -> bool:
        """A line of the table of contents repeats a heading."""
        return self._styles.is_contents(value(child(properties, "pStyle")))


class _Styles:
    def __init__(self, styles: Element | None):
        found = list(children(styles, "style")) if styles is not None else []
        self._by_id = {value(style, "styleId"): style for style in found}
        paragraphs = [style for style in found if value(style, "type") == "paragraph"]
        self._default = next((value(s, "styleId") for s in paragraphs if value(s, "default") in ("1", "true")), "")

    def chain(self, style: str) -> list[str]:
        """`style` and what it is based on, nearest first; a circle ends where it closes."""
        found: list[str] = []
        style = style or self._default
        while style in self._by_id and style not in found:
            found.append(style)
            style = value(child(self._by_id[style], "basedOn"))
        return found

    def numbering_of(self, style: str) -> tuple[str, int | None]:
        """(numId, level or None when unsaid), each from the nearest style of the chain that says it."""
        number_id, level = "", None
        for name in self.chain(style):
            properties = child(self._by_id[name], "pPr", "numPr")
            if not number_id:
                number_id = value(child(properties, "numId"))
            if level is None and child(properties, "ilvl") is not None:
                level = number(child(properties, "ilvl"))
        return number_id, level

    def is_contents(self, style: str) -> bool:
        return value(child(self._by_id.get(style), "name")).lower().startswith("toc ")


def _lists_of(numbering: Element) -> dict[str, _List]:
    definitions = {value(found, "abstractNumId"): found for found in children(numbering, "abstractNum")}
    by_link = {
        value(child(found, "styleLink")): key
        for key, found in definitions.items()
        if child(found, "styleLink") is not None
    }
    counters: dict[str, list[int | None]] = {}
    lists = {}
    for num in children(numbering, "num"):
        key = value(child(num, "abstractNumId"))
        link = value(child(definitions.get(key), "numStyleLink"))
        key = by_link.get(link, key) if link else key
        if key not in definitions:
            continue
        levels = {number(found, "ilvl"): _level(found) for found in children(definitions[key], "lvl")}
        counted = _List(levels, counters.setdefault(key, [None] * LEVELS))
        for override in children(num, "lvlOverride"):
            _override(counted, override)
        lists[value(num, "numId")] = counted
    return lists


def _level(element: Element) -> Level:
    restart = child(element, "lvlRestart")
    style = child(element, "numFmt")
    if style is None:  # newer formats come as a choice with a fallback
        style = next((found for found in element.iter() if name_of(found) == "numFmt"), None)
    return Level(
        start=number(child(element, "start"), default=0),
        style=value(style) or "decimal",
        text=value(child(element, "lvlText")),
        restarts_after=None if restart is None else number(restart),
        all_decimal=is_on(child(element, "isLgl")),
        paragraph_style=value(child(element, "pStyle")),
    )


def _override(counted: _List, override: Element) -> None:
    at = number(override, "ilvl")
    own = child(override, "lvl")
    if own is not None:
        counted.levels[at] = _level(own)
    start = child(override, "startOverride")
    if start is not None:
        counted.restarts[at] = number(start)


def _level_of_style(counted: _List, chain: list[str]) -> int:
    """A style may name the list only; which level is its is then said at the level."""
    levels = {level.paragraph_style: at for at, level in counted.levels.items() if level.paragraph_style}
    return next((levels[style] for style in chain if style in levels), 0)


def _step(counted: _List, at: int) -> str:
    level = counted.levels.get(at)
    if level is None:
        return ""
    before = counted.counters[at]
    restart = counted.restarts.pop(at, None)
    counted.counters[at] = restart if restart is not None else level.start if before is None else before + 1
    for deeper in range(at + 1, LEVELS):
        after = counted.levels.get(deeper, Level()).restarts_after
        if after is None or at < after:
            counted.counters[deeper] = None
    return _bullet(level.text) if level.style == "bullet" else _label(counted, level)


def _label(counted: _List, level: Level) -> str:
    def shown(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        of = counted.levels.get(at, Level())
        count = counted.counters[at]
        style = "decimal" if level.all_decimal and of.style != "none" else of.style
        return written(of.start if count is None else count, style)

    text = PLACEHOLDER.sub(shown, level.text)
    # "1." before "2024年" would read as 1.2024.
    return f"{text} " if text[-1:] == "." or (text.isascii() and text[-1:].isalnum()) else text


def _bullet(text: str) -> str:
    """Symbol fonts keep their signs in the private area, where they mean nothing."""
    return "".join(BULLET if "\ue000" <= letter <= "\uf8ff" else letter for letter in text)
