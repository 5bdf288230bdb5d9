"""Every change of an import: one function, one transaction, one step of its record, one audit row.

Edits compare and set: those of an item with its units, doubts and proposals on the item's `version`, those of the
plan's facts, counties and the doubts of the whole document on the document's. Order of locks: document, then as in
`tasks`.
"""

from imports.errors import Hindrance, StillOpen
from imports.services.deciding import (
    accept_all_agreed,
    confirm_item,
    decide_proposal,
    decide_removal,
    exclude_item,
    postpone_item,
    recall_item,
    settle_doubt,
)
from imports.services.editing import edit_item, set_county, set_facts
from imports.services.linking import rematch
from imports.services.pairing import pair_item
from imports.services.publishing import discard, hindrances, publish
from imports.services.shaping import merge_items, renumber, split_item
from imports.services.starting import JOB, begin_reading, job_of, refuse, retry_reading, start_import
from imports.services.storing import store_draft
from imports.services.undoing import last_step, undo
from imports.services.units import (
    add_alias,
    add_unit,
    create_department,
    decide_open_units,
    name_coordinator,
    remove_unit,
    set_unit,
    set_units_named_alike,
)
from tasks.errors import AlreadyMoved, NotReady, Refused

__all__ = [
    "JOB",
    "AlreadyMoved",
    "Hindrance",
    "NotReady",
    "Refused",
    "StillOpen",
    "accept_all_agreed",
    "add_alias",
    "add_unit",
    "begin_reading",
    "confirm_item",
    "create_department",
    "decide_open_units",
    "decide_proposal",
    "decide_removal",
    "discard",
    "edit_item",
    "exclude_item",
    "hindrances",
    "job_of",
    "last_step",
    "merge_items",
    "name_coordinator",
    "pair_item",
    "postpone_item",
    "publish",
    "recall_item",
    "refuse",
    "rematch",
    "remove_unit",
    "renumber",
    "retry_reading",
    "set_county",
    "set_facts",
    "set_unit",
    "set_units_named_alike",
    "settle_doubt",
    "split_item",
    "start_import",
    "store_draft",
    "undo",
]
