from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import get_default_timezone

from accounts.choices import PostKind
from tasks.choices import (
    DECISIONS,
    FILED,
    ISSUED,
    MOVING,
    OWING,
    CoordinationState,
    EventVerb,
    PeriodState,
    ReportState,
)


class ReportingPeriodQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office reads every period; others those that were opened; counties issued months only."""
        if user.may("period.read"):
            return self
        if user.may("plan.read"):
            return self.exclude(state=PeriodState.PLANNED)
        if user.counties:
            return self.filter(first_finalised_at__isnull=False)
        return self.none()

    def moving(self):
        return self.filter(state__in=MOVING)

    def issued(self):
        return self.filter(state__in=ISSUED)

    def opened(self):
        """Periods whose roster exists."""
        return self.exclude(state__in=(PeriodState.PLANNED, PeriodState.SKIPPED))

    def of_month(self, first_day: date):
        return self.filter(kind="month", start=first_day)

    def in_order(self):
        return self.order_by("start")


class ProgressReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports whose text `user` may read: all, or the own departments' and, once issued, those of shared items."""
        if user.may("report.read_all"):
            return self
        if not user.departments:
            return self.none()
        own = Q(department__in=user.departments) | Q(duty_of__in=user.departments)
        return self.filter(own | Q(period__first_finalised_at__isnull=False, item__in=items_of(user.departments)))

    def own_of(self, user):
        """Reports of the departments in which `user` holds a post today, those taken over included."""
        return self.filter(Q(department__in=user.departments) | Q(duty_of__in=user.departments))

    def openable_by(self, user):
        """Reports whose own page `user` may open: the own ones, or all for who reads all."""
        return self if user.may("report.read_all") else self.own_of(user)

    def fillable_by(self, user):
        """Reports `user` may write: the own ones, or all for staff who file for a department (whatever the state)."""
        return self if user.may("report.file_for") else self.own_of(user)

    def reviewable_by(self, user):
        return self if user.may("report.review") else self.none()

    def owing(self):
        return self.filter(state__in=OWING)

    def required(self):
        """Reports that count in 应报: asked for and not waived."""
        return self.filter(required=True).exclude(state=ReportState.WAIVED)

    def filed(self):
        return self.filter(state__in=FILED)

    def waiting(self):
        """Handed in and not yet decided."""
        return self.filter(state=ReportState.SUBMITTED)

    def in_moving_periods(self):
        return self.filter(period__state__in=MOVING)

    def owed_by(self, user, *, on: date):
        """What `user` must still file, by the posts held on that day; never derived from what he may see.

        A角 owes always; B角 from the due day, or while A角 is away or the post is vacant. 计划联络员 go before both.
        """
        from tasks.models import PlanPost  # the model module imports this one

        posts = [post for post in user.posts_on(on) if post.department_id]
        first = {post.department_id for post in posts if post.kind == PostKind.PRIMARY and not post.away_on(on)}
        backup = {post.department_id for post in posts if post.kind == PostKind.BACKUP}
        first |= backup - present_primaries(backup, on)
        day_ends = datetime.combine(on + timedelta(days=1), time(), get_default_timezone())
        by_post = Q(duty_of__in=first) | Q(duty_of__in=backup, due_at__lt=day_ends)
        holders = PlanPost.objects.current(on).filter(plan=OuterRef("plan"), department=OuterRef("duty_of"))
        named, mine = Exists(holders), Exists(holders.filter(user=user))
        return self.owing().filter(required=True).filter(Q(mine) | (by_post & ~Q(named)))

    def for_table(self):
        """With everything a line of a list shows, in one query."""
        return self.select_related(
            "item", "item__section", "item_revision", "department", "period", "assignment", "submission", "filed_by"
        )

    def in_order(self):
        return self.order_by("item__position", "assignment__position", "pk")


def present_primaries(department_ids, on: date) -> set[int]:
    """Departments whose A角 holds the post and is not away on that day."""
    from accounts.models import Post

    if not department_ids:
        return set()
    primaries = Post.objects.current(on).primary().filter(department__in=department_ids)
    return {post.department_id for post in primaries if not post.away_on(on)}


def items_of(department_ids):
    """Subquery of items in which the departments hold or held a duty."""
    from tasks.models import Assignment  # the model module imports this one

    return Assignment.objects.filter(department__in=department_ids).values("item")


class ReportEventQuerySet(models.QuerySet):
    def standing(self):
        """Events that hold: neither undone nor themselves an undoing."""
        return self.filter(undone_by__isnull=True).exclude(verb=EventVerb.UNDONE)

    def decisions(self):
        return self.filter(verb__in=DECISIONS)

    def for_table(self):
        return self.select_related("by")


class AssessmentQuerySet(models.QuerySet):
    def for_table(self):
        return self.select_related("item", "period", "confirmed_by")

    def visible_to(self, user):
        """Lights are read by everybody who reads plans; by counties once issued."""
        if user.may("plan.read"):
            return self
        if user.counties:
            return self.filter(period__first_finalised_at__isnull=False)
        return self.none()


class CoordinationRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who reads all reports reads all requests; a liaison the own departments'."""
        if user.may("report.read_all"):
            return self
        return self.filter(department__in=user.departments)

    def standing(self):
        """Requests of accepted reports that are not closed."""
        return self.exclude(state=CoordinationState.CLOSED).filter(report__state=ReportState.ACCEPTED)

    def for_table(self):
        return self.select_related("item__revision", "department", "report__period")


class CountyNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.may("county.read_all"):
            return self
        return self.filter(county__in=user.counties)

    def for_table(self):
        return self.select_related("county", "author")
