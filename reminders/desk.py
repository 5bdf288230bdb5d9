"""The office's desk for chasing (催办), prepared for its pages: who owes, whom to call, what was done and read.

One page asks the database a fixed number of times, however many departments, clicks or messages there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import Post, User
from calendars import clock
from calendars.workdays import Workdays
from reminders.choices import Channel, NoticeKind, NoticeState
from reminders.models import Notice
from reminders.rungs import opened_rung
from reminders.services.events import earliest_event
from reminders.wording import chase_message, debt_of
from tasks import debtors
from tasks.choices import OWING, UNDO_WINDOW, EventVerb, PeriodState
from tasks.lateness import days_overdue
from tasks.models import PlanPost, ProgressReport, ReportEvent, ReportingPeriod
from tasks.office_board import Contact, PeriodBoard, contact_of, contacts_of, period_board
from tasks.services.chasing import EMAIL, PHONE, REPEAT_WITHIN
from tasks.wording import short_moment

CHANNEL_WORDS = {"inbox": "站内", "email": "邮件", PHONE: "电话"}
DELIVERED_WITHIN = timedelta(minutes=10)  # of the click; afterwards a chase nobody received is called so


@dataclass
class ChaseLine:
    """What one click (or call) meant for one department. `notices` are the messages it led to, mails included."""

    batch: UUID
    department: int
    name: str
    at: datetime
    by_key: int
    by: str
    channel: str
    words: str
    reports: int
    undone: bool
    notices: list[Notice] = field(default_factory=list)
    has_mail: bool = True  # whether a message that has not gone yet will find an address

    @property
    def channel_words(self) -> str:
        """The channels that were used; before the message goes, those it will go by."""
        asked = self.channel.split(",")
        used = {notice.channel for notice in self.notices} or {name for name in asked if name != EMAIL or self.has_mail}
        return "、".join(words for name, words in CHANNEL_WORDS.items() if name in used)

    @property
    def is_unsent(self) -> bool:
        return not (self.undone or self.notices or self.channel == PHONE)

    @property
    def read_at(self) -> datetime | None:
        return min((notice.read_at for notice in self.notices if notice.read_at), default=None)

    def outcome(self, now: datetime) -> str:
        """What came of it, in a word for a narrow column: 已读, 未读, 待发出, 未送达, 已撤销, 电话."""
        if self.undone:
            return "已撤销"
        if self.channel == PHONE:
            return self.channel_words
        if self.notices:
            return "已读" if self.read_at else "未读"
        return "待发出" if now - self.at < DELIVERED_WITHIN else "未送达"

    def state_words(self, now: datetime) -> str:
        """The same with the time of reading, and whether a mail could not be sent; nothing for a call that stands."""
        if self.channel == PHONE and not self.undone:
            return ""
        read = f" {short_moment(self.read_at)}" if self.read_at and not self.undone else ""
        failed = "，邮件未发出" if any(notice.state == NoticeState.PARKED for notice in self.notices) else ""
        return f"{self.outcome(now)}{read}{failed}"


@dataclass
class Digest:
    """An automatic reminder one person got on one day, in the words of its rung (截止前3天)."""

    at: datetime
    to: str
    words: str
    read_at: datetime | None

    @property
    def state_words(self) -> str:
        return f"已读 {short_moment(self.read_at)}" if self.read_at else "未读"


@dataclass
class DeskRow:
    """One department on the desk: what it still owes, whom to call, how often it was chased.

    `people` are those a message would go to today, by the rule that addresses it; `others` A角 and B角 beside them.
    """

    key: int
    name: str
    contact: Contact
    backup: Contact
    reports: list[ProgressReport]
    state_words: str = ""
    days_overdue: int = 0
    chases: list[ChaseLine] = field(default_factory=list)
    last_words: str = ""
    people: list[Contact] = field(default_factory=list)

    @property
    def people_words(self) -> str:
        return "、".join(person.words for person in self.people)

    @property
    def others(self) -> list[tuple[str, Contact]]:
        told = {person.key for person in self.people}
        posts = (("A角", self.contact), ("B角", self.backup))
        return [(label, one) for label, one in posts if one.name and one.key not in told]

    @property
    def numbers(self) -> str:
        return "、".join(dict.fromkeys(report.item.number for report in self.reports))

    @property
    def last(self) -> ChaseLine | None:
        return self.chases[0] if self.chases else None


@dataclass
class Desk:
    """`late` 未报 and `returned` 退回未改: one row a department. `history`: every click of the month, newest first."""

    board: PeriodBoard
    now: datetime
    late: list[DeskRow]
    returned: list[DeskRow]
    history: list[ChaseLine]

    @property
    def period(self) -> ReportingPeriod:
        return self.board.period

    @property
    def owing(self) -> set[int]:
        """Departments that still owe something of either kind."""
        return {row.key for row in (*self.late, *self.returned)}

    @property
    def reachable(self) -> set[int]:
        """Departments in which somebody would get a message."""
        return {row.key for row in (*self.late, *self.returned) if row.people}

    @property
    def bar(self) -> str:
        """Why no reminder can be sent for this month; empty when it can."""
        if not self.period.is_moving:
            return f"{self.period.label}{self.period.get_state_display()}，只看催办记录。"
        return "补录月份不发提醒，可以电话联系后记为已电话。" if self.period.is_backfill else ""

    def chased_since(self, departments: Iterable[int], *, since: datetime) -> list[ChaseLine]:
        """The latest standing chase of each department that had one after `since`."""
        found: dict[int, ChaseLine] = {}
        wanted = set(departments)
        for line in self.history:
            if line.department in wanted and not line.undone and line.at > since:
                found.setdefault(line.department, line)
        return list(found.values())

    def recent(self, departments: Iterable[int]) -> list[ChaseLine]:
        """Those of the departments about which a chase would ask first: chased within a day."""
        return self.chased_since(departments, since=self.now - REPEAT_WITHIN)

    def unsent(self, departments: Iterable[int]) -> list[ChaseLine]:
        """Chases of the departments whose messages still wait to be written: another would say the same twice."""
        since, wanted = earliest_event(self.now), set(departments)
        return [line for line in self.history if line.department in wanted and line.is_unsent and line.at >= since]

    def last_click_of(self, user: User) -> dict | None:
        """What the undo bar offers: the user's latest click of the last minute."""
        mine = [line for line in self.history if not line.undone and line.by_key == user.pk]
        fresh = [line for line in mine if self.now - line.at < UNDO_WINDOW]
        if not fresh:
            return None
        click = [line for line in fresh if line.batch == fresh[0].batch]
        return {
            "batch": click[0].batch,
            "is_call": click[0].channel == PHONE,
            "names": [line.name for line in click],
            "reports": sum(line.reports for line in click),
            "until": click[0].at + UNDO_WINDOW,
        }


