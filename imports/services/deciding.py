"""Saying that an item is right, later, or not to be imported; settling doubts; keeping proposals."""

from __future__ import annotations

from accounts.models import User
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportProposal, ImportRemoval
from tasks.models import WorkItem


def confirm_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """已确认; settles its remaining doubts. Raises Refused (open_questions) while something must be decided first."""
    raise NotImplementedError


def accept_all_agreed(document: DocumentImport, *, by: User) -> int:
    """接受全部一致项: returns how many."""
    raise NotImplementedError


def postpone_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """标为稍后: publishing waits for it."""
    raise NotImplementedError


def exclude_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """不导入."""
    raise NotImplementedError


def recall_item(item: ImportItem, *, by: User, version: int) -> ImportItem:
    """Back to 需确认, from whatever a person had decided."""
    raise NotImplementedError


def settle_doubt(doubt: ImportDoubt, *, by: User, version: int) -> ImportDoubt:
    """Seen and settled. `version` is the item's, or the document's for a doubt of the whole document."""
    raise NotImplementedError


def decide_proposal(proposal: ImportProposal, *, by: User, version: int, accepted: bool | None) -> ImportProposal:
    """Keep a deadline or target on the item (True), drop it (False), leave it open (None). `version` as above."""
    raise NotImplementedError


def decide_removal(removal: ImportRemoval, *, by: User, version: int, end_duties: bool) -> ImportRemoval:
    """End the duties of an item that the document no longer has, or let them run. `version` is the document's."""
    raise NotImplementedError


def pair_item(item: ImportItem, work_item: WorkItem | None, *, by: User, version: int) -> ImportItem:
    """Say which item of the plan imported into it stands for; None: a new one."""
    raise NotImplementedError
