import pytest

from accounts.choices import Role
from tests.accounts import people


@pytest.fixture
def admin(db):
    return people.person("王管理", Role.OFFICE_ADMIN, username="admin")


@pytest.fixture
def security(db):
    return people.person("安全员", Role.SECURITY_ADMIN, username="security")


@pytest.fixture
def department(db):
    return people.department()


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def as_security(client, security):
    client.force_login(security)
    return client
