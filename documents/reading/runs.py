"""The words of one paragraph of a Word file."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from documents.reading.xml import child, is_on, name_of, value

TEXT = {"t"}
SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
INSIDE = {
    "r", "ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo",
    "ruby", "rubyBase", "oMath", "oMathPara", "AlternateContent", "Choice",
}  # fmt: skip
PICTURES = {"drawing", "pict", "object"}


@dataclass(frozen=True)
class Inline:
    """`boxes` are the text boxes that hang on the paragraph; `runs_on` says the next paragraph belongs to it."""

    text: str
    boxes: tuple[Element, ...]
    runs_on: bool


def inline_of(paragraph: Element) -> Inline:
    words: list[str] = []
    boxes: list[Element] = []
    for piece in _pieces(paragraph):
        if isinstance(piece, str):
            words.append(piece)
        else:
            boxes.append(piece)
    mark = child(paragraph, "pPr", "rPr")
    runs_on = child(mark, "del") is not None or child(mark, "moveFrom") is not None
    return Inline("".join(words).replace("\r", "\n"), tuple(boxes), runs_on)


def _pieces(container: Element) -> Iterator[str | Element]:
    for element in container:
        name = name_of(element)
        if name in TEXT:
            yield element.text or ""
        elif name in SIGNS:
            yield "" if value(element, "type") in ("page", "column") else SIGNS[name]
        elif name in PICTURES:
            yield from _boxes(element)
        elif name in INSIDE and not (name == "r" and is_on(child(element, "rPr", "vanish"))):
            yield from _pieces(element)


def _boxes(picture: Element) -> Iterator[Element]:
    """Text boxes of a picture; one inside another is found when the outer one is read."""
    for element in picture:
        if name_of(element) == "txbxContent":
            yield element
        elif name_of(element) != "Fallback":  # says the same for old programs
            yield from _boxes(element)
