"""What people see when a request breaks."""

import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error


@requires_csrf_token
def broken(request):
    """500; or 503 when the database is out of reach or too slow. Both templates render without any query."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = render(None, "503.html", status=503)
        response["Retry-After"] = "30"
        return response
    return server_error(request)
