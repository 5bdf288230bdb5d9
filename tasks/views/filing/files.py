"""Files beside a report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from files.services import FileLost, serve
from tasks.filing_text import readable_attachments


@require_safe
def progress_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file as a download, for who may read the text it was handed in with."""
    attachment = get_object_or_404(readable_attachments(request.user), pk=pk)
    try:
        return serve(attachment.file, by=request.user)
    except FileLost:
        messages.error(request, f"附件“{attachment.file}”已损坏，不能下载。请联系系统管理员。")
        return redirect("tasks:progress-edit", pk=attachment.report_id)
