"""What `check --deploy` says beyond Django's own checks."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def https_is_on(**_):
    """Django only warns about plain HTTP; an installation for real work must not pass with it."""
    if settings.HTTPS:
        return []
    return [
        Error("HTTPS 未启用：口令和会话将以明文传输。", hint="设置 HTTPS=on，并由反向代理提供证书。", id="config.E001")
    ]
