"""Every address of the site. Rooms bring their own patterns; the order is the order of `design.md` 5."""

from django.urls import include, path

urlpatterns = [
    path("", include("web.urls")),
    path("", include("tasks.urls")),
    path("monthly/", include("reports.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("api.urls")),
]
