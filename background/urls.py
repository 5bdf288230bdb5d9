from django.urls import path

from background import views

app_name = "background"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("jobs/<int:pk>/", views.job_detail, name="job-detail"),
    path("jobs/<int:pk>/retry/", views.job_retry, name="job-retry"),
    path("operations/", views.operations, name="operations"),
    path("operations/<slug:queue>/retry/", views.message_retry_all, name="message-retry-all"),
    path("operations/<slug:queue>/<int:pk>/retry/", views.message_retry, name="message-retry"),
]
