"""Lock-outs by django-axes: one name from one address, 15 minutes after the fifth failure. Real time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

import audit
from accounts.errors import Refused
from accounts.middleware import wants_data
from accounts.models import User
from accounts.services.rules import require_right


@dataclass(frozen=True)
class Attempts:
    """Recent failures of one name from one address."""

    username: str
    ip_address: str
    failures: int
    last_at: datetime

    @property
    def locked(self) -> bool:
        return self.failures >= settings.AXES_FAILURE_LIMIT

    @property
    def locked_until(self) -> datetime:
        return self.last_at + settings.AXES_COOLOFF_TIME


def recent() -> list[Attempts]:
    """Names and addresses with failures that still count, locked ones first, then the newest."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = (
        AccessAttempt.objects.filter(attempt_time__gte=since)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last_at=Max("attempt_time"))
    )
    found = [Attempts(row["username"] or "", row["ip_address"] or "", row["failures"], row["last_at"]) for row in rows]
    return sorted(found, key=lambda attempts: (not attempts.locked, -attempts.last_at.timestamp()))


@transaction.atomic
def release(*, username: str, ip_address: str, by: User) -> None:
    """Forget the failures, so that the person may try again at once. Raises Refused when nothing is locked."""
    require_right(by, "lockout.manage")
    attempts = AccessAttempt.objects.filter(username=username, ip_address=ip_address or None)
    if not attempts.delete()[0]:
        raise Refused("这条锁定已经解除或到期，无需重复操作。", code="already_done")
    user = User.objects.named(username).first()
    audit.record("session.released", user, by=by, detail=f"{username if user else '未知用户名'} {ip_address}".strip())


def attempted_name(request: HttpRequest, credentials: dict | None) -> str:
    """The name failures are counted under: `Li` and `li ` are one account, so they share one count."""
    credentials = credentials or {}
    name = credentials.get("username") or request.POST.get("login") or ""
    return name.strip().lower()[:255]


def refuse(request: HttpRequest, response: HttpResponse | None = None, credentials: dict | None = None) -> HttpResponse:
    """What a locked-out visitor sees, the same whether the name exists or not."""
    if wants_data(request):
        words = "密码连续输错 5 次，账号已锁定 15 分钟。15 分钟后再试，或联系管理员。"
        body = {"code": "locked_out", "message": words, "request_id": getattr(request, "request_id", "")}
        return JsonResponse(body, status=429)
    return render(request, "account/lockout.html", status=429)
