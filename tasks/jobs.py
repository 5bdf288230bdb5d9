"""Keeps the store of attachments in step with its rows."""

from __future__ import annotations

from datetime import timedelta

from background.registry import tick
from files import services as files


@tick("tasks.sweep_files", label="清理没有登记的附件", every=timedelta(hours=1))
def sweep_files() -> int:
    """Remove files older than a day that no row names; returns how many."""
    return files.sweep_unreferenced()
