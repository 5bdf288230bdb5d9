"""Builds the example through the services, each step at its own moment of the product's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

import reminders.services
import reports.services
from accounts.models import User
from accounts.services import answer_suggestion, write_suggestion
from accounts.services.passwords import initial_password
from calendars import clock
from calendars.services import load_fixture
from counties.loading import load_counties
from counties.models import County
from departments.loading import load_departments
from reminders.models import Notice
from tasks import services
from tasks.choices import CoordinationState, Light, MonthKind, ReportState
from tasks.loading import load_plan
from tasks.models import CoordinationRequest, Plan, ProgressReport, ReportingPeriod
from web.demo import people, scenario, signins
from web.demo.moments import MINUTE, PastMonth, Timeline, Window, timeline
from web.demo.scenario import PRESENT, REQUESTS, RETURNS, USUAL_RETURN, Turn

LABEL = "演示数据"


@transaction.atomic
def build() -> signins.SignIns:
    """Fill an empty, migrated database; all of it or nothing. Returns the sign-ins, which are also saved."""
    now = clock.now()
    when = timeline(now)
    load_fixture()
    load_departments()
    load_counties()
    password = initial_password()
    with clock.at(when.past[0].opened_at - timedelta(days=4)):
        cast = people.hire(password, since=when.first.first_day, today=clock.local_date(now))
        plan = _make_plan(when, by=cast.admin)
        Story(plan, cast, when).tell()
    made = signins.SignIns(now, password, tuple(cast.accounts))
    signins.save(made)
    return made


def _make_plan(when: Timeline, *, by: User) -> Plan:
    return load_plan(
        by=by,
        plan_settings={"contact": f"{people.OFFICE[1][1]} 0551-00000000"},
        title=f"{when.first.year}年支持省乡村振兴重点帮扶县发展工作重点（{LABEL}）",
        issued_on=when.first.previous.day(19),
        starts_on=when.first.first_day,
        first_period=when.first.first_day,
        ends_on=(when.present + 5).last_day,
        is_demo=True,
    )


class Story:
    """Six issued months and the present one, told month by month."""

    def __init__(self, plan: Plan, cast: people.Cast, when: Timeline) -> None:
        self.plan, self.cast, self.when = plan, cast, when

    def tell(self) -> None:
        for number, past in enumerate(self.when.past):
            self._tell_past(number, past)
        self._tell_present()
        self._tell_notes()

    # --- months -----------------------------------------------------------------------------------------------------

    def _tell_past(self, number: int, past: PastMonth) -> None:
        with clock.at(past.opened_at):
            period = services.open_period(self.plan, past.month, by=self.cast.admin, due_at=past.due_at)
        rows = list(period.reports.for_table().in_order())
        for index, report in enumerate(rows):
            desk = Desk(self.cast, report, number, spread=(index * 37 % len(rows)) / len(rows))
            desk.file_past(past)
        with clock.at(past.reviewing.at(0.9)):
            self._assess(period, number)
        with clock.at(past.finalised_at):
            self._handle_requests(period)
            reports.services.finalise(
                period, by=self.cast.staff[0], signer=people.SIGNER, signed_on=clock.local_date(past.finalised_at)
            )

    def _tell_present(self) -> None:
        window = self.when.window
        with clock.at(window.start):
            period = services.open_period(self.plan, self.when.present, by=self.cast.admin, due_at=self.when.due_at)
        rows = list(period.reports.for_table().in_order())
        for index, report in enumerate(rows):
            desk = Desk(self.cast, report, PRESENT, spread=(index * 37 % len(rows)) / len(rows))
            desk.file_present(window)
        self._remind(period, window)
        with clock.at(window.at(0.97)):
            self._assess(period, PRESENT)
            reports.services.make_draft(period, by=self.cast.staff[0])

    # --- the office -------------------------------------------------------------------------------------------------

    def _remind(self, period: ReportingPeriod, window: Window) -> None:
        """Returns are told, everybody late is chased once, one department is telephoned; some have read it."""
        staff = self.cast.staff[0]
        self._deliver(window.at(0.45))
        late = list(period.reports.owing().filter(required=True).order_by("pk"))
        with clock.at(window.at(0.92)):
            services.chase(period, {report.duty_of_id for report in late}, by=staff, channels=["inbox"])
        self._deliver(window.at(0.92) + 2 * MINUTE)
        with clock.at(window.at(0.94)):
            for notice in Notice.objects.unread().order_by("pk")[::2]:
                reminders.services.mark_read([notice], by=notice.user)
        with clock.at(window.at(0.95)):
            services.note_call(period, late[0].duty_of_id, by=staff, words="已联系，今天下班前报送。")

    def _deliver(self, moment: datetime) -> None:
        with clock.at(moment):
            reminders.services.write_event_notices()

    def _assess(self, period: ReportingPeriod, month: int) -> None:
        """Adopt a text for every item with an accepted report, confirm the lights; ○ stay where nothing was rated."""
        overruled = scenario.OVERRULED.get(month, {})
        for assessment in period.assessments.select_related("item"):
            by = self.cast.staff[1]
            if text := _adopted(period, assessment.item_id):
                services.adopt_text(assessment, text=text, by=by, version=assessment.version)
            if assessment.item.number in overruled:
                light, reason = overruled[assessment.item.number]
                services.confirm_light(assessment, light=light, reason=reason, by=by, version=assessment.version)
        services.confirm_self_rated(period, by=self.cast.staff[1])

    def _handle_requests(self, period: ReportingPeriod) -> None:
        """Requests of earlier months move on, so that every state is there: closed, answered, assigned, raised."""
        staff = self.cast.staff[0]
        for request in CoordinationRequest.objects.filter(report__period__lt=period.pk, plan=self.plan):
            if request.state == CoordinationState.RAISED:
                services.assign_request(request, to="省直有关单位", by=staff)
            elif request.state == CoordinationState.ASSIGNED:
                services.answer_request(request, answer="已召开协调会，相关单位同意按月推进，形成会议纪要。", by=staff)
            elif request.state == CoordinationState.ANSWERED:
                services.close_request(request, by=staff)

    def _tell_notes(self) -> None:
        """What counties and liaisons tell the office, answered and not."""
        last, window, staff = self.when.past[-1].filing, self.when.window, self.cast.staff[0]
        shou, jinzhai = self.cast.counties["寿县"], self.cast.counties["金寨县"]
        with clock.at(last.at(0.3)):
            text = "我县两处供水标段征迁仍有26户未签协议，影响管道连通，请省级帮助协调安置房源。"
            answered = services.write_note(self.plan, County.objects.get(name="寿县"), text=text, by=shou)
        with clock.at(last.at(0.8)):
            services.answer_note(answered, answer="已转省水利厅，下周派员到现场会商。", by=staff)
            suggestion = write_suggestion(
                text="希望填报页能同时看到前两个月的文字，便于前后衔接。", page="/", by=self.cast.liaisons["省教育厅"]
            )
        with clock.at(window.at(0.2)):
            answer_suggestion(suggestion, answer="已列入改进清单，事项页时间线可先查看往月报送。", by=staff)
        with clock.at(window.at(0.5)):
            text = "高山蔬菜冷库设备到货推迟，预计影响秋季错峰上市，建议产销对接会安排在设备调试之后。"
            services.write_note(self.plan, County.objects.get(name="金寨县"), text=text, by=jinzhai)
            write_suggestion(text="建议催办短信里写明事项序号。", page="/", by=self.cast.liaisons["省水利厅"])


def _adopted(period: ReportingPeriod, item_id: int) -> str:
    """The departments' accepted texts joined in document order; shared items name each unit."""
    asked = list(period.reports.filter(item=item_id).for_table().in_order())
    accepted = [row for row in asked if row.state == ReportState.ACCEPTED and row.submission.text["progress_text"]]
    texts = [(row.department.name, row.submission.text["progress_text"]) for row in accepted]
    return "\n".join(text if len(asked) == 1 else f"{name}：{text}" for name, text in texts)


