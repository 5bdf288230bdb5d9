"""What the review proposes beyond the draft: which counties an item concerns, and doubts of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.draft import Doubt, DraftItem, DraftPlan
from tasks.choices import CountyScope

# (以下简称“重点帮扶县”): the document's own word for its counties.
SHORT_NAME = re.compile('以下(?:统)?简称[：:]?[“"「『《]?([^”"」』》，。；）)\\s]{2,12})[”"」』》]?')
COUNTY_SCOPE = "county_scope"  # code of the doubt
OF_PLACES = ("县", "区", "市", "旗", "地区")
FAR_ENOUGH = 20_000  # characters: short names are given near the beginning


def county_term(text: str) -> str:
    """What the document calls its counties, by its own 以下简称; "" when it gives them no name."""
    for found in SHORT_NAME.finditer(text[:FAR_ENOUGH]):
        if found.group(1).endswith(OF_PLACES):
            return found.group(1)
    return ""


@dataclass(frozen=True)
class CountyRule:
    """Which counties an item concerns: all of them when the document lists some and the item speaks of them."""

    listed: bool
    term: str

    @classmethod
    def of(cls, text: str, draft: DraftPlan) -> CountyRule:
        return cls(bool(draft.counties), county_term(text) if draft.counties else "")

    def scope(self, item: DraftItem) -> str:
        return CountyScope.ALL if self.listed and not self._is_silent(item) else CountyScope.NONE

    def doubts(self, item: DraftItem) -> list[Doubt]:
        if not self._is_silent(item):
            return []
        return [Doubt(COUNTY_SCOPE, f"没有写“{self.term}”，先按不分县处理，请核对。", item.body.at)]

    def _is_silent(self, item: DraftItem) -> bool:
        return bool(self.term) and self.term not in "".join(item.body.text.split())
