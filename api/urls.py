from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.views.auth import LogoutView, TokenView
from api.views.docs import AbsentView, SchemaView, docs
from api.views.reading import ItemViewSet, PeriodViewSet, PlanViewSet
from api.views.reports import ReportViewSet

app_name = "api"
router = SimpleRouter()
router.register("plans", PlanViewSet, "plan")
router.register("items", ItemViewSet, "item")
router.register("periods", PeriodViewSet, "period")
router.register("reports", ReportViewSet, "report")

urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("", include(router.urls)),
    re_path(r"^.*$", AbsentView.as_view(), name="absent"),
]
