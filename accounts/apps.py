from django.apps import AppConfig
from django.core.validators import ProhibitNullCharactersValidator

import audit

LABELS = {
    "user.created": "新建用户",
    "user.disabled": "停用用户",
    "user.enabled": "启用用户",
    "user.profile_changed": "修改用户资料",
    "user.password_changed": "修改密码",
    "user.password_reset": "重置密码",
    "grant.given": "授予角色",
    "grant.ended": "收回角色",
    "post.opened": "任命联络员",
    "post.ended": "结束岗位",
    "post.handed_over": "交接岗位",
    "post.absence_set": "登记离岗",
    "suggestion.written": "提出意见建议",
    "suggestion.answered": "答复意见建议",
    "session.signed_in": "登录",
    "session.signed_out": "退出",
    "session.expired": "会话超时退出",
    "session.refused": "登录失败",
    "session.locked_out": "登录锁定",
    "session.released": "解除锁定",
    "second_factor.added": "启用两步验证",
    "second_factor.removed": "停用两步验证",
}

# Title, what it is for, URL name, permission (None: everybody).
SECTIONS = (
    ("用户", "新建和停用账号、重置密码", "accounts:user-list", "user.manage"),
    ("联络员", "各单位、各县的A角和B角，交接与离岗", "accounts:post-list", "user.manage"),
    ("单位名录", "责任单位及其全称、别称", "accounts:department-list", "user.manage"),
    ("角色授权", "授予和收回处室、领导和三员角色", "accounts:grant-list", "grant.manage"),
    ("登录锁定", "查看输错密码被锁定的账号并解除", "accounts:lockout-list", "lockout.manage"),
    ("我的账号", "电话、邮箱、密码和两步验证", "accounts:profile", None),
    ("意见建议", "对系统的意见，以及答复", "accounts:suggestion-list", None),
)


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "用户与岗位"

    def ready(self):
        from accounts import receivers  # noqa: F401  connects itself
        from accounts.sections import Section, register_section

        # Django's Chinese for a NUL byte speaks of an empty string.
        ProhibitNullCharactersValidator.message = "含有不能保存的字符（空字节），请删去后重填。"
        audit.register_labels(LABELS)
        for entry in SECTIONS:
            register_section(Section(*entry))
