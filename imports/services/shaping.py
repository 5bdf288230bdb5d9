"""Where one item ends and the next begins: merging, splitting, numbering anew."""

from __future__ import annotations

from accounts.models import User
from imports.models import DocumentImport, ImportItem


def merge_items(first: ImportItem, second: ImportItem, *, by: User, versions: tuple[int, int]) -> ImportItem:
    """Two neighbours of one section become one: text from the first's start to the second's end, units of both.

    Raises Refused (not_neighbours), AlreadyMoved.
    """
    raise NotImplementedError


def split_item(item: ImportItem, *, at: int, by: User, version: int) -> tuple[ImportItem, ImportItem]:
    """Cut an item before code point `at` of the source. Units go with their evidence; a part without any gets all.

    Raises Refused (nothing_to_split), AlreadyMoved.
    """
    raise NotImplementedError


def renumber(document: DocumentImport, *, by: User, version: int) -> DocumentImport:
    """Number the items that are kept 1, 2, 3 … through the whole document. `version` is the document's."""
    raise NotImplementedError
