"""What the shell of every page shows: the entries a user may open, what waits for him, the plan at hand.

One query, shared with the view through the request.
"""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from calendars import clock
from reminders.models import Notice
from tasks.models import Plan, ProgressReport

# (entry, address by name, permission that shows it, whether what waits is counted there)
ENTRIES = (
    ("首页", "web:home", None, False),
    ("总览", "overview", "plan.read", False),
    ("填报", "tasks:progress-list", "report.file", True),
    ("审核", "tasks:review-queue", "report.review", True),
    ("催办", "reminders:desk", "reminder.send", False),
    ("调度", "tasks:period-list", "period.read", False),
    ("协调", "tasks:coordination-list", "coordination.manage", False),
    ("单位", "web:department-list", "plan.read", False),
    ("县区", "web:county-list", "county.read_all", False),
    ("月报", "reports:monthly-list", "monthly.read", False),
    ("导入", "imports:list", "plan.import", False),
    ("运维", "background:operations", "operations.view", False),
    ("审计", "audit:event-list", "audit.read", False),
    ("设置", "accounts:settings", "user.manage", False),
    ("授权", "accounts:settings", "grant.manage", False),
)


def plans_of(request) -> list[Plan]:
    """The user's plans, latest first, each with `waiting`: reports to review, or else reports still owed.

    Each also carries `unread`, the number of his unread notices, whatever they are about: one query answers for all.
    """
    if not hasattr(request, "shell_plans"):
        request.shell_plans = list(_plans(request.user))
    return request.shell_plans


def _plans(user):
    plans = Plan.objects.visible_to(user).annotate(unread=_unread(user))
    waiting = _waiting(user)
    if waiting is None:
        return plans.annotate(waiting=Value(0))
    counted = (
        waiting.filter(plan=OuterRef("pk")).order_by().values("plan").annotate(number=Count("pk")).values("number")
    )
    return plans.annotate(waiting=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def _unread(user):
    mine = Notice.objects.visible_to(user).unread().order_by().values("user").annotate(number=Count("pk"))
    return Coalesce(Subquery(mine.values("number"), output_field=IntegerField()), 0)


def _waiting(user):
    moving = ProgressReport.objects.in_moving_periods()
    if user.may("report.review"):
        return moving.waiting()
    if user.may("report.file"):
        return moving.owed_by(user, on=clock.today())
    return None


def current_plan(request) -> Plan | None:
    """The plan of `?plan=` when the user may see it, else the latest active one, else the latest."""
    plans = plans_of(request)
    wanted = request.GET.get("plan", "")
    chosen = [plan for plan in plans if str(plan.pk) == wanted]
    active = [plan for plan in plans if plan.state == "active"]
    return next(iter(chosen or active or plans), None)


def shell(request) -> dict:
    """Context processor. Nothing for visitors and on error pages, which must not ask the database."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "resolver_match"):
        return {}
    plan = getattr(request, "page_plan", None) or current_plan(request)
    waiting = sum(each.waiting for each in plans_of(request))
    return {
        "nav": _entries(request, user, plan, waiting),
        "todo_count": waiting,
        "todo_url": _todo_url(user),
        "notice_count": max((each.unread for each in plans_of(request)), default=0),
        "demo_mode": any(each.is_demo for each in plans_of(request)),
        "current_plan": plan and {"year": plan.starts_on.year, "title": plan.title},
        "plan_choices": _choices(request, plan),
        "user_place": _place(user),
    }


def _entries(request, user, plan: Plan | None, waiting: int) -> list[dict]:
    entries = []
    for label, name, permission, counted in ENTRIES:
        if permission is not None and not user.may(permission):
            continue
        if name == "overview":
            if plan is None:
                continue
            url = reverse("web:plan-overview", args=(plan.pk,))
        else:
            url = reverse(name)
        entries.append(
            {
                "label": label,
                "url": url,
                "active": _is_under(getattr(request, "nav_path", request.path), url),
                "count": waiting if counted else 0,
            }
        )
    return entries


def _is_under(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _todo_url(user) -> str:
    if user.may("report.review"):
        return reverse("tasks:review-queue")
    return reverse("tasks:progress-list") if user.may("report.file") else "/"


def _choices(request, chosen: Plan | None) -> list[dict]:
    plans = plans_of(request)
    if len(plans) < 2:
        return []
    return [{"label": plan.title, "url": f"/?plan={plan.pk}", "active": plan == chosen} for plan in plans]


def _place(user) -> str:
    return next((str(post.place) for post in user.current_posts), "")
