"""Keys that are made once and then kept in the data folder."""

import os
import secrets
from pathlib import Path


def made_once(path: Path) -> str:
    """The key kept in `path` (64 hex digits, mode 0600), made at the first call; of several at once, one wins."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails if another process was first; renaming would overwrite its key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
