"""Pages of this room, by who works on them."""

from django.urls import URLPattern

from tasks.urls import filing, office

app_name = "tasks"
urlpatterns: list[URLPattern] = [*filing.urlpatterns, *office.urlpatterns]
