"""What the messages say. The result is plain data, frozen with the notice and laid out when it is shown or sent:

`{"greeting": str, "groups": [{"title": str, "lines": [{"text": str, "url": "/progress/5/"}]}], "closing": [str]}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.urls import reverse

from tasks.choices import EventVerb, ReportField, ReportState
from tasks.deadlines import Deadline, deadline_of
from tasks.models import ProgressReport
from tasks.wording import moment_words

LONGEST_LIST = 20  # lines of one message; the rest is counted
LONGEST_SUBJECT = 120
NOTHING_NEW = "没有新进展的，选“无新进展”即可。"


@dataclass(frozen=True)
class Debt:
    """One report somebody owes, as a message names it."""

    pk: int
    department: str
    number: str
    title: str
    period: str
    deadline: Deadline
    is_returned: bool = False  # handed in already and not mended since

    @property
    def url(self) -> str:
        return _progress_address().format(self.pk)

    @property
    def words(self) -> str:
        """第16项 农村供水（2024年10月）：截止 10月25日（周五）18:00，还剩 3 天"""
        back = "退回未改，" if self.is_returned else ""
        return f"第{self.number}项 {self.title}（{self.period}）：{back}{self.deadline.text}"


def debt_of(report: ProgressReport, now: datetime) -> Debt:
    """Needs `item`, `item_revision`, `duty_of` and `period`."""
    return Debt(
        pk=report.pk,
        department=report.duty_of.name,
        number=report.item.number,
        title=report.item_revision.title,
        period=report.period.label,
        deadline=deadline_of(report, now=now),
        is_returned=report.state == ReportState.RETURNED,
    )


@cache
def _progress_address() -> str:
    """The address of a report's form with a gap for its key: `reverse` for each line would be half of a large tick."""
    return reverse("tasks:progress-edit", args=(0,)).replace("/0/", "/{}/")


def digest_message(
    name: str, debts: Sequence[Debt], *, owed: int, waiting: int, contacts: Iterable[str] = ()
) -> tuple[str, dict]:
    """Subject and content of one person's day: what he owes (`debts`, the first of `owed`) and what waits for him."""
    groups, parts = [], []
    if owed:
        overdue = any(debt.deadline.days_late for debt in debts)
        parts.append(f"{owed} 项{'进展逾期未报' if overdue else '进展待报送'}")
        groups += _by_department(debts)
        if owed > len(debts):
            more = {"text": f"另有 {owed - len(debts)} 项，请登录系统查看", "url": reverse("tasks:progress-list")}
            groups.append({"title": "其他", "lines": [more]})
    if waiting:
        parts.append(f"{waiting} 份报送待审")
        line = {"text": f"{waiting} 份报送等待审核", "url": reverse("tasks:review-queue")}
        groups.append({"title": "待审核", "lines": [line]})
    unfiled = [debt for debt in debts if not debt.is_returned]
    closing = ([NOTHING_NEW] if unfiled else []) + contact_lines(contacts)
    return subject_of("，".join(parts)), {"greeting": f"{name}：", "groups": groups, "closing": closing}


def chase_message(name: str, debts: Sequence[Debt], *, contact: str = "") -> tuple[str, dict]:
    """One message for everything a person's department owes in a month, whatever the number of items."""
    departments = "、".join(dict.fromkeys(debt.department for debt in debts))
    period = debts[0].period
    returned = sum(debt.is_returned for debt in debts)
    parts, closing = [], []
    if unfiled := len(debts) - returned:
        parts.append(f"{unfiled} 项未报送")
        closing.append("请尽快填报。" + NOTHING_NEW)
    if returned:
        parts.append(f"{returned} 项退回未改")
        closing.append("退回的请按退回理由修改后重报。")
    content = {
        "greeting": f"{name}：",
        "groups": _by_department(debts),
        "closing": [*closing, *contact_lines([contact])],
    }
    return subject_of(f"{departments}{period}进展尚有 {'、'.join(parts)}"), content


def return_message(
    name: str, debt: Debt, *, verb: str, reason: str, field: str, wanted_by: datetime | None, contact: str = ""
) -> tuple[str, dict]:
    """退回 or 修订重开: why, which field, and until when it is wanted again."""
    back = "已退回" if verb == EventVerb.RETURNED else "因月报修订重开"
    lines = [{"text": f"第{debt.number}项 {debt.title}（{debt.period}）：去修改", "url": debt.url}]
    closing = [
        f"理由：{reason.rstrip('。；，')}。" if reason else "",
        f"所指栏目：{ReportField(field).label}。" if field else "",
    ]
    closing.append(f"请在 {moment_words(wanted_by)} 前重报。" if wanted_by else "请修改后重新提交。")
    content = {
        "greeting": f"{name}：贵单位的报送{back}。",
        "groups": [{"title": debt.department, "lines": lines}],
        "closing": [line for line in closing if line] + contact_lines([contact]),
    }
    return subject_of(f"{debt.department}第{debt.number}项{debt.period}报送{back}"), content


def correction_message(name: str, subject: str) -> tuple[str, dict]:
    """更正 of a message that went out before its cause was undone."""
    content = {
        "greeting": f"{name}：",
        "groups": [],
        "closing": [f"此前发出的“{subject}”已撤销，请以系统中的最新状态为准，不用再按该通知办理。"],
    }
    return f"【更正】{subject}"[:LONGEST_SUBJECT], content


def subject_of(words: str) -> str:
    return f"【月调度提醒】{words}"[:LONGEST_SUBJECT]


def contact_lines(contacts: Iterable[str]) -> list[str]:
    return [f"联系人：{contact}。" for contact in dict.fromkeys(contacts) if contact]


def _by_department(debts: Sequence[Debt]) -> list[dict]:
    groups: dict[str, list[dict]] = {}
    for debt in debts[:LONGEST_LIST]:
        groups.setdefault(debt.department, []).append({"text": debt.words, "url": debt.url})
    return [{"title": title, "lines": lines} for title, lines in groups.items()]
