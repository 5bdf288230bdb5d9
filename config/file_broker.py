"""The file transport of the embedded default, made safe against a power cut at any instant.

kombu's own writes a message under its final name, so that whoever is killed meanwhile, or is merely slow, leaves an
empty one, and reading an empty one ends the reader: the next worker too, each time. It keeps its bindings in a file in
the same way. Here a message appears whole or not at all, belongs to whoever renames it first, is passed over when it
cannot be read (the job row brings the work back), and bindings are kept in memory: one direct queue needs no more.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from queue import Empty
from uuid import uuid4

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)
LEFT_OVER_AFTER = 3600  # seconds: what is still hidden then belongs to a process that was killed


class Channel(filesystem.Channel):
    supports_fanout = False
    get_table = virtual.Channel.get_table

    def _put(self, queue, payload, **kwargs):
        """Raises OSError when the disk takes no more."""
        final = Path(self.data_folder_out, f"{time.time_ns()}_{uuid4().hex}.{queue}.msg")
        written = _hidden(final)
        written.write_bytes(dumps(payload).encode())
        written.replace(final)

    def _get(self, queue):
        for path in sorted(Path(self.data_folder_in).iterdir()):
            if path.name.partition(".")[2] == f"{queue}.msg" and (payload := _take(path)) is not None:
                return payload
        raise Empty

    def _delete(self, queue, *args, **kwargs):
        self._purge(queue)


class Transport(filesystem.Transport):
    Channel = Channel
    global_state = virtual.BrokerState()


def _hidden(path: Path) -> Path:
    return path.with_name(f".{path.name}")


def _take(path: Path) -> dict | None:
    """Its payload, or None when another was faster or nobody can read it."""
    taken = _hidden(path)
    try:
        path.rename(taken)
        content = taken.read_bytes()
        taken.unlink()
        return loads(content.decode())
    except FileNotFoundError:
        return None
    except ValueError:
        logger.warning("a message of %d bytes cannot be read and is passed over: %s", len(content), path.name)
        return None


def clear_left_overs(folder: Path) -> None:
    """Remove what killed processes left half written or half taken."""
    for path in folder.glob(".*.msg"):
        try:
            if time.time() - path.stat().st_mtime > LEFT_OVER_AFTER:
                path.unlink()
        except FileNotFoundError:
            continue
