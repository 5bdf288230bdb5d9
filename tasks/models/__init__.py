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
from tasks.models.source import Proposal, SourceDocument

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
    "Proposal",
    "ReportAttachment",
    "ReportEvent",
    "ReportingPeriod",
    "Section",
    "SourceDocument",
    "WorkItem",
    "WorkItemRevision",
]
