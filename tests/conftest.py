import ipaddress
import socket

import pytest

from tests.services import chromium_path

_connect = socket.socket.connect


def _connect_to_loopback(self, address):
    """The product works without the Internet, so its tests must as well."""
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = address[0]
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise RuntimeError(f"a test tried to reach {host}")
    return _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def no_network():
    socket.socket.connect = _connect_to_loopback
    yield
    socket.socket.connect = _connect


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Emptying tables between tests means deleting audit rows, which the database refuses; tests of that refusal
    install its triggers again."""
    from django.db import connection

    from audit import protection

    with django_db_blocker.unblock():
        protection.remove(connection)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser of the distribution: the downloads of Playwright are not reachable everywhere."""
    path = chromium_path()
    return browser_type_launch_args | ({"executable_path": path} if path else {})


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
