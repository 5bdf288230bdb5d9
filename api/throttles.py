"""How fast one user, or one address that signs in, may ask.

Counted in the memory of each web process: a limit against programs gone wild, not an account of requests. Counting in
the database would make every reader a writer. Wrong passwords are counted elsewhere, in the database (lock-outs).
"""

from django.core.cache import caches
from rest_framework.throttling import SimpleRateThrottle

from audit.middleware import client_ip


class PerUser(SimpleRateThrottle):
    scope = "user"
    cache = caches["rates"]

    def get_cache_key(self, request, view):
        who = request.user.pk if request.user.is_authenticated else client_ip(request)
        return self.cache_format % {"scope": self.scope, "ident": who}


class SignInPerAddress(SimpleRateThrottle):
    scope = "token"
    cache = caches["rates"]

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": client_ip(request)}
