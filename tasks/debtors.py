"""Who owes what, for everybody at once: the same rule as `ProgressReportQuerySet.owed_by`, asked in two queries.

A tick that asked person by person would ask as often as there are people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.choices import PostKind
from accounts.models import Post, User
from calendars import clock
from tasks.models import PlanPost

People = frozenset[int]
NOBODY: People = frozenset()


@dataclass
class Debtors:
    """Keys of active users by department, as the posts stand on `on`. `users` are their rows, `away` absent A角."""

    on: date
    users: dict[int, User] = field(default_factory=dict)
    present: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    away: dict[int, list[Post]] = field(default_factory=lambda: defaultdict(list))
    first: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    backup: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    named: dict[tuple[int, int], set[int]] = field(default_factory=lambda: defaultdict(set))

    def of(self, plan_id: int, department_id: int, due_at: datetime) -> People:
        """Users who owe a report of that plan and department, due then: A角, from the due day also B角.

        计划联络员 go before both; B角 stand in while A角 is away or the post is vacant.
        """
        named = self.named.get((plan_id, department_id))
        if named is not None:
            return frozenset(named)
        people = self.first.get(department_id, NOBODY)
        if clock.local_date(due_at) <= self.on:
            people = people | self.backup.get(department_id, NOBODY)
        return frozenset(people)

    def standing_of(self, user_id: int, plan_id: int, department_id: int) -> str:
        """As what he is addressed when it is not as A角 or 计划联络员: B角, or in whose place."""
        if (plan_id, department_id) in self.named or user_id in self.present[department_id]:
            return ""
        if self.present[department_id]:
            return "B角"
        absent = self.away[department_id]
        return (
            f"代{'、'.join(post.user.name for post in absent)}，{away_words(absent[0])}" if absent else "B角，A角空缺"
        )

    def departments_without(self, told: Collection[int]) -> set[int]:
        """Departments for which somebody answers who is not among `told`."""
        posts = [*self.first.items(), *self.backup.items()]
        posts += [(department, people) for (_, department), people in self.named.items()]
        return {department for department, people in posts if not people.issubset(told)}


def load(on: date) -> Debtors:
    """Read the posts of that day. Disabled accounts hold their posts but are addressed by nobody."""
    debtors = Debtors(on)
    present = set()
    for post in Post.objects.current(on).filter(department__isnull=False).select_related("user"):
        if post.kind == PostKind.BACKUP:
            _add(debtors.backup[post.department_id], post)
        elif not post.away_on(on):
            present.add(post.department_id)
            _add(debtors.first[post.department_id], post)
            debtors.present[post.department_id].add(post.user_id)
        else:
            debtors.away[post.department_id].append(post)
        debtors.users[post.user_id] = post.user
    for department, people in debtors.backup.items():
        if department not in present:
            debtors.first[department] |= people
    for post in PlanPost.objects.current(on).select_related("user"):
        _add(debtors.named[post.plan_id, post.department_id], post)
        debtors.users[post.user_id] = post.user
    return debtors


def away_words(post: Post) -> str:
    """外出至12月10日"""
    return f"外出至{post.away_to.month}月{post.away_to.day}日" if post.away_to else "外出"


def _add(people: set[int], post: Post | PlanPost) -> None:
    if post.user.is_active:
        people.add(post.user_id)
