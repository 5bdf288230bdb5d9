"""The small office of the rules' tests, asked through HTTP by programs that hold tokens."""

import pytest
from django.core.cache import caches
from django.test import Client
from knox.models import AuthToken

from accounts.models import User
from calendars import clock
from tests.tasks.world import FILING_DAY, make_october, make_user

API = "/api/v1/"


class Program:
    """A program signed in as one person; JSON in, JSON out, at the office's time of filing."""

    def __init__(self, user: User | None):
        if user:
            User.objects.filter(pk=user.pk).update(password_changed_at=clock.now())
        self.user = user
        self.headers = {"Authorization": f"Token {AuthToken.objects.create(user)[1]}"} if user else {}

    def ask(self, method: str, path: str, body=None, **headers):
        send = getattr(Client(), method)
        sent = {"headers": self.headers | headers}
        if body is not None:
            sent |= {"data": body, "content_type": "application/json"}
        with clock.at(FILING_DAY):
            return send(API + path, **sent)

    def get(self, path: str, **params):
        with clock.at(FILING_DAY):
            return Client().get(API + path, params, headers=self.headers)

    def post(self, path: str, body=None, **headers):
        return self.ask("post", path, {} if body is None else body, **headers)

    def patch(self, path: str, body, **headers):
        return self.ask("patch", path, body, **headers)


@pytest.fixture(autouse=True)
def fresh_rates():
    caches["rates"].clear()


@pytest.fixture
def world(db):
    return make_october()


@pytest.fixture
def water(world):
    """The liaison of the department that leads item 1."""
    return Program(world.liaisons["省水利厅"])


@pytest.fixture
def finance(world):
    """The liaison of a department that shares item 2 with 省林业局."""
    return Program(world.liaisons["省财政厅"])


@pytest.fixture
def staff(world):
    return Program(world.staff)


@pytest.fixture
def leader(world):
    return Program(make_user("厅长", "leader"))


@pytest.fixture
def visitor(db):
    return Program(None)
