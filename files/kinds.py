"""Which files are accepted, and how their content shows that they are what their name says."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from files import archives
from files.refusal import UploadRefused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of macro storages as an OLE directory writes them.
OLE_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "VBA\x00", "Macros"))
ACCEPTED = "pdf、docx、xlsx、ofd、wps、et、jpg、png"


@dataclass(frozen=True)
class Kind:
    content_type: str
    check: Callable[[Path], None]


def kind_of(extension: str, path: Path) -> Kind:
    """The kind that name and content agree on. Raises UploadRefused."""
    kind = KINDS.get(extension)
    if kind is None:
        raise UploadRefused(INSTEAD.get(extension, f"不接收这类文件。可上传：{ACCEPTED}。"))
    kind.check(path)
    return kind


def _mismatch(extension: str) -> UploadRefused:
    return UploadRefused(f"文件内容不是 {extension}，可能改过扩展名或已损坏。请用原软件打开后另存一份再上传。")


def _pdf(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(-min(2048, path.stat().st_size), 2)
        tail = file.read()
    if not head.startswith(b"%PDF-") or b"%%EOF" not in tail:
        raise _mismatch("pdf")


def _jpg(path: Path) -> None:
    content = path.read_bytes()
    # Cameras add bytes of their own after the end mark.
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[3:]:
        raise _mismatch("jpg")


def _png(path: Path) -> None:
    content = path.read_bytes()
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or b"IEND\xaeB`\x82" not in content[-64:]:
        raise _mismatch("png")


def _zipped(extension: str, *parts: str) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                raise _mismatch(extension)
        if not set(parts) <= archives.inspect(path):
            raise _mismatch(extension)

    return check


def _ole(extension: str) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        content = path.read_bytes()
        if not content.startswith(OLE) or len(content) < 1536:  # header and two sectors: less holds nothing
            raise _mismatch(extension)
        if any(name in content for name in OLE_MACROS):
            raise UploadRefused(archives.MACROS)

    return check


KINDS = {
    "pdf": Kind("application/pdf", _pdf),
    "docx": Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _zipped("docx", "[Content_Types].xml", "word/document.xml"),
    ),
    "xlsx": Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _zipped("xlsx", "[Content_Types].xml", "xl/workbook.xml"),
    ),
    "ofd": Kind("application/ofd", _zipped("ofd", "OFD.xml")),
    "wps": Kind("application/vnd.ms-works", _ole("wps")),
    "et": Kind("application/octet-stream", _ole("et")),
    "jpg": Kind("image/jpeg", _jpg),
    "jpeg": Kind("image/jpeg", _jpg),
    "png": Kind("image/png", _png),
}
INSTEAD = {
    "doc": "不接收旧版 .doc。请另存为 .docx 再上传。",
    "xls": "不接收旧版 .xls。请另存为 .xlsx 再上传。",
    "docm": archives.MACROS,
    "xlsm": archives.MACROS,
    "zip": "不接收压缩包。请解压后逐个上传。",
    "rar": "不接收压缩包。请解压后逐个上传。",
    "7z": "不接收压缩包。请解压后逐个上传。",
}
