"""The set-based rule of who owes against the person-by-person one, in random offices."""

import random
from datetime import date, timedelta

import pytest

from accounts.models import Post, User
from calendars import clock
from tasks import debtors
from tasks.models import PlanPost, ProgressReport
from tests.tasks.world import local, make_october, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = date(2024, 10, 25)


def shuffle_posts(office, chance):
    """A角 leave or are away, B角 come, the plan names people of its own."""
    places = list(office.departments.values())
    for number in range(4):
        user = make_user(f"人员{number}")
        Post.objects.create(user=user, department=chance.choice(places), kind="backup", valid_from=date(2024, 1, 1))
    for post in Post.objects.filter(kind="primary"):
        what = chance.choice(("stays", "away", "gone", "disabled"))
        if what == "away":
            post.away_from, post.away_to = DAY - timedelta(days=2), DAY + timedelta(days=chance.randint(-2, 2))
        elif what == "gone":
            post.valid_to = DAY - timedelta(days=1)
        elif what == "disabled":
            User.objects.filter(pk=post.user_id).update(is_active=False)
        post.save()
    if chance.random() < 0.5:
        PlanPost.objects.create(
            plan=office.plan, department=places[0], user=chance.choice(User.objects.all()), valid_from=date(2024, 1, 1)
        )
    for report in ProgressReport.objects.all():
        ProgressReport.objects.filter(pk=report.pk).update(
            due_at=local(2024, 10, chance.choice((24, 25, 26)), 18),
            state=chance.choice(("awaiting", "draft", "returned")),
        )


@pytest.mark.parametrize("seed", range(12))
def test_both_rules_name_the_same_people(seed):
    office = make_october()
    shuffle_posts(office, random.Random(seed))

    with clock.at(local(2024, 10, 25, 10)):
        everybody = debtors.load(DAY)
        by_department = {
            report.pk: everybody.of(report.plan_id, report.duty_of_id, report.due_at)
            for report in ProgressReport.objects.all()
        }
        by_person = {pk: set() for pk in by_department}
        for user in User.objects.filter(is_active=True):
            for report in ProgressReport.objects.owed_by(user, on=DAY):
                by_person[report.pk].add(user.pk)

    assert by_department == by_person
