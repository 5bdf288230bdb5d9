"""How the description of the interface is written: our token, and the refusals every address may answer with."""

from django.conf import settings
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.openapi import AutoSchema

from api.serializers import ErrorReply

REFUSALS = {
    "400": "内容或参数有误，errors 指出字段",
    "401": "没有登录，或令牌已失效",
    "403": "须先修改密码，或浏览器会话缺少 CSRF 令牌",
    "404": "不存在，或不在职责范围",
    "406": "只提供 JSON",
    "429": "请求过于频繁，或账号已锁定",
}
REFUSALS_OF_CHANGES = {
    "409": "已被他人更新或处理、本期不能改动，或相同请求正在处理",
    "413": "请求内容过大",
    "415": "请求内容不是 JSON",
    "422": "业务规则不允许，errors 指出字段",
}


TAGS = {"auth": "登录", "plans": "计划", "items": "工作事项", "periods": "调度周期", "reports": "报送"}


class TokenScheme(KnoxTokenScheme):
    target_class = "api.authentication.ApiToken"
    name = "token"

    def get_security_definition(self, auto_schema):
        words = "登录后取得的令牌，写成 Token ……（前面加 Token 和一个空格）"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": words}


class SessionScheme(KnoxTokenScheme):
    target_class = "api.authentication.BrowserSession"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class Schema(AutoSchema):
    def get_tags(self):
        return [TAGS[tag] for tag in super().get_tags()]

    def get_description(self):
        return ""  # docstrings speak to who reads the code; what readers of the page need stands in `summary`

    def get_operation(self, *args, **kwargs):
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            refusals = REFUSALS if self.method == "GET" else REFUSALS | REFUSALS_OF_CHANGES
            content = {"application/json": {"schema": self.resolve_serializer(ErrorReply, "response").ref}}
            for status, words in refusals.items():
                operation["responses"].setdefault(status, {"description": words, "content": content})
        return operation


def without_docstrings(result, generator, request, public):
    """Drop what the generator took from the docstrings of serializers; words on fields and values stay."""
    for component in result["components"]["schemas"].values():
        if component.get("type") == "object":
            component.pop("description", None)
    return result
