"""Everybody's own inbox: what he was told, and what of it is still unread."""

from __future__ import annotations

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from reminders.models import Notice
from reminders.services import reading
from tasks.views.posted import whole_number

PAGE_SIZE = 20


@require_safe
def notice_list(request):
    """The own messages, the latest first; older ones by key (`?before=`)."""
    notices = Notice.objects.visible_to(request.user)
    before = whole_number(request.GET.get("before"))
    rows = notices.filter(pk__lt=before) if before else notices
    rows = rows.filter(read_at=None) if request.GET.get("show") == "unread" else rows
    shown = list(rows.latest_first()[: PAGE_SIZE + 1])
    more, shown = len(shown) > PAGE_SIZE, shown[:PAGE_SIZE]
    for notice in shown:
        notice.groups = groups_of(notice)
    query = {"show": "unread"} if request.GET.get("show") == "unread" else {}
    page = {
        "notices": shown,
        "unread": notices.unread().count(),
        "only_unread": bool(query),
        "newest_url": f"?{urlencode(query)}" if before else "",
        "older_url": f"?{urlencode(query | {'before': shown[-1].pk})}" if more else "",
    }
    return render(request, "reminders/notices.html", page)


def groups_of(notice: Notice) -> list[dict]:
    """The message's groups, each line with its place in the message, by which a click names it."""
    place, groups = 0, []
    for group in notice.content.get("groups", []):
        lines = []
        for line in group["lines"]:
            lines.append({"text": line["text"], "url": line.get("url", ""), "place": place})
            place += 1
        groups.append({"title": group["title"], "lines": lines})
    return groups


@require_POST
def notice_read(request, pk):
    """Mark one as read; with `line` go on to the page that line points at."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    reading.mark_read([notice], by=request.user)
    return redirect(target_of(notice, whole_number(request.POST.get("line"))) or back_of(request))


def target_of(notice: Notice, line: int | None) -> str:
    """The stored address of that line, when it is one of ours; the message is data and is not trusted."""
    urls = [each["url"] for group in groups_of(notice) for each in group["lines"]]
    url = urls[line] if line is not None and line < len(urls) else ""
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


def back_of(request) -> str:
    query = {"show": "unread"} if request.POST.get("show") == "unread" else {}
    return f"{reverse('reminders:notice-list')}{'?' if query else ''}{urlencode(query)}"


@require_POST
def notice_read_all(request):
    reading.mark_all_read(by=request.user)
    return redirect("reminders:notice-list")
