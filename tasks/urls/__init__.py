"""Pages of this room, by who works on them."""

from django.urls import URLPattern

from tasks.urls import filing, office, plan

app_name = "tasks"
urlpatterns: list[URLPattern] = [*plan.urlpatterns, *filing.urlpatterns, *office.urlpatterns]
