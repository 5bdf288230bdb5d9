from pathlib import Path

import pytest
from django.db import connection

from calendars.services import load_fixture
from tests.e2e.desk import Desk
from tests.e2e.processes import Site, write_clock
from tests.factories import beijing
from tests.services import process_environment

PROVOKED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture
def clock_file(transactional_db, settings, tmp_path: Path) -> Path:
    """The clock of the test, and of every process it starts; and the working days it counts by."""
    load_fixture()
    path = tmp_path / "clock"
    write_clock(path, beijing("2024-09-30 09:00"))
    settings.CLOCK_AT = f"@{path}"
    return path


@pytest.fixture
def set_clock(clock_file):
    """Time stands at that office time from now on, for everybody at once: `set_clock("2024-10-25 18:01")`."""
    return lambda text: write_clock(clock_file, beijing(text))


@pytest.fixture
def site(clock_file, tmp_path: Path):
    """The running site with its own web and worker processes."""
    site = Site(tmp_path, process_environment(connection) | {"CLOCK_AT": f"@{clock_file}"})
    site.start()
    try:
        yield site
    finally:
        site.stop()


@pytest.fixture
def desk(browser, browser_context_args, request, clock_file):
    """Opens a browser for one person and signs in: `desk("guozi")`. It works on `site` where the test asks for one,
    else on a server inside this process, which is enough where no worker is needed.

    At the end nobody's browser may have complained. `provoked` lets the lines pass that a browser writes for every
    answer above 399.
    """
    server = request.getfixturevalue("site" if "site" in request.fixturenames else "live_server")
    address = server.address if isinstance(server, Site) else server.url
    opened: list[tuple[Desk, bool]] = []

    def open_desk(username: str, *, provoked: bool = False, signed_in: bool = True, **context) -> Desk:
        one = Desk(browser, address, username, **browser_context_args | context)
        opened.append((one, provoked))
        if signed_in:
            one.sign_in()
        return one

    yield open_desk
    complaints = []
    for one, provoked in opened:
        one.shot(f"last-{one.username}")
        one.context.close()
        complaints += [text for text in one.troubles if not (provoked and PROVOKED in text)]
    assert not complaints
