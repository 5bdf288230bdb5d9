"""Signing programs in and out: a token is a sign-in of its own, stored hashed, ending after some hours."""

from __future__ import annotations

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from knox.models import AuthToken

import audit
from accounts.middleware import password_due
from accounts.models import User
from api.errors import CodeNeeded, PasswordDue, WrongCode, WrongCredentials

BY_TOKEN = "接口令牌"  # noqa: S105  words for the trail


def sign_in(request: HttpRequest, *, username: str, password: str, code: str = "") -> tuple[AuthToken, str]:
    """Check who it is and issue a token; returns its row and its text, which is stored nowhere.

    `request` is Django's own: lock-outs are counted on it. Raises WrongCredentials, CodeNeeded, WrongCode, PasswordDue.
    """
    user = authenticate(request, username=username, password=password)
    if user is None:  # counted and recorded by the receivers of the failed sign-in
        raise WrongCredentials
    if is_mfa_enabled(user):
        _check_second_factor(request, user, code)
    if password_due(user):
        audit.record_refusal("session.refused", user, by=user, detail=f"{BY_TOKEN}：须先修改密码")
        raise PasswordDue
    issued = _issue(user)
    AxesProxyHandler.user_logged_in(sender=User, request=request, user=user)  # forgets the failures before
    return issued


def _check_second_factor(request: HttpRequest, user: User, code: str) -> None:
    if not code:
        raise CodeNeeded
    if AuthenticateForm({"code": code}, user=user).is_valid():
        return
    # A guessed code counts like a guessed password, else six digits could be tried out.
    AxesProxyHandler.user_login_failed(sender=User, credentials={"username": user.username}, request=request)
    raise WrongCode


@transaction.atomic
def _issue(user: User) -> tuple[AuthToken, str]:
    """A new token; of more than allowed the oldest end. The user's row is locked against being disabled meanwhile."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise WrongCredentials
    AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
    kept = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"] - 1
    newest = AuthToken.objects.filter(user=user).order_by("-created").values_list("pk", flat=True)
    AuthToken.objects.filter(user=user).exclude(pk__in=list(newest[:kept])).delete()
    token, text = AuthToken.objects.create(user=user)
    audit.record("session.signed_in", user, by=user, detail=BY_TOKEN)
    return token, text


@transaction.atomic
def sign_out(token: AuthToken, *, by: User) -> None:
    """End one token, at once."""
    AuthToken.objects.filter(pk=token.pk).delete()
    audit.record("session.signed_out", by, by=by, detail=BY_TOKEN)
