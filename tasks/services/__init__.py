"""Every change of state in this room: one function, one transaction, one audit row.

Order of locks: period, report, plan version, audit head.
"""

from tasks.errors import AlreadyMoved, NotReady, PeriodClosed, Refused
from tasks.services.assessing import adopt_text, confirm_light, confirm_self_rated
from tasks.services.attaching import attach, detach
from tasks.services.chasing import chase, note_call, undo_chase
from tasks.services.closing import close_period, hindrances, owing_before_due, reopen_for_revision
from tasks.services.coordination import answer_note, answer_request, assign_request, close_request, write_note
from tasks.services.filing import save_draft, start_optional, submit, withdraw
from tasks.services.mergers import succeed_department
from tasks.services.opening import (
    default_due,
    departments_without_liaison,
    next_month_to_open,
    open_period,
    skip_period,
    unopen_period,
)
from tasks.services.planning import (
    Place,
    add_item,
    add_section,
    assign,
    change_settings,
    close_plan,
    create_plan,
    end_duty,
    keep_proposal,
    name_coordinator,
    publish_plan,
    reopen_assignment,
    revise_item,
)
from tasks.services.reviewing import accept, accept_many, extend, return_report, undo, unextend, unwaive, waive

__all__ = [
    "AlreadyMoved",
    "NotReady",
    "PeriodClosed",
    "Place",
    "Refused",
    "accept",
    "accept_many",
    "add_item",
    "add_section",
    "adopt_text",
    "answer_note",
    "answer_request",
    "assign",
    "assign_request",
    "attach",
    "change_settings",
    "chase",
    "close_period",
    "close_plan",
    "close_request",
    "confirm_light",
    "confirm_self_rated",
    "create_plan",
    "default_due",
    "departments_without_liaison",
    "detach",
    "end_duty",
    "extend",
    "hindrances",
    "keep_proposal",
    "name_coordinator",
    "next_month_to_open",
    "note_call",
    "open_period",
    "owing_before_due",
    "publish_plan",
    "reopen_assignment",
    "reopen_for_revision",
    "return_report",
    "revise_item",
    "save_draft",
    "skip_period",
    "start_optional",
    "submit",
    "succeed_department",
    "undo",
    "undo_chase",
    "unextend",
    "unopen_period",
    "unwaive",
    "waive",
    "withdraw",
    "write_note",
]
