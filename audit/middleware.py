import ipaddress
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit import context


class RequestContextMiddleware:
    """Gives each request a number (`request.request_id`, `X-Request-ID`) and audit rows their address. Stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Always our own number: one sent by the browser could be used to forge or split the trail.
        number = uuid.uuid4().hex
        request.request_id = number  # type: ignore[attr-defined]
        with context.origin(ip=client_ip(request), request_id=number):
            response = self.get_response(request)
        response["X-Request-ID"] = number
        return response


def client_ip(request: HttpRequest) -> str:
    """The address that reached our outermost trusted proxy; "" when there is none that parses.

    `TRUSTED_PROXIES` is how many of our own proxies stand before this process. Each appends the address it saw to
    X-Forwarded-For, so only that many entries, counted from the right, are worth anything: the rest anybody can write.
    """
    trusted = getattr(settings, "TRUSTED_PROXIES", 0)
    seen = [request.META.get("REMOTE_ADDR", "")]
    if trusted:
        seen = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), *seen]
    return _address(seen[-min(trusted + 1, len(seen))]) or _address(seen[-1])


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
