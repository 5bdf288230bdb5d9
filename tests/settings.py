"""The product's settings for a test run: a data folder of its own, a fast password hash, a database in a file."""

import atexit
import os
import shutil
import tempfile

os.environ["TESTING"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's event loop runs in the thread of the test
if "TEST_RUN_DIR" not in os.environ:  # the first process; those a test starts, and xdist's, find all of this done
    for name in (
        "ALLOWED_HOSTS", "AUDIT_KEY", "BIND", "CLOCK_AT", "DEAF_AFTER", "DEBUG", "DEFENCES_OFF", "FAILPOINTS", "HTTPS",
        "MAIL_FROM", "MAIL_URL", "SECRET_KEY", "SITE_URL",
    ):  # fmt: skip
        os.environ.pop(name, None)  # what the developer's shell says must not decide a test
    folder = os.environ["TEST_RUN_DIR"] = tempfile.mkdtemp(prefix="workplan-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["DATA_DIR"] = os.path.join(os.environ["TEST_RUN_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))

if os.environ.get("REDIS_URL"):  # runs side by side must not take each other's messages
    # The first process sets its own number before xdist's inherit the environment, so the number given is kept apart.
    given = os.environ.setdefault("TEST_REDIS", os.environ["REDIS_URL"].rpartition("/")[0])
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{given}/{number}"

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.background.sample"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In memory there is no write-ahead log, and the races under test would not exist.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
