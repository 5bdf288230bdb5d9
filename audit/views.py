from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import audit
from audit.forms import FilterForm
from audit.models import AuditEvent

PAGE = 50


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, 50 to a page. Looking at it is recorded too, once per page."""
    if not request.user.may("audit.read"):  # type: ignore[union-attr]
        raise Http404
    form = FilterForm(request.GET)
    valid = form.is_valid()
    asked = form.asked() if valid else {}
    older_than = _older_than(request)
    with transaction.atomic():  # what was shown and the row that says so stand or fall together
        shown = list(_page(form, older_than)) if valid else []
        audit.record("audit.read", by=request.user, after={**asked, "before": older_than, "shown": len(shown[:PAGE])})
    events, more = shown[:PAGE], len(shown) > PAGE
    query = {name: str(value) for name, value in asked.items()}
    context = {
        "form": form,
        "events": events,
        "filtered": bool(asked),
        "newest_url": f"?{urlencode(query)}" if older_than else "",
        "older_url": f"?{urlencode({**query, 'before': events[-1].sequence})}" if more else "",
    }
    return render(request, "audit/list.html", context)


def _page(form: FilterForm, older_than: int | None):
    rows = form.narrow(AuditEvent.objects.for_table())
    return (rows.before(older_than) if older_than else rows)[: PAGE + 1]


def _older_than(request: HttpRequest) -> int | None:
    """The page's upper end. Anything but a plain number means the newest page."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 18 else None
