"""From an upload to bytes on disk: measured, checked, flushed, and only then under their name."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from files.kinds import kind_of
from files.models import files_root, path_of
from files.refusal import UploadRefused

LARGEST = 20 * 1024 * 1024  # bytes a file
NAME_LENGTH = 200


@dataclass(frozen=True)
class Checked:
    """An accepted upload that still lies under a temporary name."""

    temporary: Path
    original_name: str
    size: int
    sha256: str
    content_type: str

    def keep(self, name: uuid.UUID) -> None:
        """Give the bytes their final name, so that they survive a power cut."""
        final = path_of(name)
        final.parent.mkdir(parents=True, exist_ok=True)
        os.rename(self.temporary, final)
        _flush_folder(final.parent)


@contextmanager
def checked(upload: UploadedFile) -> Iterator[Checked]:
    """The upload, written and checked. What was not kept on leaving is removed. Raises UploadRefused."""
    name = clean_name(upload.name or "")
    folder = files_root() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / uuid.uuid4().hex
    try:
        size, sha256 = _write(upload, temporary)
        kind = kind_of(extension_of(name), temporary)
        yield Checked(temporary, name, size, sha256, kind.content_type)
    finally:
        temporary.unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """The sender's file name without folders and without characters that hide or turn its ending, ≤ 200 characters."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if len(name) > NAME_LENGTH and dot:
        name = f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"
    return name[:NAME_LENGTH] or "未命名"


def extension_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _write(upload: UploadedFile, path: Path) -> tuple[int, str]:
    """Copy the upload, counting for ourselves: the size it claims is the sender's word."""
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > LARGEST:
                raise UploadRefused("文件超过 20 MB。请压缩图片或拆成几个文件后再上传。")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise UploadRefused("文件是空的。请检查后重新选择。")
    return size, digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
