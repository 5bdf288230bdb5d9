"""Response headers that Django and django-csp do not set themselves, and addresses no page of ours has."""

from django.core.exceptions import BadRequest
from django.utils.cache import patch_cache_control

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class SecurityHeadersMiddleware:
    """Outermost, so that static files and error pages carry the headers too.

    A page nobody declared cacheable is never stored: shared office machines keep what a browser caches.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, no_store=True)
        return response


class NoNullMiddleware:
    """400 for a NUL in the query: PostgreSQL takes none in a text, so a search for it would end as a 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query")
        return self.get_response(request)
