"""How allauth behaves here: nobody signs up, nothing is mailed, passwords change through our service."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import services
from accounts.errors import Refused
from audit.middleware import client_ip

WRONG = "用户名或密码不正确，请核对后再试。连续输错 5 次将锁定 15 分钟；忘记密码请联系管理员重置。"
QUIET_MESSAGES = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "incorrect_password": "密码不正确，请重新填写。",
        "enter_current_password": "当前密码不正确，请重新填写。",
        "too_many_login_attempts": "登录过于频繁，请一分钟后再试。",
    }

    def is_open_for_signup(self, request):
        return False

    def set_password(self, user, password):
        try:
            services.change_password(user, password, by=user)
        except Refused as refusal:  # the form has checked already; only a race comes here
            raise self.validation_error("invalid_password") from refusal

    def get_password_change_redirect_url(self, request):
        return settings.LOGIN_REDIRECT_URL

    def is_safe_url(self, url):
        """Only this very host: other allowed hosts are other sites to the person who follows a link."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request):
        return client_ip(request)

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in QUIET_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix, email, context):
        """Accounts are managed by the office; no mail leaves because of them."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps TOTP secrets encrypted in the database. A lost SECRET_KEY means enrolling the second factor again."""

    def encrypt(self, text):
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    digest = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
