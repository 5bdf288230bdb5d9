from tasks.models.cycle import (
    Assessment,
    CoordinationRequest,
    CountyNote,
    ProgressReport,
    ReportAttachment,
    ReportEvent,
    ReportingPeriod,
)
from tasks.models.plan import (
    Assignment,
    ItemCounty,
    Plan,
    PlanPost,
    PlanSettings,
    Section,
    WorkItem,
    WorkItemRevision,
)

__all__ = [
    "Assessment",
    "Assignment",
    "CoordinationRequest",
    "CountyNote",
    "ItemCounty",
    "Plan",
    "PlanPost",
    "PlanSettings",
    "ProgressReport",
    "ReportAttachment",
    "ReportEvent",
    "ReportingPeriod",
    "Section",
    "WorkItem",
    "WorkItemRevision",
]
