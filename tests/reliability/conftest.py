import pytest

from tests.reliability.mail_sink import running_sink
from tests.reminders.mail_server import mail_settings


@pytest.fixture(scope="module")
def sink(tmp_path_factory):
    """A real mail server in a process of its own."""
    with running_sink(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture
def mail_ready(settings, sink):
    mail_settings(settings, sink.url)
    sink.empty()
