from api.serializers.asking import DraftInput, ReturnInput, SignInInput, VersionInput
from api.serializers.errors import ErrorReply
from api.serializers.querying import PageQuery, PlanPartQuery, ReportQuery
from api.serializers.reading import (
    ItemSerializer,
    PeriodSerializer,
    PlanSerializer,
    ReportSerializer,
    TokenSerializer,
)

__all__ = [
    "DraftInput",
    "ErrorReply",
    "ItemSerializer",
    "PageQuery",
    "PeriodSerializer",
    "PlanPartQuery",
    "PlanSerializer",
    "ReportQuery",
    "ReportSerializer",
    "ReturnInput",
    "SignInInput",
    "TokenSerializer",
    "VersionInput",
]
