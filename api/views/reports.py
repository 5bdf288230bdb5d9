"""Reports: read, write, hand in, decide. Which rows a verb may touch, the queryset says; everything else, the service.

Each change answers with the report as it stands afterwards, so that its `version` serves the next request.
"""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response

from api.idempotency import HEADER, once
from api.serializers import DraftInput, ReportQuery, ReportSerializer, ReturnInput, VersionInput
from api.views.common import ApiViewSet
from tasks import services
from tasks.errors import AlreadyMoved, PeriodClosed
from tasks.filing_text import is_own, may_write
from tasks.models import ProgressReport
from tasks.services.locks import closed_message

KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, description="同一个值重复发送只生效一次，答复相同；保留 24 小时。"
)


def changing(summary: str, request) -> dict:
    return extend_schema(summary=summary, request=request, responses=ReportSerializer, parameters=[KEY])


@extend_schema_view(
    list=extend_schema(summary="报送列表", parameters=[ReportQuery]), retrieve=extend_schema(summary="一份报送")
)
class ReportViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    queryset = ProgressReport.objects.none()
    serializer_class = ReportSerializer
    query_serializer = ReportQuery

    def get_queryset(self):
        return readable_reports().visible_to(self.request.user).filter(**self.filters())

    def get_serializer_context(self):
        return super().get_serializer_context() | {"user": self.request.user}

    @changing("保存草稿（只改所给字段）", DraftInput)
    @action(detail=True, methods=["patch"])
    def draft(self, request, pk):
        return self._change(self._fillable(pk), DraftInput, self._save)

    @changing("提交", VersionInput)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        return self._change(self._fillable(pk), VersionInput, self._submit)

    @changing("撤回（审核前）", VersionInput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        return self._change(self._fillable(pk), VersionInput, self._withdraw)

    @changing("审核通过", VersionInput)
    @action(detail=True, methods=["post"])
    def accept(self, request, pk):
        return self._change(self._reviewable(pk), VersionInput, services.accept)

    @changing("退回", ReturnInput)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request, pk):
        return self._change(self._reviewable(pk), ReturnInput, services.return_report)

    def _fillable(self, pk):
        return get_object_or_404(readable_reports().fillable_by(self.request.user), pk=pk)

    def _reviewable(self, pk):
        return get_object_or_404(readable_reports().reviewable_by(self.request.user), pk=pk)

    def _change(self, report, input_class, act):
        """Read the body by `input_class`, hand it to `act(report, by=…, …)` once, answer with the report."""
        body = input_class(data=self.request.data)
        body.is_valid(raise_exception=True)

        def acted():
            act(report, by=self.request.user, **body.validated_data)
            return self.get_serializer(readable_reports().visible_to(self.request.user).get(pk=report.pk)).data

        return Response(once(self.request, acted))

    @staticmethod
    def _save(report, *, by, version, **values):
        require_writable(report, by)
        services.save_draft(report, by=by, version=version, **values)

    @staticmethod
    def _submit(report, *, by, version):
        require_writable(report, by)
        services.submit(report, by=by, version=version)

    @staticmethod
    def _withdraw(report, *, by, version):
        if not is_own(report, by) and report.filed_by_id != by.pk:
            raise AlreadyMoved  # staff take back only what they filed themselves
        services.withdraw(report, by=by, version=version)


def readable_reports():
    """Reports with everything a reply shows, in one query."""
    return ProgressReport.objects.for_table().select_related("issued", "period__settings")


def require_writable(report, user) -> None:
    """As on the filing page: staff never write over a department's text they may not read."""
    if may_write(report, user):
        return
    raise AlreadyMoved if report.period.is_moving else PeriodClosed(closed_message(report.period))
