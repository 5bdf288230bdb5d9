"""Plans, items and periods: read only."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from api.serializers import ItemSerializer, PageQuery, PeriodSerializer, PlanPartQuery, PlanSerializer
from api.views.common import ApiViewSet
from tasks.models import Plan, ReportingPeriod, WorkItem


@extend_schema_view(
    list=extend_schema(summary="计划列表", parameters=[PageQuery]), retrieve=extend_schema(summary="一个计划")
)
class PlanViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    queryset = Plan.objects.none()
    serializer_class = PlanSerializer

    def get_queryset(self):
        return Plan.objects.visible_to(self.request.user)


@extend_schema_view(
    list=extend_schema(summary="工作事项列表", parameters=[PlanPartQuery]),
    retrieve=extend_schema(summary="一个工作事项，含责任分工"),
)
class ItemViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    queryset = WorkItem.objects.none()
    serializer_class = ItemSerializer
    query_serializer = PlanPartQuery

    def get_queryset(self):
        return WorkItem.objects.visible_to(self.request.user).filter(**self.filters()).for_table()


@extend_schema_view(
    list=extend_schema(summary="调度周期列表", parameters=[PlanPartQuery]), retrieve=extend_schema(summary="一个周期")
)
class PeriodViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    queryset = ReportingPeriod.objects.none()
    serializer_class = PeriodSerializer
    query_serializer = PlanPartQuery

    def get_queryset(self):
        return ReportingPeriod.objects.visible_to(self.request.user).filter(**self.filters())
