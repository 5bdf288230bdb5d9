"""Names as documents write them → departments and counties of the registers, with the same few queries for any number.

Nothing is guessed: a name leads to a department when exactly one goes by it, else close ones are offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from calendars import clock
from counties.models import County
from departments.choices import AliasKind
from departments.models import Department
from imports.choices import MatchedBy
from imports.places import LEVELS, PROVINCES, Place, province_of

MOST_CANDIDATES = 5
CLOSE_ENOUGH = 0.6  # share of equal characters from which a name is offered
LONGEST_NAME = 60  # characters compared
BRACKETED = re.compile(r"\([^()]{0,60}\)")
PREFIX = re.compile(rf"^(?:中共)?(?:{'|'.join(PROVINCES)})?(?:{'|'.join(LEVELS)})?委?")
ENDING = re.compile(r"(?:委|厅|局|办|部|处|院|会|中心|公司)$")
# Ways to write the same office, longest first: 发展和改革委员会 is 发展改革委.
SPELLINGS = (("委员会办公室", "委办"), ("委员会", "委"), ("办公室", "办"), ("和", ""), ("与", ""), ("、", ""))


@dataclass(frozen=True)
class Match:
    """A department found for sure with the way it was found, or close ones to choose from, the closest first."""

    department: Department | None = None
    by: str = ""
    candidates: tuple[Department, ...] = ()


def key_of(name: str) -> str:
    """A name without what writing it differently changes: full-width forms, white space, kinds of brackets."""
    name = unicodedata.normalize("NFKC", name[: LONGEST_NAME * 2])
    return "".join(name.split()).translate({0x3014: "(", 0x3015: ")", 0x3010: "(", 0x3011: ")"})[:LONGEST_NAME]


def spelled(key: str) -> str:
    """A key with its abbreviations evened out."""
    key = BRACKETED.sub("", key)
    for long, short in SPELLINGS:
        key = key.replace(long, short)
    return key


class DepartmentRegister:
    """The register of departments by every name, read once: two queries."""

    def __init__(self, departments: Iterable[Department], place: Place = Place()):  # noqa: B008 — frozen
        self.place = place
        self.departments = {department.pk: department for department in departments}
        self._ways: dict[str, dict[str, set[int]]] = {way: defaultdict(set) for way in MatchedBy}
        for department in self.departments.values():
            self._enter(department)

    @classmethod
    def load(cls, place: Place = Place()) -> DepartmentRegister:  # noqa: B008
        """Departments of today, and those that another took over from."""
        departments = Department.objects.prefetch_related("aliases").in_protocol_order()
        today = clock.today()
        return cls([one for one in departments if one.successor_id or not one.valid_to or one.valid_to >= today], place)

    def match(self, name: str, full_name: str = "") -> Match:
        """The department that `name`, or else the completed `full_name`, stands for."""
        for way, key, said in self._questions(key_of(name), key_of(full_name)):
            found = self._ours(self._ways[way].get(key, ()))
            if len(found) == 1:
                return Match(found[0], said)
            if found:
                return Match(candidates=tuple(found[:MOST_CANDIDATES]))
        return Match(candidates=self._close(name, full_name))

    def namesake(self, name: str, full_name: str = "") -> Department | None:
        """Who goes by the very name but belongs to another province than the document: never taken unasked."""
        for way, key, _ in self._questions(key_of(name), key_of(full_name)):
            if found := self._ways[way].get(key):
                theirs = [self.departments[pk] for pk in sorted(found)]
                return theirs[0] if len(theirs) == 1 and self._foreign(theirs[0]) else None
        return None

    def _enter(self, department: Department) -> None:
        now = self._current(department)
        names = [(MatchedBy.NAME, department.name), (MatchedBy.FULL_NAME, department.full_name)]
        names += [
            (MatchedBy.FORMER if alias.kind == AliasKind.FORMER else MatchedBy.ALIAS, alias.name)
            for alias in department.aliases.all()
        ]
        for way, name in names:
            # A department that was merged is found by its name of old, and leads to who took over.
            self._ways[way if now == department.pk else MatchedBy.FORMER][key_of(name)].add(now)
            self._ways[MatchedBy.SPELLING][spelled(key_of(name))].add(now)

    def _current(self, department: Department) -> int:
        seen = set()
        while department.successor_id in self.departments and department.pk not in seen:
            seen.add(department.pk)
            department = self.departments[department.successor_id]
        return department.pk

    def _questions(self, name: str, full_name: str):
        """(names asked, key, what to call it) in the order of trust: as written, completed, other names, spellings."""
        written = [key for key in dict.fromkeys((name, BRACKETED.sub("", name), full_name)) if key]
        completed = [form for key in written for form in self.place.completions(key)]
        for way in (MatchedBy.NAME, MatchedBy.FULL_NAME):
            yield from ((way, key, way) for key in written)
        for way in (MatchedBy.NAME, MatchedBy.FULL_NAME):
            yield from ((way, key, MatchedBy.PREFIX) for key in completed)
        for way in (MatchedBy.ALIAS, MatchedBy.FORMER):
            yield from ((way, key, way) for key in (*written, *completed))
        yield from ((MatchedBy.SPELLING, spelled(key), MatchedBy.SPELLING) for key in (*written, *completed))

    def _ours(self, keys: Iterable[int]) -> list[Department]:
        """Without those of another province: their 省财政厅 is not ours."""
        departments = (self.departments[pk] for pk in sorted(keys))
        return [department for department in departments if not self._foreign(department)]

    def _foreign(self, department: Department) -> bool:
        theirs = province_of(department.full_name)
        return bool(self.place.province and theirs and theirs != self.place.province)

    def _close(self, name: str, full_name: str) -> tuple[Department, ...]:
        wanted = [key for key in dict.fromkeys((key_of(name), key_of(full_name))) if key]
        ranked = sorted(self._likeness(wanted).items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(self.departments[pk] for pk, _ in ranked[:MOST_CANDIDATES])

    def _likeness(self, wanted: list[str]) -> dict[int, float]:
        likeness: dict[int, float] = {}
        for key in wanted:
            for spelling, keys in self._ways[MatchedBy.SPELLING].items():
                share = _likeness(spelled(key), spelling)
                for pk in keys if share >= CLOSE_ENOUGH else ():
                    likeness[pk] = max(share, likeness.get(pk, 0))
        return likeness


def _likeness(one: str, other: str) -> float:
    """How much two spelled names are alike; 0 when they share no more than what all offices of a place share."""
    if one == other or one == initials_of(other):
        return 1.0
    if not _alike_at_core(core_of(one), core_of(other)):
        return 0.0
    return 1.0 if initials_of(one) == initials_of(other) else _share(one, other)


def _alike_at_core(one: str, other: str) -> bool:
    """省监委 is not 省农委, nor 省财政厅 省民政厅; a shortened name like 交通 keeps all its characters in 交通运输."""
    if not set(one) & set(other):
        return False  # most pairs, without the real comparison
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    return shared == min(len(one), len(other)) or 2 * shared >= CLOSE_ENOUGH * (len(one) + len(other))


@lru_cache(maxsize=4096)
def core_of(spelled_name: str) -> str:
    """What tells an office from the others of its place: 省农业农村厅 → 农业农村; "" for 省委 and 省委办."""
    return ENDING.sub("", PREFIX.sub("", spelled_name))


def _share(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The two quick upper bounds spare most pairs the real comparison.
    if matcher.real_quick_ratio() < CLOSE_ENOUGH or matcher.quick_ratio() < CLOSE_ENOUGH:
        return 0.0
    return matcher.ratio()


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """First letters of the pinyin: 省财政厅 and the typed sczt are alike; a homophone typed wrongly as well."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


class CountyRegister:
    """The register of counties by name, with or without the prefecture in front: one query."""

    def __init__(self, counties: Iterable[County]):
        self._named: dict[str, set[int]] = defaultdict(set)
        self.counties = {county.pk: county for county in counties}
        for county in self.counties.values():
            prefecture = key_of(county.prefecture.name)
            for name in (county.name, prefecture + county.name, prefecture.removesuffix("市") + county.name):
                self._named[key_of(name)].add(county.pk)

    @classmethod
    def load(cls) -> CountyRegister:
        return cls(County.objects.filter(valid_to=None).select_related("prefecture"))

    def match(self, name: str) -> County | None:
        found = self._named.get(key_of(name), ())
        return self.counties[next(iter(found))] if len(found) == 1 else None