def periods_at_hand(user: User) -> list[ReportingPeriod]:
    """Months under way in all plans the user may read, the earliest due first."""
    periods = ReportingPeriod.objects.visible_to(user).moving().select_related("plan", "settings")
    return list(periods.order_by("due_at", "pk"))


def desk_of(period: ReportingPeriod, *, now: datetime | None = None) -> Desk:
    """Everything the desk shows of one month: thirteen queries."""
    now = now or clock.now()
    board = period_board(period, now=now)
    history = chases_of(period, board.reports)
    by_department: dict[int, list[ChaseLine]] = {}
    for line in history:
        if not line.undone:
            by_department.setdefault(line.department, []).append(line)
    late = [
        DeskRow(row.key, row.name, row.contact, row.backup, row.reports, row.state_words, row.days_overdue)
        for row in (board.late if period.is_moving else [])
    ]
    returned = _returned_rows(board, now) if period.is_moving else []
    debtors_today = debtors.load(clock.local_date(now))
    for row in (*late, *returned):
        row.people = _people(row, period, debtors_today)
    has_mail = _with_mail([*late, *returned])
    for line in history:
        line.has_mail = has_mail.get(line.department, True)
    for row in (*late, *returned):
        row.chases = by_department.get(row.key, [])
        row.last_words = row.last.outcome(now) if row.last else ""
    return Desk(board, now, late, returned, history)


def _people(row: DeskRow, period: ReportingPeriod, today: debtors.Debtors) -> list[Contact]:
    """Whom a message about the row goes to, A角 before who stands in."""
    keys = {key for report in row.reports for key in today.of(period.plan_id, row.key, report.due_at)}
    people = [contact_of(today.users[key], today.standing_of(key, period.plan_id, row.key)) for key in sorted(keys)]
    return sorted(people, key=lambda person: bool(person.standing))


def _with_mail(rows: Iterable[DeskRow]) -> dict[int, bool]:
    """Whether a message to the department goes by mail to anybody."""
    found: dict[int, bool] = {}
    for row in rows:
        by_mail = settings.MAIL_READY and any(person.email for person in row.people)
        found[row.key] = found.get(row.key, False) or by_mail
    return found


def _returned_rows(board: PeriodBoard, now: datetime) -> list[DeskRow]:
    grouped: dict[int, list[ProgressReport]] = {}
    for report in board.returned:
        if report.required:
            late = report.return_due_at and not board.period.is_backfill
            report.return_overdue = days_overdue(report.return_due_at, on=clock.local_date(now)) if late else 0
            grouped.setdefault(report.duty_of_id, []).append(report)
    contacts = contacts_of(grouped, plan=board.period.plan_id, on=clock.local_date(now))
    return [DeskRow(key, owed[0].duty_of.name, *contacts[key], owed) for key, owed in grouped.items()]


