"""Reads and parses an upload in a process of its own, so that no file can take the server's time, memory or secrets."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from documents.child import ROOT
from documents.draft import DraftPlan
from documents.reading import UNREADABLE
from documents.reading.limits import LARGEST_FILE, LONGEST_TEXT, TOO_COSTLY, TOO_LARGE, TOO_LONG
from documents.refusal import ImportRefused
from documents.source import Source
from documents.wire import from_plain

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    seconds: int  # of processor time
    memory: int  # bytes of address space
    patience: int  # seconds on the wall's clock


ORDINARY = Limits(seconds=10, memory=512 * 1024 * 1024, patience=20)
# An office suite that converts an old file needs more than any reader of ours.
CONVERTING = Limits(seconds=60, memory=2 * 1024 * 1024 * 1024, patience=90)
PASSED_ON = ("PATH", "TMPDIR")  # all the child sees of the environment


def read_and_parse(data: bytes, name: str) -> tuple[Source, DraftPlan]:
    """The upload `data`, called `name`, read and parsed. Raises ImportRefused."""
    if len(data) > LARGEST_FILE:
        raise ImportRefused(TOO_LARGE, code="too_large")
    converts = name.lower().endswith((".doc", ".wps"))
    return _made(_ask(name, data, CONVERTING if converts else ORDINARY))


def parse_pasted(text: str) -> tuple[Source, DraftPlan]:
    """Raises ImportRefused."""
    if len(text) > LONGEST_TEXT:
        raise ImportRefused(TOO_LONG, code="too_long")
    return _made(_ask(None, text.encode("utf-8", "surrogatepass"), ORDINARY))


def _made(answer: dict[str, Any]) -> tuple[Source, DraftPlan]:
    if "error" in answer:
        if answer["log"]:
            logger.warning("document not read: %s", answer["log"])
        raise ImportRefused(answer["error"]["message"], code=answer["error"]["code"])
    return from_plain(Source, answer["source"]), from_plain(DraftPlan, answer["plan"])


def _ask(name: str | None, data: bytes, limits: Limits) -> dict[str, Any]:
    """What the child answers. One that is ended, or that says nothing sensible, has met a limit or broken a library."""
    head = json.dumps({"name": name}).encode() + b"\n"
    # A new program, never a fork: the server has threads, and its memory holds keys.
    with _started(limits) as child:
        try:
            said, _ = child.communicate(head + data, timeout=limits.patience)
        except subprocess.TimeoutExpired as error:
            logger.warning("document not read: no answer within %s s", limits.patience)
            raise ImportRefused(TOO_COSTLY, code="too_costly") from error
        finally:
            _end(child)
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT):  # the last: a library without memory
        logger.warning("document not read: ended by %s", signal.Signals(-child.returncode).name)
        raise ImportRefused(TOO_COSTLY, code="too_costly")
    if child.returncode:
        logger.warning("document not read: exit %s", child.returncode)
        raise ImportRefused(UNREADABLE, code="unreadable")
    return json.loads(said)


def _started(limits: Limits) -> subprocess.Popen[bytes]:
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    environment |= {"LANG": "C.UTF-8", "OPENPYXL_LXML": "False"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-s", "-m", "documents.child", str(limits.seconds), str(limits.memory)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # may quote the document
        start_new_session=True,  # so that converters end with it
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """The child and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
