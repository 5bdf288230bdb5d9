"""The process that reads and parses one upload, with little time, memory and environment. Started by `limited`.

Arguments: seconds of processor time, bytes of memory. Standard input: one line of JSON {"name": ...} and the bytes of
the file, or {"name": null} and pasted text in UTF-8. Standard output: {"source", "plan"} or {"error", "log"}.
"""

import json
import resource
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MOST_FILES = 256  # open at once; an office suite that converts holds more than we do
LARGEST_WRITTEN = 256 * 1024 * 1024  # bytes of a temporary file


def confine(seconds: int, memory: int) -> None:
    """For good, and for everything this process starts: past a limit the system says no or ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_WRITTEN, LARGEST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(name: str | None, data: bytes) -> dict[str, Any]:
    # Loaded after the limits hold, so that they bound the libraries too.
    from documents.reading import UNREADABLE, read, read_pasted
    from documents.reading.limits import TOO_COSTLY
    from documents.refusal import ImportRefused

    try:
        source = read_pasted(data.decode("utf-8", "surrogatepass")) if name is None else read(data, name)
        return _parsed(source)
    except ImportRefused as refused:
        return {"error": {"code": refused.code, "message": refused.message}, "log": _place(refused.__cause__)}
    except MemoryError as error:
        return {"error": {"code": "too_costly", "message": TOO_COSTLY}, "log": _place(error)}
    except Exception as error:
        return {"error": {"code": "unreadable", "message": UNREADABLE}, "log": _place(error)}


def _parsed(source: Any) -> dict[str, Any]:
    from documents.parsing import parse
    from documents.wire import to_plain

    return {"source": to_plain(source), "plan": to_plain(parse(source))}


def _place(error: BaseException | None) -> str:
    """Kind and lines of code of an error, for operators. Never its message, which may quote the document."""
    if error is None:
        return ""
    frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    return f"{type(error).__name__} at {' '.join(frames[-6:])}"


def main() -> None:
    confine(int(sys.argv[1]), int(sys.argv[2]))
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    # A library may print; only the answer goes to the parent.
    out, sys.stdout = sys.stdout, sys.stderr
    json.dump(answer(json.loads(head)["name"], data), out)
    out.flush()


if __name__ == "__main__":
    main()
