"""How the parts of a month are put into words: fixed rules only, no judgement is written by the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.choices import WORST_FIRST, AssignmentRole, Light, MonthKind, ReportState

NOT_FILED = "未报"
RETURNED_UNANSWERED = "退回未改"
SENTENCE_ENDS = re.compile(r"[。；\n]")
# Best to worst; lights outside this order have no better or worse.
BEST_FIRST = tuple(reversed(WORST_FIRST))


def said(text: dict | None) -> str:
    """One department's month as one text: the progress, or 「无新进展」 with its reason."""
    if not text:
        return ""
    if text["kind"] == MonthKind.NO_CHANGE:
        reason = text["no_change_reason"].strip()
        return f"无新进展（{reason.rstrip('。')}）。" if reason else "无新进展。"
    return text["progress_text"].strip()


def first_sentence(text: str) -> str:
    """Up to the first 。 or ；, which is left out; a line break ends it too."""
    return SENTENCE_ENDS.split(text.strip(), maxsplit=1)[0]


def brief(text: str) -> str:
    """The first sentence of each part, for tables that must fit one page."""
    return "\n".join(first_sentence(line) for line in text.splitlines() if line.strip())


def joined(parts: Iterable[tuple[str, str]], *, shared: bool) -> str:
    """Parts (department, text) in document order; a shared item names the department before each."""
    kept = [(department, text) for department, text in parts if text]
    return "\n".join(f"{department}：{text}" if shared else text for department, text in kept)


def units(names_by_role: dict[str, list[str]], open_units: str) -> str:
    """责任单位: 「省水利厅（牵头）；省财政厅（配合）」, with what the document leaves open as written."""
    groups = [(role, names) for role in AssignmentRole.values if (names := names_by_role.get(role))]
    if not groups:
        return open_units
    texts = [f"{'、'.join(names)}{open_units if at == 0 else ''}（{AssignmentRole(role).label}）"
             for at, (role, names) in enumerate(groups)]  # fmt: skip
    return "；".join(texts)


def arrow(before: str, now: str) -> str:
    """↑ better, ↓ worse, → the same; empty when one of the two was not rated."""
    if before not in BEST_FIRST or now not in BEST_FIRST:
        return ""
    step = BEST_FIRST.index(Light(now)) - BEST_FIRST.index(Light(before))
    return "→" if step == 0 else ("↓" if step > 0 else "↑")


def filing(expected: int, filed: int, waived: int) -> str:
    """「4/5」; 「有则报」 when nobody must report, 「免报」 when everybody who must was excused."""
    if expected:
        return f"{filed}/{expected}"
    return "免报" if waived else "有则报"


def state_words(state: str, *, returned: bool) -> str:
    """Filing state as the report prints it: what never came is 未报, what came back unmended 退回未改."""
    if returned:
        return RETURNED_UNANSWERED
    if state in (ReportState.AWAITING, ReportState.DRAFT, ReportState.RETURNED, ReportState.LAPSED):
        return NOT_FILED
    return ReportState(state).label
