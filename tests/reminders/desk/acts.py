"""What the tests of the desk say again and again."""

from django.urls import reverse

from tasks.models import ReportEvent

DESK = "/reminders/"


def chase_url(period):
    return reverse("reminders:chase", args=[period.pk])


def key_of(world, name):
    return world.departments[name].pk


def chased():
    """(department, channel) of every standing chase, in the order of the click."""
    events = ReportEvent.objects.standing().filter(verb="chased").order_by("pk")
    return [(event.report.department.name, event.channel) for event in events]


def shown(page, name="rows"):
    return [(row.name, row.numbers) for row in page.context[name]]
