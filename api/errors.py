"""One shape for everything that is refused: {code, message, errors?, request_id}. Never a stack trace."""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from accounts.errors import Refused
from accounts.guards import NotAllowed
from tasks.errors import AlreadyMoved, NotReady, PeriodClosed

logger = logging.getLogger(__name__)

NOT_FOUND = "页面不存在，或不在您的职责范围。需要开通请联系省厅帮扶处。"
UNAVAILABLE = "系统暂时不可用，没有做任何改动，请稍后再试。"
BROKEN = "系统出错，没有做任何改动。请记下 request_id 告诉省厅帮扶处。"

# What the framework raises, in our words: class → (code, message).
FRAMEWORK: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.ParseError: ("malformed", "请求内容不是有效的 JSON。"),
    exceptions.NotAuthenticated: ("not_authenticated", "没有登录，或令牌已失效，请重新登录。"),
    exceptions.AuthenticationFailed: ("not_authenticated", "没有登录，或令牌已失效，请重新登录。"),
    exceptions.NotFound: ("not_found", NOT_FOUND),
    exceptions.MethodNotAllowed: ("method_not_allowed", "这个地址不支持该请求方法。"),
    exceptions.NotAcceptable: ("not_acceptable", "只提供 JSON 格式。"),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "请求内容须为 JSON（application/json）。"),
    exceptions.Throttled: ("too_many_requests", "请求过于频繁，请稍后再试。"),
}


class ApiRefusal(exceptions.APIException):
    """A refusal of this interface itself, not of a business rule."""

    code = "refused"
    message = ""

    def __init__(self) -> None:
        super().__init__(self.message, self.code)


class WrongCredentials(ApiRefusal):
    """The same for an unknown name, a wrong password and a disabled account."""

    status_code = 401
    code = "wrong_credentials"
    message = "用户名或密码不正确，请核对后再试。连续输错 5 次将锁定 15 分钟；忘记密码请联系管理员重置。"


class CodeNeeded(ApiRefusal):
    status_code = 401
    code = "second_factor_required"
    message = "该账号已启用两步验证，请在 code 中填写动态验证码。"


class WrongCode(ApiRefusal):
    status_code = 401
    code = "wrong_code"
    message = "动态验证码不正确，请核对后再试。"


class PasswordDue(ApiRefusal):
    status_code = 403
    code = "password_due"
    message = "请先在网页登录并修改密码，再使用接口。"


class CsrfFailed(ApiRefusal):
    status_code = 403
    code = "csrf_failed"
    message = "页面已过期，请刷新后再试；程序调用请使用令牌。"


class BodyTooLarge(ApiRefusal):
    status_code = 413
    code = "too_large"
    message = "请求内容过大，最多 256 KB。"


class InProgress(ApiRefusal):
    status_code = 409
    code = "in_progress"
    message = "相同的请求正在处理，请稍后用同一个 Idempotency-Key 再试。"


class KeyReused(ApiRefusal):
    status_code = 422
    code = "key_reused"
    message = "这个 Idempotency-Key 已用于内容不同的请求，请换一个。"


def answer(error: Exception, context: dict) -> Response:
    """The reply to any exception of an API view. Business refusals keep the code and the sentence of the rule."""
    status, headers, body = _translated(error)
    if status >= 500:
        logger.exception("API request failed", exc_info=error)
    body["request_id"] = getattr(context["request"], "request_id", "")
    return Response(body, status=status, headers=headers)


def _translated(error: Exception) -> tuple[int, dict, dict]:
    if isinstance(error, NotAllowed | Http404):
        return 404, {}, _body("not_found", NOT_FOUND)
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, exceptions.ValidationError):
        return 400, {}, _body("invalid_input", "提交的内容有误，请按提示修改。") | {"errors": _by_field(error.detail)}
    if isinstance(error, ApiRefusal):
        return error.status_code, {}, _body(error.code, error.message)
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return 403, {}, _body(CsrfFailed.code, CsrfFailed.message)  # nothing else here answers 403
    if isinstance(error, exceptions.APIException):
        code, message = FRAMEWORK.get(type(error), ("refused", "请求未被接受。"))
        return error.status_code, _headers(error), _body(code, message)
    if isinstance(error, OperationalError | InterfaceError):
        return 503, {"Retry-After": "5"}, _body("unavailable", UNAVAILABLE)
    return 500, {}, _body("server_error", BROKEN)


def _refused(refusal: Refused) -> tuple[int, dict, dict]:
    status = 409 if isinstance(refusal, AlreadyMoved | PeriodClosed) else 422
    body = _body(refusal.code, refusal.message)
    return status, {}, body | {"errors": refusal.errors} if isinstance(refusal, NotReady) else body


def _body(code: str, message: str) -> dict:
    return {"code": code, "message": message}


def _headers(error: exceptions.APIException) -> dict:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers


def _by_field(detail) -> dict[str, list[str]]:
    """Field name → sentences; what concerns the body as a whole stands under `body`."""
    if isinstance(detail, dict):
        return {
            "body" if name == "non_field_errors" else name: _sentences(sentences) for name, sentences in detail.items()
        }
    return {"body": _sentences(detail)}


def _sentences(value) -> list[str]:
    if isinstance(value, dict):
        return [sentence for part in value.values() for sentence in _sentences(part)]
    if isinstance(value, list | tuple):
        return [sentence for part in value for sentence in _sentences(part)]
    return [str(value)]
