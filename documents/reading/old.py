"""Old .doc and .wps files, through a converter where the machine has one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from documents.reading.docx import read_docx
from documents.reading.kinds import SAVE_AS_DOCX
from documents.reading.txt import clean
from documents.refusal import ImportRefused
from documents.source import Source

PATIENCE = 40  # seconds; an office suite takes a while to start
NO_CONVERTER = f"本机没有装旧版 Word 文件的转换程序。{SAVE_AS_DOCX}"
FAILED = f"旧版 Word 文件转换失败。{SAVE_AS_DOCX}"


def read_old(data: bytes) -> Source:
    """Raises ImportRefused. The first converter on PATH that makes something of the file is the one that counts."""
    found = [convert for program, convert in CONVERTERS.items() if shutil.which(program)]
    if not found:
        raise ImportRefused(NO_CONVERTER, code="no_converter")
    for convert in found:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "document.doc"
            file.write_bytes(data)
            try:
                source = convert(file)
            except (OSError, UnicodeDecodeError, subprocess.SubprocessError):
                continue
        if source.text.strip():
            return source
    raise ImportRefused(FAILED, code="conversion")


def _by_soffice(file: Path) -> Source:
    _run("soffice", "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(file.parent), str(file))
    return read_docx(file.with_suffix(".docx").read_bytes())


def _by_antiword(file: Path) -> Source:
    return _text(_run("antiword", "-m", "UTF-8.txt", "-w", "0", str(file)))


def _by_catdoc(file: Path) -> Source:
    return _text(_run("catdoc", "-d", "utf-8", "-w", str(file)))


CONVERTERS: dict[str, Callable[[Path], Source]] = {
    "soffice": _by_soffice,
    "antiword": _by_antiword,
    "catdoc": _by_catdoc,
}


def _text(output: bytes) -> Source:
    return Source(text=clean(output.decode()), format="txt")


def _run(*command: str) -> bytes:
    """Standard output. The program gets a home of its own: none of the server's settings, and none left behind."""
    folder = Path(command[-1]).parent
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run(  # noqa: S603 - fixed programs, a file name of our own, no shell
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    ).stdout
