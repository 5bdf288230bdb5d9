"""A document comes in: its bytes are kept, its reading is asked for."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import IntegrityError, transaction

import audit
import background.services
from accounts.guards import require
from accounts.models import User
from background.models import Job
from calendars import clock
from files.uploads import LARGEST, clean_name
from imports.choices import UNREAD, ImportState
from imports.models import DocumentImport
from tasks.choices import PlanState
from tasks.errors import AlreadyMoved, Refused
from tasks.models import Plan, SourceDocument

JOB = "imports.read"
PASTED = "粘贴的文字.txt"


def start_import(
    *, by: User, name: str = "", data: bytes | None = None, text: str | None = None, plan: Plan | None = None,
    request_key: UUID | None = None,
) -> tuple[DocumentImport, list[DocumentImport]]:  # fmt: skip
    """Keep a file (`data`) or pasted `text` and ask for its reading; with `plan`, as a change to that plan.

    Returns the import and earlier ones of the very same bytes, which are reported and not forbidden. A `request_key`
    used before gives the import made then. Raises Refused: empty, too_large, bad_text, plan_closed.
    """
    require(by, "plan.import")
    content = _content(data, text)
    if plan and plan.state == PlanState.CLOSED:
        raise Refused("计划已结束，不能再导入文件。", code="plan_closed")
    try:
        document = _existing(request_key) or _keep(content, name, text is not None, plan, request_key, by=by)
    except IntegrityError:  # the same form sent twice at once: the database lets one in
        made_meanwhile = _existing(request_key)
        if made_meanwhile is None:
            raise
        document = made_meanwhile
    earlier = DocumentImport.objects.visible_to(by).twins_of(document).filter(pk__lt=document.pk).for_table()
    return document, list(earlier[:5])


def _content(data: bytes | None, text: str | None) -> bytes:
    if text is not None:
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            raise Refused(f"第{error.start + 1}个字不是完整的字符，请重新粘贴。", code="bad_text") from None
    if not data or not data.strip():
        raise Refused("没有内容。请选择文件或粘贴正文。", code="empty")
    if len(data) > LARGEST:
        raise Refused("文件超过 20 MB。请另存为不含图片的文件，或只粘贴正文。", code="too_large")
    return data


def _existing(request_key: UUID | None) -> DocumentImport | None:
    return DocumentImport.objects.filter(request_key=request_key).first() if request_key else None


@transaction.atomic
def _keep(
    content: bytes, name: str, is_pasted: bool, plan: Plan | None, request_key: UUID | None, *, by: User
) -> DocumentImport:
    source = SourceDocument.objects.create(
        name=PASTED if is_pasted else clean_name(name), format="pasted" if is_pasted else "", content=content,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), created_by=by, created_at=clock.now(),
    )  # fmt: skip
    document = DocumentImport.objects.create(
        source=source, plan=plan, request_key=request_key, created_by=by, created_at=clock.now()
    )
    background.services.enqueue(JOB, payload={"document": document.pk}, by=by, key=_job_key(document.pk))
    audit.record("import.started", document, by=by, after={"name": source.name, "sha256": source.sha256})
    return document


def job_of(document: DocumentImport) -> Job | None:
    """The job that reads the document."""
    return Job.objects.filter(key=_job_key(document.pk)).first()


@transaction.atomic
def retry_reading(document: DocumentImport, *, by: User) -> DocumentImport:
    """Read again what a crash kept from being read. Raises AlreadyMoved when it has not failed."""
    require(by, "plan.import")
    job = job_of(document)
    if job is None or not job.has_failed or document.state not in UNREAD:
        raise AlreadyMoved("文件已经读取或正在读取，无需重试。")
    background.services.retry(job, by=by)
    audit.record("import.retried", document, by=by)
    return document


def begin_reading(document: DocumentImport) -> None:
    """For the page only: reading may begin any number of times."""
    DocumentImport.objects.filter(pk=document.pk, state=ImportState.UPLOADED).update(state=ImportState.READING)


def refuse(document: DocumentImport, message: str, *, code: str) -> bool:
    """The document cannot become a plan, and why; False when it was settled before."""
    with transaction.atomic():
        moved = DocumentImport.objects.filter(pk=document.pk, state__in=UNREAD).update(
            state=ImportState.REFUSED, refusal=message[:500], refusal_code=code[:40], read_at=clock.now()
        )
        if moved:
            audit.record("import.refused", document, by=None, detail=message)
    return bool(moved)


def _job_key(pk: int) -> str:
    return f"{JOB}:{pk}"
