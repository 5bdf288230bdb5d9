from django.urls import path

from web.views import departments, help, home, items, overview, places, search

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("plans/<int:pk>/", overview.plan_overview, name="plan-overview"),
    path("items/<int:pk>/", items.item_detail, name="item-detail"),
    path("departments/", departments.department_list, name="department-list"),
    path("departments/<int:pk>/", departments.department_detail, name="department-detail"),
    path("counties/", places.county_list, name="county-list"),
    path("counties/<int:pk>/", places.county_detail, name="county-detail"),
    path("counties/<int:pk>/notes/", places.note_create, name="county-note"),
    path("search/", search.search, name="search"),
    path("help/", help.help_page, name="help"),
]
