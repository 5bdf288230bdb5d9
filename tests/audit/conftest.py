import pytest

from accounts.choices import Role
from tests.factories import make_user


@pytest.fixture
def auditor(db):
    return make_user("auditor", name="审计员", roles=[Role.AUDITOR])


@pytest.fixture
def office_staff(db):
    return make_user("staff", name="王敏", roles=[Role.OFFICE_STAFF])
