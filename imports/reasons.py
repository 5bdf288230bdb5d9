"""Why an item still waits for a person: doubts of the reading, and what the register or the office must settle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from imports.models import ImportDoubt, ImportItem, ImportUnit

OPEN_UNIT = "open_unit"
ODD_NAMES = ("odd_name", "long_name")


@dataclass(frozen=True)
class Reason:
    """One thing to look at. `blocks`: confirming the item does not settle it, it must be decided first."""

    code: str
    sentence: str
    start: int | None
    end: int | None
    blocks: bool
    unit: ImportUnit | None = None
    doubt: ImportDoubt | None = None


def reasons_of(item: ImportItem) -> list[Reason]:
    """Everything open about the item, in document order; no query when its units and doubts are prefetched."""
    found = [*_unmatched(item), *_repeated(item), *_open_units(item), *_doubts(item)]
    return sorted(found, key=lambda reason: (reason.start is None, reason.start))


def blocking(item: ImportItem) -> list[Reason]:
    return [reason for reason in reasons_of(item) if reason.blocks]


def _unmatched(item: ImportItem):
    for unit in item.units.all():
        if unit.department_id is None:
            sentence = f"“{unit.name}”在单位名录中没有找到，请选择对应单位、新增单位或移除。"
            yield Reason("unit_unmatched", sentence, unit.start, unit.end, True, unit=unit)


def _repeated(item: ImportItem):
    """A department holds one part of an item once."""
    units = [unit for unit in item.units.all() if unit.department_id]
    times = Counter((unit.department_id, unit.scope) for unit in units)
    seen = set()
    for unit in units:
        part = (unit.department_id, unit.scope)
        if times[part] > 1 and part in seen:
            sentence = f"“{unit.name}”在本项中重复出现，请移除一个或写明各自所涉部分。"
            yield Reason("unit_repeated", sentence, unit.start, unit.end, True, unit=unit)
        seen.add(part)


def _open_units(item: ImportItem):
    if not item.open_units or item.open_units_decision:
        return
    found = [doubt for doubt in item.doubts.all() if doubt.code == OPEN_UNIT and doubt.is_open]
    for doubt in found:
        yield Reason(OPEN_UNIT, doubt.reason, doubt.start, doubt.end, True, doubt=doubt)
    if not found:
        sentence = f"“{item.open_units}”没有列出具体单位，系统不猜测，请选择只保留原文或补充单位。"
        yield Reason(OPEN_UNIT, sentence, item.start, item.end, True)


def _doubts(item: ImportItem):
    for doubt in item.doubts.all():
        if doubt.is_open and doubt.code != OPEN_UNIT and not _answered_by_register(doubt):
            yield Reason(doubt.code, doubt.reason, doubt.start, doubt.end, False, unit=doubt.unit, doubt=doubt)


def _answered_by_register(doubt: ImportDoubt) -> bool:
    """A name that looks odd and is in the register is no longer odd."""
    return doubt.code in ODD_NAMES and doubt.unit is not None and doubt.unit.department_id is not None
