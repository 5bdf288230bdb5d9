"""Files beside a report: never required, frozen with the text they were handed in with."""

from __future__ import annotations

from django.db import transaction

import audit
from accounts.models import User
from calendars import clock
from files.models import StoredFile
from tasks.choices import OWING
from tasks.errors import Refused
from tasks.models import ProgressReport, ReportAttachment
from tasks.services.filing import require_filing
from tasks.services.locks import lock_for


@transaction.atomic
def attach(report: ProgressReport, file: StoredFile, *, by: User) -> ReportAttachment:
    """Put a stored file beside a report that the department may still write. Raises Refused otherwise."""
    require_filing(report, by)
    _check_writable(report)
    attachment = ReportAttachment.objects.create(report=report, file=file)
    audit.record("report.file_attached", report, by=by, after={"file": str(file.pk), "name": file.original_name})
    return attachment


@transaction.atomic
def detach(attachment: ReportAttachment, *, by: User) -> None:
    """Take a file off the next submission. One already handed in stays with the text it came with."""
    report = attachment.report
    require_filing(report, by)
    _check_writable(report)
    ReportAttachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=clock.now())
    audit.record("report.file_detached", report, by=by, before={"file": str(attachment.file_id)})


def _check_writable(report: ProgressReport) -> None:
    lock_for(report)
    report.refresh_from_db()
    if report.state not in OWING:
        raise Refused("报送已提交，附件不能改动。如需更换，请先撤回。", code="not_writable")
