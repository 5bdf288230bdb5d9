from calendars.months import Month
from tasks import services
from tasks.management.period_command import PeriodCommand
from tasks.models import Plan
from tasks.wording import moment_words


class Command(PeriodCommand):
    help = "开启一个月的调度：按责任分工固定应报名单，截止时间按计划设置。"

    def subject(self, plan: Plan, month: Month) -> tuple[Plan, Month]:
        return plan, month

    def act(self, period, actor, options):
        plan, month = period
        opened = services.open_period(plan, month, by=actor)
        vacant = services.departments_without_liaison(opened, on=opened.covers_from)
        return {"month": opened.key, "plan": plan.pk, "due_at": opened.due_at.isoformat(),
                "due_words": moment_words(opened.due_at), "expected": opened.reports.count(),
                "without_liaison": [department.name for department in vacant]}  # fmt: skip

    def told(self, answer):
        warning = "、".join(answer["without_liaison"])
        return f"{answer['month']} 已开启，应报{answer['expected']}份，截止{answer['due_words']}。" + (
            f"\n还没有联络员的单位：{warning}。" if warning else ""
        )