def chases_of(period: ReportingPeriod, reports: Iterable[ProgressReport]) -> list[ChaseLine]:
    """Every chase of the month by department, the latest first, with the messages it led to. Two queries."""
    events = ReportEvent.objects.filter(report__period=period, verb=EventVerb.CHASED)
    grouped = events.order_by().values_list(
        "batch", "report__duty_of", "report__duty_of__name", "at", "by", "by__name", "channel", "reason"
    )
    lines = [
        ChaseLine(*columns, reports=number, undone=bool(undone))
        for *columns, number, undone in grouped.annotate(number=Count("pk"), undone=Count("undone_by")).order_by(
            "-at", "report__duty_of__protocol_order", "report__duty_of"
        )
    ]
    _hand_out(lines, reports)
    return lines


def _hand_out(lines: list[ChaseLine], reports: Iterable[ProgressReport]) -> None:
    """Give each line the messages of its click that speak of its department's reports."""
    department_of = {report.pk: report.duty_of_id for report in reports}
    wanted = {(line.batch, line.department): line for line in lines}
    for notice in Notice.objects.filter(batch__in={line.batch for line in lines}, kind=NoticeKind.CHASE):
        for department in {department_of.get(key) for key in notice.report_ids}:
            if line := wanted.get((notice.batch, department)):
                line.notices.append(notice)


def digests_of(period: ReportingPeriod, department: int, reports: Iterable[ProgressReport]) -> list[Digest]:
    """Automatic reminders that spoke of the department's reports of this month, the latest first; three queries."""
    own = {report.pk: report for report in reports if report.duty_of_id == department}
    posted = Q(user__in=Post.objects.filter(department=department).values("user"))
    named = Q(user__in=PlanPost.objects.filter(department=department, plan=period.plan_id).values("user"))
    sent = Notice.objects.digests().filter(posted | named, channel=Channel.INBOX)
    if period.opened_at:
        sent = sent.filter(day__gte=clock.local_date(period.opened_at))
    rows, workdays = [], Workdays()
    for notice in sent.select_related("user").latest_first():
        spoken_of = [own[key] for key in notice.report_ids if key in own]
        if spoken_of:
            due = min(report.due_at for report in spoken_of)
            rung = opened_rung(due, _rungs(period), now=notice.written_at, workdays=workdays)
            words = rung.words if rung else "每日提醒"
            rows.append(Digest(notice.written_at, notice.user.name, words, notice.read_at))
    return rows


def _rungs(period: ReportingPeriod) -> list[int]:
    return period.settings.reminder_rungs if period.settings else []


def preview_of(row: DeskRow, desk: Desk) -> tuple[str, dict]:
    """Subject and content of the message a chase of this department would send now: all it owes, of both tabs."""
    owed = [report for one in (*desk.late, *desk.returned) if one.key == row.key for report in one.reports]
    debts = [debt_of(report, desk.now) for report in sorted(owed, key=lambda report: report.pk)]
    return chase_message(row.people[0].name if row.people else "联络员", debts, contact=desk.period.contact)


@dataclass
class SheetRow:
    """报送情况表: how one department stands in the month."""

    name: str
    expected: int = 0
    filed: int = 0
    late: int = 0
    owed: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    chases: int = 0


def sheet_rows(desk: Desk) -> list[SheetRow]:
    """One row a department asked in the month, in office order; no ranking."""
    rows: dict[int, SheetRow] = {}
    ordered = sorted(desk.board.required, key=lambda report: (report.duty_of.protocol_order, report.duty_of_id))
    for report in ordered:
        row = rows.setdefault(report.duty_of_id, SheetRow(report.duty_of.name))
        row.expected += 1
        if report.state == "returned":
            row.returned.append(report.item.number)
        elif report.state in OWING or report.state == "lapsed":
            row.owed.append(report.item.number)
        else:
            row.filed += 1
            row.late += bool(report.days_late)
    for line in desk.history:
        if line.department in rows and not line.undone:
            rows[line.department].chases += 1
    return list(rows.values())


def neighbours(period: ReportingPeriod) -> dict:
    """‹ 10月 › over the opened months of the same plan, for the top bar. One query."""
    opened = list(ReportingPeriod.objects.filter(plan=period.plan_id, kind=period.kind).opened().in_order())
    keys = [one.pk for one in opened]
    place = keys.index(period.pk)
    return {
        "label": f"{period.start.month}月",
        "prev_url": f"?period={keys[place - 1]}" if place else "",
        "next_url": f"?period={keys[place + 1]}" if place + 1 < len(keys) else "",
    }


def default_period(periods: list[ReportingPeriod], plan: int | None = None) -> ReportingPeriod | None:
    """The month the desk opens on: one being filed in the ordinary way, the latest; else any under way."""
    own = [one for one in periods if plan is None or one.plan_id == plan] or periods
    ordinary = [one for one in own if one.state == PeriodState.OPEN and not one.is_backfill]
    return max(ordinary or own, key=lambda one: one.start, default=None)
