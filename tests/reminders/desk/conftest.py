import pytest

from calendars import clock
from tests.tasks.filing import browser_of
from tests.tasks.world import FILING_DAY, make_october


@pytest.fixture
def world():
    return make_october()


@pytest.fixture
def october(world):
    return world.periods["2024-10"]


@pytest.fixture(autouse=True)
def filing_day():
    with clock.at(FILING_DAY):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)
