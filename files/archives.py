"""Checks on zip-based files, made before anything opens them."""

import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from files.refusal import UploadRefused

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024  # bytes
MOST_RATIO = 100  # unpacked ÷ packed
LARGEST_DIRECTORY = MOST_ENTRIES * 512  # bytes; 2,000 entries with ordinary names take about 200,000
BLOCK = 256 * 1024

DAMAGED = "文件已损坏或格式不规范。请用原软件打开后另存一份再上传。"
TOO_LARGE_INSIDE = "文件解压后过大，疑似压缩炸弹，已拒收。请删去多余内容后另存一份再上传。"
SUSPICIOUS = "文件内部结构异常，已拒收。请用原软件打开后另存一份再上传。"
MACROS = "文件带有宏，已拒收。请另存为不含宏的文件（.docx 或 .xlsx）再上传。"
ENCRYPTED = "文件加了密码，无法检查。请取消密码后再上传。"

ENTITY_MARKS = tuple(
    mark.encode(code) for mark in ("<!ENTITY", "<!DOCTYPE") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
MACRO_NAMES = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("macrosheets", "activex")


def inspect(path: Path) -> frozenset[str]:
    """The entries' names, once the archive has passed every check. Raises UploadRefused."""
    with path.open("rb") as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                _check_sizes(entries)
                _check_names(entries)
                _check_places(file, entries, archive.start_dir)
                for entry in entries:
                    _check_content(archive, entry)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            struct.error,
            zlib.error,
        ) as error:
            raise UploadRefused(DAMAGED) from error
    return frozenset(entry.filename for entry in entries)


def _check_directory(file: BinaryIO) -> None:
    """Bound the list of entries before the library builds an object for each."""
    size = file.seek(0, 2)
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(tail):
        raise UploadRefused(DAMAGED)
    count, directory = struct.unpack("<HI", tail[end + 10 : end + 16])
    if count > MOST_ENTRIES or directory > LARGEST_DIRECTORY:
        raise UploadRefused(TOO_LARGE_INSIDE)
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):  # zip64 moves the list elsewhere; 20 MB never needs it
        raise UploadRefused(SUSPICIOUS)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 1):
        raise UploadRefused(TOO_LARGE_INSIDE)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise UploadRefused(SUSPICIOUS)
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        leads_out = entry.filename.startswith("/") or ".." in parts or set("\\:") & set(entry.orig_filename)
        if leads_out or not entry.filename.isprintable() or stat.S_ISLNK(entry.external_attr >> 16):
            raise UploadRefused(SUSPICIOUS)
        if entry.flag_bits & 0x1:
            raise UploadRefused(ENCRYPTED)
        low = [part.lower() for part in parts]
        if low and (low[-1] in MACRO_NAMES or set(low[:-1]) & set(MACRO_FOLDERS)):
            raise UploadRefused(MACROS)


def _check_places(file: BinaryIO, entries: list[zipfile.ZipInfo], directory_at: int) -> None:
    """No two entries share bytes (so a small archive unpacks to a huge one), and nothing stands before the first."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end or (end == 0 and entry.header_offset != 0):
            raise UploadRefused(SUSPICIOUS)
        file.seek(entry.header_offset + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        end = entry.header_offset + 30 + name + extra + entry.compress_size
    if end > directory_at:
        raise UploadRefused(SUSPICIOUS)


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read it to the end, so that its checksum and length are proved; XML may not declare entities."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    is_types = entry.filename == "[Content_Types].xml"
    before = b""
    with archive.open(entry) as content:
        while block := content.read(BLOCK):
            window = before + block
            if is_xml and any(mark in window for mark in ENTITY_MARKS):
                raise UploadRefused(SUSPICIOUS)
            if is_types and b"macroenabled" in window.lower():
                raise UploadRefused(MACROS)
            before = block[-32:]
