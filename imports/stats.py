"""The numbers above a review: how much was read, and whether the numbers of sections and items run on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from documents.parsing.numerals import chinese_number
from imports.models import DocumentImport, ImportItem
from tasks.choices import AssignmentRole


def strip(document: DocumentImport, items: Sequence[ImportItem], *, check: int, agreed: int) -> list[dict]:
    """The strip on top, as `_stats.html` wants it. `items` are those to be imported."""
    units = [unit for item in items for unit in item.units.all()]
    bodies = {unit.department_id or unit.name for unit in units}
    leads = sum(any(unit.role == AssignmentRole.LEAD for unit in item.units.all()) for item in items)
    counties = list(document.counties_found.all())
    unknown = sum(found.county_id is None and not found.settled for found in counties)
    return [
        {"label": "板块", **section_words(document)},
        {"label": "工作事项", "value": len(items), "note": number_words([item.number for item in items])},
        {"label": "责任单位", "value": len(bodies), "note": f"{len(units)} 条责任分工"},
        {"label": "县（市、区）", "value": len(counties), "note": county_words(len(counties), unknown)},
        {"label": "牵头 / 共同负责", "value": f"{leads} / {len(items) - leads}", "note": "不推定牵头"},
        {"label": "需确认", "value": check, "note": f"一致 {agreed}"},
    ]


def section_words(document: DocumentImport) -> dict:
    tops = [section for section in document.sections.all() if section.parent_id is None]
    numbers = [value_of(section.number) for section in tops]
    running = len(tops) > 1 and numbers == list(range(1, len(tops) + 1))
    return {"value": len(tops), "note": f"{tops[0].number}至{tops[-1].number}连续" if running else ""}


def number_words(numbers: list[str]) -> str:
    """Whether the numbers run on: 序号 1–31 连续, else what is missing or said twice."""
    values = [value_of(number) for number in numbers]
    if not values or None in values:
        return ""
    if values == list(range(1, len(values) + 1)):
        return f"序号 1–{len(values)} 连续"
    times = Counter(values)
    if values.count(1) > 1:
        return "各板块分别编号"
    missing = [value for value in range(1, max(values) + 1) if value not in times]
    if len(missing) > 5 or max(values) > 2 * len(values):
        return "序号不连续"
    twice = [value for value, count in times.items() if count > 1]
    return f"缺 {'、'.join(map(str, missing))}" if missing else f"重复 {'、'.join(map(str, twice[:5]))}" * bool(twice)


def value_of(number: str) -> int | None:
    """1, （一） and 第三条 as a number; None for anything else."""
    bare = number.strip("()（）[]〔〕#.．、 　").removeprefix("第").removesuffix("条")
    if bare.isascii() and bare.isdecimal() and len(bare) < 5:
        return int(bare)
    return chinese_number(bare[:8])


def county_words(counted: int, unknown: int) -> str:
    if unknown:
        return f"{unknown} 个待核对"
    return "附件名单" if counted else "文件未列"
