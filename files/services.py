import hashlib
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils import timezone

import audit
from files import uploads
from files.choices import Sensitivity
from files.models import StoredFile, files_root
from files.refusal import UploadRefused

logger = logging.getLogger(__name__)

DEFAULT_QUOTA = 1024 * 1024 * 1024  # bytes for one quota key
SWEEP_AFTER = 24 * 3600  # seconds: longer than any upload, and backups copy the files after the database


class FileLost(Exception):
    """A row whose bytes are missing or changed: an alarm, never silently an empty download."""


def store(upload: UploadedFile, *, by: Any, quota_key: str, sensitivity: str = Sensitivity.ORDINARY) -> StoredFile:
    """Check, keep and record one upload. `quota_key` names who pays for the space ("department:7").

    Whether `by` may attach anything here is the caller's to ask. Call it outside a transaction: it reads the whole
    file. Raises UploadRefused, with a message for the user; the refusal is recorded.
    """
    try:
        with uploads.checked(upload) as accepted:
            return _keep(accepted, by=by, quota_key=quota_key, sensitivity=sensitivity)
    except UploadRefused as refusal:
        after = {"name": uploads.clean_name(upload.name or ""), "quota_key": quota_key}
        audit.record_refusal("file.refused", by=by, detail=str(refusal), after=after)
        raise


def _keep(accepted: uploads.Checked, *, by: Any, quota_key: str, sensitivity: str) -> StoredFile:
    stored = StoredFile(
        original_name=accepted.original_name,
        size=accepted.size,
        sha256=accepted.sha256,
        content_type=accepted.content_type,
        sensitivity=sensitivity,
        quota_key=quota_key,
        stored_at=timezone.now(),
        uploaded_by_id=str(by.pk),
        uploaded_by_name=by.name,
    )
    # Bytes first: a crash in between leaves a file for the sweeper, never a row without its bytes.
    accepted.keep(stored.pk)
    try:
        _write_row(stored, by=by)
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored


@transaction.atomic(durable=True)
def _write_row(stored: StoredFile, *, by: Any) -> None:
    stored.save(force_insert=True)
    after = {"size": stored.size, "sha256": stored.sha256, "quota_key": stored.quota_key}
    audit.record("file.stored", stored, by=by, after=after)
    # Summed after the audit row: its lock lets one upload at a time come this far, so two cannot share the last space.
    quota = getattr(settings, "FILE_QUOTA_BYTES", DEFAULT_QUOTA)
    if StoredFile.objects.counted_to(stored.quota_key).bytes_stored() > quota:
        raise UploadRefused(f"本单位附件已满（上限 {quota // 1024**2} MB）。请删去不用的附件，或请管理员扩容。")


def serve(stored: StoredFile, *, by: Any) -> FileResponse:
    """The file as a download, once its bytes are proved to be those stored; recorded.

    Whether `by` may have it is the caller's to ask (through `visible_to`). Raises FileLost.
    """
    _prove(stored)
    with transaction.atomic():
        audit.record("file.downloaded", stored, by=by, after={"sha256": stored.sha256})
    response = FileResponse(
        stored.path.open("rb"),
        as_attachment=True,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _prove(stored: StoredFile) -> None:
    try:
        with stored.path.open("rb") as file:
            intact = hashlib.file_digest(file, "sha256").hexdigest() == stored.sha256
    except FileNotFoundError:
        intact = False
    if not intact:
        logger.error("stored file %s is missing or changed", stored.pk)
        raise FileLost(str(stored.pk))


def sweep_unreferenced(*, older_than: int = SWEEP_AFTER) -> int:
    """Remove files without a row that have lain for `older_than` seconds, and return how many. Safe to repeat."""
    before = time.time() - older_than
    swept = 0
    for path in _files():
        with suppress(FileNotFoundError):  # another sweep was faster, and counts it
            if path.stat().st_mtime < before and not _has_row(path):
                path.unlink()
                swept += 1
    if swept:
        with transaction.atomic():
            audit.record("file.swept", by=None, after={"files": swept})
    return swept


def lost_files() -> list[StoredFile]:
    """Rows whose file is missing: each is an alarm for the operator."""
    return [stored for stored in StoredFile.objects.iterator() if not stored.path.exists()]


def _files() -> Iterator[Path]:
    return (path for path in files_root().glob("*/*") if path.is_file())


def _has_row(path: Path) -> bool:
    try:
        name = uuid.UUID(hex=path.name)
    except ValueError:
        return False
    return path.parent.name != "incoming" and StoredFile.objects.filter(pk=name).exists()
