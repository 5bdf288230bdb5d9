"""A second import against the plan it goes into: which item stands for which, and what differs."""

from __future__ import annotations

from imports.models import DocumentImport


def pair(document: DocumentImport) -> None:
    """Match the draft's items with those of the plan, and list what the document no longer has."""
    raise NotImplementedError
