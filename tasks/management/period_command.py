"""What the verbs about one month share: which plan and month are meant, who acts, how answers and refusals are told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refused
from accounts.guards import NotAllowed
from accounts.models import User
from calendars.months import Month
from tasks.models import Plan, ReportingPeriod


class PeriodCommand(BaseCommand):
    """Chinese for people, `--format json` for programs; any refusal ends with exit code 1."""

    def add_arguments(self, parser):
        parser.add_argument("--month", required=True, help="月份，例如 2024-10")
        parser.add_argument("--plan", type=int, help="计划编号；只有一个执行中的计划包含该月时可以不写")
        parser.add_argument("--by", required=self.needs_actor, help="操作人的用户名")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")

    needs_actor = True

    def handle(self, *args, **options):
        try:
            subject = self.subject(plan_of(options["plan"], options["month"]), month_of(options["month"]))
            actor = user_of(options["by"]) if options["by"] else None
            answer = self.act(subject, actor, options)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        except NotAllowed as denial:
            raise CommandError(f"用户 {options['by']} 没有这项权限。") from denial
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(self.told(answer))

    def subject(self, plan: Plan, month: Month) -> Any:
        """What the verb acts on: the opened period of that month, unless a command says otherwise."""
        return period_of(plan, month)

    def act(self, period: Any, actor: User | None, options: dict[str, Any]) -> dict:
        """Do it and say what was done, as plain values."""
        raise NotImplementedError

    def told(self, answer: dict) -> str:
        """The answer as a sentence."""
        raise NotImplementedError


def month_of(text: str) -> Month:
    """Raises CommandError for what is no month."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from error


def day_of(text: str) -> date:
    """Raises CommandError for what is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"看不懂日期“{text[:20]}”。请写成年-月-日，例如 2024-10-28。") from error


def user_of(username: str) -> User:
    """Raises CommandError when there is no such active user."""
    user = User.objects.active().named(username).first()
    if user is None:
        raise CommandError(f"没有用户“{username}”，或账号已停用。")
    return user


def plan_of(pk: int | None, month: str) -> Plan:
    """The named plan, or the only active one that covers the month. Raises CommandError."""
    if pk is not None:
        plan = Plan.objects.filter(pk=pk).first()
        if plan is None:
            raise CommandError(f"没有编号为 {pk} 的计划。")
        return plan
    wanted = month_of(month)
    plans = list(Plan.objects.active().covering(wanted.first_day))
    if not plans:
        raise CommandError(f"没有包含{wanted.label}的执行中计划。请用 --plan 指明计划编号。")
    if len(plans) > 1:
        names = "、".join(f"{plan.pk}《{plan.title}》" for plan in plans)
        raise CommandError(f"{wanted.label}有多个执行中的计划：{names}。请用 --plan 指明一个。")
    return plans[0]


def period_of(plan: Plan, month: Month) -> ReportingPeriod:
    """The opened month of the plan. Raises CommandError: outside the plan, or not opened."""
    first, last = Month.of(plan.first_period), Month.of(plan.ends_on)
    if not first <= month <= last:
        raise CommandError(f"{month.label}不在《{plan.title}》的调度范围内（{first.label}至{last.label}）。")
    period = ReportingPeriod.objects.filter(plan=plan).of_month(month.first_day).select_related("plan").first()
    if period is None or not ReportingPeriod.objects.opened().filter(pk=period.pk).exists():
        state = period.get_state_display() if period else "未开启"
        raise CommandError(f"{month.label}{state}，没有月报。")
    return period
