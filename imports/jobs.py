"""Reads an uploaded document in a limited child process, outside any transaction, and keeps the draft once."""

from __future__ import annotations

from background.registry import job
from background.run import JobRefused, JobRun
from documents.refusal import ImportRefused
from imports import services
from imports.models import DocumentImport

PASTED = "pasted"
STEPS = ("读取文件", "解析条目", "匹配名录")


@job(services.JOB, label="读取导入文件", steps=STEPS)
def read(run: JobRun) -> dict:
    """Read the document named in the payload; a second run finds it read and does nothing."""
    run.step(STEPS[0], 10)
    document = DocumentImport.objects.select_related("source").filter(pk=run.payload["document"]).first()
    if document is None:
        raise JobRefused("这次导入已不存在。")
    if document.is_unread:
        if not run.requester().may("plan.import"):
            services.refuse(document, "提交人已没有导入权限。", code="not_allowed")
            raise JobRefused("提交人已没有导入权限。")
        _read(run, document)
        document.refresh_from_db()  # another run may have been faster: both name the document by its title
    return {"document": document.pk, "label": str(document)}


def _read(run: JobRun, document: DocumentImport) -> None:
    from documents.limited import (
        parse_pasted,
        read_and_parse,
    )  # the readers of Word and PDF files are loaded where they are used

    services.begin_reading(document)
    try:
        run.step(STEPS[1], 30)
        content = bytes(document.source.content)
        if document.source.format == PASTED:
            source, draft = parse_pasted(content.decode())
        else:
            source, draft = read_and_parse(content, document.source.name)
    except ImportRefused as refusal:
        services.refuse(document, refusal.message, code=refusal.code)
        return
    run.step(STEPS[2], 80)
    services.store_draft(document, source, draft)
