"""Short ways to parse made-up words."""

from __future__ import annotations

from documents.draft import DraftItem, DraftPlan
from documents.parsing import parse
from documents.source import Source

OPENING = "云栖省2031年乡村振兴工作要点\n一、重点任务\n"


def plan_of(text: str) -> DraftPlan:
    return parse(Source(text=text, format="pasted"))


def item_of(words: str) -> DraftItem:
    """The one item whose text is `words`, below a title and a heading."""
    (item,) = plan_of(f"{OPENING}1.{words}\n").items
    return item


def said(item: DraftItem) -> list[tuple[str, str]]:
    """Who answers and how, in the order of the text; a class of units has a 〜 in front."""
    named = [(unit.at.start, unit.name, unit.role) for unit in item.units]
    named += [(one.at.start, f"〜{one.name}", one.role) for one in item.open_units]
    return [("".join(name.split()), role) for _, name, role in sorted(named)]