class Desk:
    """One department's report of one month, from the first word to the decision."""

    def __init__(self, cast: people.Cast, report: ProgressReport, month: int, *, spread: float) -> None:
        self.cast, self.report, self.month, self.spread = cast, report, month, spread
        self.duty = (report.item.number, report.department.name)
        self.turn = scenario.turn_of(self.duty, month)
        # Nobody accepts what he handed in himself: one of the staff telephones, the other reviews.
        self.liaison = cast.liaisons.get(self.duty[1], cast.staff[0])
        self.reviewer = cast.staff[1]

    def file_past(self, past: PastMonth) -> None:
        if self.turn == Turn.MISSING:
            return None
        if self.turn == Turn.WAIVED:
            return self._waive(past.filing.at(0.2))
        if self.turn in (Turn.REFILED, Turn.RETURNED):
            self._send_back(past.filing)
            if self.turn == Turn.RETURNED:
                return None
            filed_at = past.filing.at(0.8)
        elif self.turn == Turn.LATE:
            filed_at = past.after_due(1 + self.month % 2, 10)
        else:
            filed_at = past.filing.at(self.spread)
        self._file(filed_at)
        self._accept(past.reviewing.at(self.spread * 0.8))
        return None

    def file_present(self, window: Window) -> None:
        match self.turn:
            case Turn.MISSING:
                return
            case Turn.WAIVED:
                self._waive(window.at(0.1))
            case Turn.EXTENDED:
                self._extend(window.at(0.3))
            case Turn.DRAFT:
                self._write(window.at(0.9), **self._half_text(window.at(0.9)))
            case Turn.RETURNED:
                self._send_back(window)
            case Turn.WAITING_AGAIN:
                self._send_back(window)
                self._file(window.at(0.85))
            case Turn.WAITING:
                self._file(window.at(0.3 + self.spread * 0.6))
            case _:
                self._file(window.at(self.spread * 0.6))
                self._accept(window.at(0.65 + self.spread * 0.3))

    # --- the department ---------------------------------------------------------------------------------------------

    def _file(self, moment: datetime) -> None:
        self._write(moment - MINUTE, **self._text(moment))
        with clock.at(moment):
            services.submit(self.report, by=self.liaison, version=self.report.version)

    def _write(self, moment: datetime, **text) -> None:
        with clock.at(moment):
            services.save_draft(self.report, by=self.liaison, version=self.report.version, **text)

    def _text(self, moment: datetime) -> dict:
        day = clock.local_date(moment)
        approval = {"approver": self.cast.approver_of(self.report.department), "approved_on": day}
        if self.turn == Turn.NIL:
            reason = "本季度任务已按序安排，本月无新增内容，下月集中推进。"
            return {"kind": MonthKind.NO_CHANGE, "no_change_reason": reason} | approval
        story = scenario.stories()[self.duty]
        until = day - timedelta(days=1)
        told = {"progress_text": story.progress_in(self._told_month(), until=f"{until.month}月{until.day}日")}
        if self.turn == Turn.COMPLETED:
            told["progress_text"] += "年度任务全部完成，资料已归档。"
            return {"kind": MonthKind.COMPLETED} | told | approval
        light = scenario.light_of(self.duty, self.month)
        told |= {
            "kind": MonthKind.PROGRESS,
            "problems": story.problem if light != Light.NORMAL or self.month % 2 else "",
            "next_step": story.next_in(self.month),
            "coordination": REQUESTS.get(self.month, {}).get(self.duty, ""),
            "self_light": light,
        }
        return told | approval

    def _told_month(self) -> int:
        """The month whose figures are told: one department hands in last month's text again (与上月雷同)."""
        return self.month - 1 if self.month == PRESENT and self.duty in scenario.SAME_AS_LAST_MONTH else self.month

    def _half_text(self, moment: datetime) -> dict:
        """A draft as it stands when the telephone rings."""
        text = self._text(moment)
        return {"kind": text["kind"], "progress_text": text["progress_text"]}

    # --- the office -------------------------------------------------------------------------------------------------

    def _accept(self, moment: datetime) -> None:
        with clock.at(moment):
            services.accept(self.report, by=self.reviewer, version=self.report.version)
        self.report.refresh_from_db()

    def _send_back(self, window: Window) -> None:
        """Filed early and returned with a reason; for some the time given for it has passed."""
        self._file(window.at(0.1))
        reason, field = RETURNS.get(self.duty, USUAL_RETURN)
        due_at = window.at(0.7) if self.duty in scenario.OVERDUE_RETURNS else window.end + timedelta(days=2)
        with clock.at(window.at(0.4)):
            services.return_report(
                self.report, by=self.reviewer, version=self.report.version, reason=reason, field=field, due_at=due_at
            )
        self.report.refresh_from_db()

    def _waive(self, moment: datetime) -> None:
        with clock.at(moment):
            services.waive(self.report, reason="本月工作由牵头专班统一调度，无需单独报送。", by=self.cast.staff[0])

    def _extend(self, moment: datetime) -> None:
        later = self.report.due_at + timedelta(days=2)
        with clock.at(moment):
            services.extend(
                self.report, due_at=later, reason="测试数据月末才能汇总，同意延期两天。", by=self.cast.staff[0]
            )
