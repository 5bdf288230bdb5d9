"""Sign-in through allauth, and only those of its pages that exist here: no sign-up, no mail, no reset by link.

The names of allauth stay without a prefix because allauth looks them up so; ours are `accounts:…`.
"""

from allauth.account import views as allauth_views
from django.urls import include, path

from accounts import views

app_name = "accounts"

sign_in_patterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("accounts/profile/", views.profile, name="profile"),
    path("settings/", views.settings_home, name="settings"),
    path("settings/users/", views.user_list, name="user-list"),
    path("settings/users/new/", views.user_create, name="user-create"),
    path("settings/users/<int:pk>/", views.user_edit, name="user-edit"),
    path("settings/users/<int:pk>/disable/", views.user_disable, name="user-disable"),
    path("settings/users/<int:pk>/enable/", views.user_enable, name="user-enable"),
    path("settings/users/<int:pk>/password/", views.user_password, name="user-password"),
    path("settings/posts/", views.post_list, name="post-list"),
    path("settings/posts/new/", views.post_open, name="post-open"),
    path("settings/posts/<int:pk>/hand-over/", views.post_hand_over, name="post-hand-over"),
    path("settings/posts/<int:pk>/absence/", views.post_absence, name="post-absence"),
    path("settings/posts/<int:pk>/end/", views.post_end, name="post-end"),
    path("settings/departments/", views.department_list, name="department-list"),
    path("settings/grants/", views.grant_list, name="grant-list"),
    path("settings/grants/new/", views.grant_give, name="grant-give"),
    path("settings/grants/<int:pk>/end/", views.grant_end, name="grant-end"),
    path("settings/lockouts/", views.lockout_list, name="lockout-list"),
    path("settings/lockouts/release/", views.lockout_release, name="lockout-release"),
    path("suggestions/", views.suggestion_list, name="suggestion-list"),
    path("suggestions/<int:pk>/answer/", views.suggestion_answer, name="suggestion-answer"),
]
