"""What a report must hold to be handed in. One place for form, API and service."""

from __future__ import annotations

import re
from datetime import date

from tasks.choices import SELF_RATED, MonthKind
from tasks.models import ProgressReport

TEXT_FIELDS = ("progress_text", "problems", "coordination", "next_step", "no_change_reason")
DRAFT_FIELDS = ("kind", *TEXT_FIELDS, "self_light", "approver", "approved_on")
# Placeholders left in from templates: 「**户**人」「XX万元」「××」.
PLACEHOLDER = re.compile(r"\*{2,}|[XxＸ]{2,}|×{2,}")

REQUIRED: dict[str, tuple[str, ...]] = {
    MonthKind.PROGRESS: ("progress_text", "next_step", "self_light", "approver", "approved_on"),
    MonthKind.NO_CHANGE: ("approver",),
    MonthKind.COMPLETED: ("progress_text", "approver", "approved_on"),
}
# Texts that count in a kind of month: what else a draft still holds is not handed in, so nothing in it can be wrong.
COUNTED_TEXTS: dict[str, tuple[str, ...]] = {
    MonthKind.PROGRESS: ("progress_text", "problems", "coordination", "next_step"),
    MonthKind.NO_CHANGE: ("no_change_reason",),
    MonthKind.COMPLETED: ("progress_text", "problems", "coordination", "next_step"),
}
MISSING = {
    "progress_text": "进展情况：请写明本月进展。如果本月没有新进展，请选“无新进展”。",
    "next_step": "下一步打算：请写明下一步怎么做、什么时候完成。",
    "self_light": "自评灯：请选择正常、滞后或严重滞后。",
    "approver": "审签人：请填写本单位审签人姓名。",
    "approved_on": "审签日期：请填写审签日期，如 2024-10-23。",
}


def max_length(field: str) -> int:
    return ProgressReport._meta.get_field(field).max_length


def too_long(values: dict) -> dict[str, list[str]]:
    """Length errors of texts, also held against drafts: nothing longer can be stored."""
    errors: dict[str, list[str]] = {}
    for field in (*TEXT_FIELDS, "approver"):
        text, limit = values.get(field) or "", max_length(field)
        if len(text) > limit:
            label = ProgressReport._meta.get_field(field).verbose_name
            errors[field] = [f"{label}：最多{limit}字，现在{len(text)}字，请删减{len(text) - limit}字。"]
    return errors


def filing_errors(values: dict, *, today: date) -> dict[str, list[str]]:
    """Everything that forbids handing in, as field name → sentences. `today` is the local date (Asia/Shanghai)."""
    kind = values.get("kind")
    if kind not in REQUIRED:
        return {"kind": ["本月情况：请选择有新进展、无新进展或已完成。"]}
    errors = too_long(values)
    for field in REQUIRED[kind]:
        if not values.get(field):
            errors.setdefault(field, []).append(MISSING[field])
    for field in COUNTED_TEXTS[kind]:
        found = PLACEHOLDER.search(values.get(field) or "")
        if found:
            label = ProgressReport._meta.get_field(field).verbose_name
            errors.setdefault(field, []).append(f"{label}：“{found.group()}”处还没有填写，请换成实际内容。")
    if kind == MonthKind.PROGRESS and values.get("self_light") and values["self_light"] not in SELF_RATED:
        errors.setdefault("self_light", []).append(MISSING["self_light"])
    if values.get("approved_on") and values["approved_on"] > today:
        errors.setdefault("approved_on", []).append("审签日期：不能晚于今天。")
    return errors


SAME_AS_LAST_MONTH = 0.9  # from here on a text carries the flag 与上月雷同


def is_same_as_last(values: dict, earlier: dict | None) -> bool:
    """Whether the progress text is last month's over again, by its characters in order (the first 1,000)."""
    from difflib import SequenceMatcher  # only the filing and review pages need it

    text, before = values.get("progress_text") or "", (earlier or {}).get("progress_text") or ""
    if not text or not before:
        return False
    matcher = SequenceMatcher(None, text[:1000], before[:1000], autojunk=False)
    # Upper bounds first: a review page compares fifty texts, and a full comparison takes some 10 ms.
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= SAME_AS_LAST_MONTH for bound in bounds)


def warnings(values: dict, earlier: dict | None) -> list[str]:
    """Soft remarks that do not forbid handing in. `earlier` is last month's text as submitted, if any."""
    remarks = []
    if is_same_as_last(values, earlier):
        remarks.append("进展情况与上月文字基本相同。如确有新进展，请写明变化；没有新进展，请选“无新进展”。")
    return remarks
