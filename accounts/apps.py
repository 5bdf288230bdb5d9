from django.apps import AppConfig

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
}


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "用户与岗位"

    def ready(self):
        audit.register_labels(LABELS)
