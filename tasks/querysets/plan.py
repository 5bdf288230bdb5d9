from datetime import date

from django.db import models
from django.db.models import F, Prefetch, Q

from accounts.querysets import valid_on


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published plans for whoever may read plans or holds a county post; drafts only for who manages plans."""
        if user.may("plan.manage"):
            return self
        if user.may("plan.read") or user.counties:
            return self.exclude(state="draft")
        return self.none()

    def active(self):
        return self.filter(state="active")

    def covering(self, day: date):
        """Plans that ask for reports in the month of `day`."""
        return self.filter(first_period__lte=day, ends_on__gte=day)


class WorkItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All items for who reads plans; a county liaison reads those that concern an own county."""
        if user.may("plan.manage"):
            return self
        published = self.exclude(plan__state="draft")
        if user.may("plan.read"):
            return published
        return published.filter(concerns(user.counties))

    def of_departments(self, department_ids):
        """Items in which one of the departments holds or held a duty."""
        return self.filter(assignments__department__in=department_ids).distinct()

    def in_order(self):
        return self.order_by("position")

    def for_table(self):
        """With wording, section and duties in document order: four queries however many items."""
        from tasks.models import Assignment  # the model module imports this one

        duties = Assignment.objects.filter(valid_to=None).select_related("department").order_by("position", "pk")
        return self.select_related("section", "revision", "coordinator").prefetch_related(
            Prefetch("assignments", queryset=duties, to_attr="duties")
        )


def concerns(county_ids) -> Q:
    """Items of county scope `all`, or listing one of the counties; nothing when there is none."""
    if not county_ids:
        return Q(pk__in=())
    from tasks.models import ItemCounty  # the model module imports this one

    listed = ItemCounty.objects.filter(county__in=county_ids).values("item")
    return Q(county_scope="all") | Q(county_scope="listed", pk__in=listed)


class AssignmentQuerySet(models.QuerySet):
    def in_force(self, start: date, end: date):
        """Duties that a period from `start` to `end` asks for: valid in it and not closed before it."""
        valid = Q(valid_from__lte=end) & (Q(valid_to__isnull=True) | Q(valid_to__gte=start))
        return self.filter(valid, Q(closed_from__isnull=True) | Q(closed_from__gt=start))

    def required_by(self, plan_settings):
        """Duties that must file: by their own mark, else by the plan's settings for their role."""
        return self.filter(Q(required=True) | Q(required__isnull=True, role__in=plan_settings.required_roles))

    def optional_for(self, plan_settings):
        return self.exclude(Q(required=True) | Q(required__isnull=True, role__in=plan_settings.required_roles))

    def for_table(self):
        return self.select_related("item__revision", "item__section", "department")

    def in_order(self):
        return self.order_by(F("item__position"), "position", "pk")


class PlanPostQuerySet(models.QuerySet):
    def current(self, on: date):
        return self.filter(valid_on(on))
