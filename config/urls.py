"""Every address of the site. Rooms bring their own patterns; the order is the order of `design.md` 5."""

from django.urls import include, path

from accounts.urls import sign_in_patterns

urlpatterns = [
    path("", include("web.urls")),
    path("", include("tasks.urls")),
    path("monthly/", include("reports.urls")),
    path("", include("reminders.urls")),
    path("imports/", include("imports.urls")),
    path("", include("background.urls")),
    path("", include("accounts.urls")),
    path("audit/", include("audit.urls")),
    path("accounts/", include(sign_in_patterns)),
    path("api/v1/", include("api.urls")),
]

handler500 = "config.errors.broken"
