"""What the review proposes beyond the draft: which counties an item concerns, and doubts of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from documents.draft import Doubt, DraftItem, DraftPlan, Span
from tasks.choices import CountyScope

# (以下简称“重点帮扶县”): the document's own word for its counties.
SHORT_NAME = re.compile('以下(?:统)?简称[：:]?[“"「『《]?([^”"」』》，。；）)\\s]{2,12})[”"」』》]?')
OF_PLACES = ("县", "区", "市", "旗", "地区")
FAR_ENOUGH = 20_000  # characters: short names are given near the beginning


def county_term(text: str) -> str:
    """What the document calls its counties, by its own 以下简称; "" when it gives them no name."""
    for found in SHORT_NAME.finditer(text[:FAR_ENOUGH]):
        if found.group(1).endswith(OF_PLACES):
            return found.group(1)
    return ""


def county_scope(text: str, draft: DraftPlan) -> Callable[[DraftItem], str]:
    """Proposes a scope by item: all counties when the document lists some and the item speaks of them."""
    if not draft.counties:
        return lambda item: CountyScope.NONE
    term = county_term(text)
    return lambda item: CountyScope.ALL if not term or term in _flat(item) else CountyScope.NONE


def doubts_of(text: str, draft: DraftPlan, item: DraftItem) -> list[Doubt]:
    found = []
    term = county_term(text) if draft.counties else ""
    if term and term not in _flat(item):
        found.append(_doubt("county_scope", f"没有写“{term}”，按不分县处理，请核对。", item.body.at))
    if not item.units and not item.open_units and not item.doubts:
        found.append(_doubt("no_units", "没有写责任单位，请补充，或作为有则报事项。", item.body.at))
    return found


def _doubt(code: str, reason: str, at: Span) -> Doubt:
    return Doubt(code=code, reason=reason, at=at)


def _flat(item: DraftItem) -> str:
    return "".join(item.body.text.split())
