"""Small safe XML reading for the parts of an office file: no entities, no DOCTYPE, names without their namespace."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from documents.refusal import ImportRefused


class _NoDoctype(ET.TreeBuilder):
    """Office files never declare a document type; without one there are no entities, in whatever encoding."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ImportRefused("文件内部结构异常，已拒收。请用原软件打开后另存一份再上传。", code="refused_file")


def parse(data: bytes) -> ET.Element:
    """Raises ParseError or ImportRefused. The transitional and the strict standard differ in their namespaces only."""
    return ET.fromstring(data, parser=ET.XMLParser(target=_NoDoctype()))  # noqa: S314


def name_of(element: ET.Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: ET.Element | None, name: str = "val") -> str:
    """The attribute `name` of any namespace, empty when absent."""
    if element is None:
        return ""
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def number(element: ET.Element | None, name: str = "val", default: int = 0) -> int:
    text = value(element, name)
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 10 else default


def child(element: ET.Element | None, *path: str) -> ET.Element | None:
    """The first child called path[0], of that the first called path[1], and so on."""
    for name in path:
        if element is None:
            return None
        element = next((found for found in element if name_of(found) == name), None)
    return element


def children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (found for found in element if name_of(found) == name)


def is_on(element: ET.Element | None) -> bool:
    """A switch of an office file: there and not said to be off."""
    return element is not None and value(element) not in ("0", "false", "off")
