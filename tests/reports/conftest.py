import pytest

from tests.reports.month import fill, make_office


@pytest.fixture
def office(db):
    return make_office()


@pytest.fixture
def filled(office):
    fill(office)
    return office
