from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.monthly_list, name="monthly-list"),
    path("<int:pk>/", views.monthly_detail, name="monthly-detail"),
    path("<int:pk>/preview/", views.monthly_preview, name="monthly-preview"),
    path("<int:pk>/draft/", views.monthly_draft, name="monthly-draft"),
    path("<int:pk>/finalise/", views.monthly_finalise, name="monthly-finalise"),
    path("<int:pk>/correct/", views.monthly_correct, name="monthly-correct"),
    path("editions/<int:pk>/", views.edition_line, name="edition-line"),
    path("editions/<int:pk>/retry/", views.edition_retry, name="edition-retry"),
    path("editions/<int:pk>/xlsx/", views.edition_download, name="edition-download"),
]
