"""Every address of the site. Rooms bring their own patterns; the order is the order of `design.md` 5."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
