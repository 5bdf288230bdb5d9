"""Every change to users, grants, posts and suggestions: one transaction, one audit row, keyword-only `by=`.

`by=None` is the system itself: the first start and the demonstration data, before anybody can sign in.
"""

from accounts.services.grants import end_grant, grant_role
from accounts.services.passwords import change_password, reset_password
from accounts.services.posts import end_post, hand_over_post, open_post, set_absence
from accounts.services.suggestions import answer_suggestion, write_suggestion
from accounts.services.users import change_profile, change_user, create_user, disable_user, enable_user

__all__ = [
    "answer_suggestion",
    "change_password",
    "change_profile",
    "change_user",
    "create_user",
    "disable_user",
    "enable_user",
    "end_grant",
    "end_post",
    "grant_role",
    "hand_over_post",
    "open_post",
    "reset_password",
    "set_absence",
    "write_suggestion",
]
