"""Places where a test lets this process die as if the power had gone. Never active outside a test run."""

import os
import signal

from django.conf import settings


def reach(name: str) -> None:
    if name in settings.FAILPOINTS:
        os.kill(os.getpid(), signal.SIGKILL)
