"""Sign-ins, failures, sign-outs, lock-outs and second factors, as allauth, Django and axes announce them, to the trail.

Connected in `AccountsConfig.ready`.
"""

from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

import audit
from accounts.middleware import mark_session
from accounts.models import User
from audit.services import VISITOR


@receiver(user_logged_in)
def signed_in(sender, request, user, **_):
    if request is not None and hasattr(request, "session"):
        mark_session(request)
    with transaction.atomic():
        audit.record("session.signed_in", user, by=user)


@receiver(user_logged_out)
def signed_out(sender, request, user, **_):
    if user is not None:
        with transaction.atomic():
            audit.record("session.signed_out", user, by=user)


@receiver(user_login_failed)
def sign_in_failed(sender, credentials, request=None, **_):
    user = _known(credentials.get("username"))
    locked = request is not None and not hasattr(request, "password_tried")
    # A name that nobody has may be a password typed into the wrong field: it is not written down.
    detail = "锁定期间再次尝试" if locked else "密码不正确" if user else "没有这个用户名"
    audit.record_refusal("session.refused", user, by=VISITOR, detail=detail)


@receiver(user_locked_out)
def locked_out(sender, request, username, **_):
    if hasattr(request, "password_tried"):  # axes says this again for every later attempt; only the first one locks
        audit.record_refusal("session.locked_out", _known(username), by=VISITOR)


@receiver(authentication_failed)
def second_factor_failed(sender, user, **_):
    audit.record_refusal("session.refused", user, by=VISITOR, detail="动态验证码不正确")


@receiver(authenticator_added)
def second_factor_added(sender, user, authenticator, **_):
    with transaction.atomic():
        audit.record("second_factor.added", user, by=user, detail=authenticator.type)


@receiver(authenticator_removed)
def second_factor_removed(sender, user, authenticator, **_):
    with transaction.atomic():
        audit.record("second_factor.removed", user, by=user, detail=authenticator.type)


def _known(username) -> User | None:
    return User.objects.named(username).first() if username else None
