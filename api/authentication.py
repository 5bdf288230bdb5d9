"""Who asks: a program with its token, or a person with the session of the browser."""

from __future__ import annotations

from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.middleware import password_due
from accounts.models import User
from api.errors import CsrfFailed, PasswordDue


class ApiToken(TokenAuthentication):
    """`Authorization: Token …`. Brings the user with the rows that rights follow from, fresh at every request."""

    def authenticate_credentials(self, token):
        if not token.isascii():
            raise AuthenticationFailed
        return super().authenticate_credentials(token)

    def validate_user(self, auth_token):
        user = User.objects.with_rights().active().filter(pk=auth_token.user_id).first()
        if user is None:
            raise AuthenticationFailed
        if password_due(user):
            raise PasswordDue
        return user, auth_token


class BrowserSession(SessionAuthentication):
    """The session of the pages; changes need the CSRF token. Time limits and passwords due: the site's middleware."""

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except Exception as error:
            raise CsrfFailed from error
