from accounts.views.own import (
    ChangePassword,
    department_list,
    profile,
    settings_home,
    suggestion_answer,
    suggestion_list,
)
from accounts.views.posts import post_absence, post_end, post_hand_over, post_list, post_open
from accounts.views.security import grant_end, grant_give, grant_list, lockout_list, lockout_release
from accounts.views.users import user_create, user_disable, user_edit, user_enable, user_list, user_password

__all__ = [
    "ChangePassword",
    "department_list",
    "grant_end",
    "grant_give",
    "grant_list",
    "lockout_list",
    "lockout_release",
    "post_absence",
    "post_end",
    "post_hand_over",
    "post_list",
    "post_open",
    "profile",
    "settings_home",
    "suggestion_answer",
    "suggestion_list",
    "user_create",
    "user_disable",
    "user_edit",
    "user_enable",
    "user_list",
    "user_password",
]
