from imports.models.document import DocumentImport, ImportStep
from imports.models.draft import (
    ImportCounty,
    ImportDoubt,
    ImportItem,
    ImportProposal,
    ImportRemoval,
    ImportSection,
    ImportUnit,
)

__all__ = [
    "DocumentImport",
    "ImportCounty",
    "ImportDoubt",
    "ImportItem",
    "ImportProposal",
    "ImportRemoval",
    "ImportSection",
    "ImportStep",
    "ImportUnit",
]
