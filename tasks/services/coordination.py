"""Requests to the province (需省级协调) on their way to being closed, and what counties report (情况反映)."""

from __future__ import annotations

from django.db import transaction

import audit
from accounts.guards import NotAllowed, require
from accounts.models import User
from calendars import clock
from counties.models import County
from tasks.choices import CoordinationState, NoteState
from tasks.errors import AlreadyMoved, Refused
from tasks.models import CoordinationRequest, CountyNote, Plan

State = CoordinationState


@transaction.atomic
def assign_request(request: CoordinationRequest, *, to: str, by: User) -> CoordinationRequest:
    """Hand a raised request to somebody (交办); `to` is the name of the body or person."""
    if not to.strip():
        raise Refused("请写明交办给哪个单位或哪位同志。", code="recipient_required")
    return _handle(
        request,
        (State.RAISED, State.ASSIGNED),
        "coordination.assigned",
        by=by,
        state=State.ASSIGNED,
        assigned_to=to.strip(),
    )


@transaction.atomic
def answer_request(request: CoordinationRequest, *, answer: str, by: User) -> CoordinationRequest:
    """Record what was decided (答复)."""
    if not answer.strip():
        raise Refused("请写明答复内容。", code="answer_required")
    before = (State.RAISED, State.ASSIGNED, State.ANSWERED)
    return _handle(request, before, "coordination.answered", by=by, state=State.ANSWERED, answer=answer.strip())


@transaction.atomic
def close_request(request: CoordinationRequest, *, by: User) -> CoordinationRequest:
    """Close an answered request (办结): it leaves the leader's page."""
    return _handle(request, (State.ANSWERED,), "coordination.closed", by=by, state=State.CLOSED)


def _handle(request: CoordinationRequest, before: tuple, action: str, *, by: User, **changes) -> CoordinationRequest:
    require(by, "coordination.manage")
    rows = CoordinationRequest.objects.filter(pk=request.pk, state__in=before)
    if not rows.update(handled_by=by, handled_at=clock.now(), **changes):
        raise AlreadyMoved()
    request.refresh_from_db()
    audit.record(action, request, by=by, after={"state": request.state})
    return request


@transaction.atomic
def write_note(plan: Plan, county: County, *, text: str, by: User) -> CountyNote:
    """Tell the office how things stand in the own county.

    Raises NotAllowed for another county, Refused when the text is empty or too long.
    """
    if county.pk not in by.counties:
        raise NotAllowed("county.note")
    text = text.replace("\r\n", "\n").replace("\0", "").strip()  # a browser counts a line break once
    if not text:
        raise Refused("请写明要反映的情况。", code="text_required")
    limit = CountyNote._meta.get_field("text").max_length or 0
    if len(text) > limit:
        raise Refused(f"最多{limit}字，现在{len(text)}字，请删减。", code="text_too_long")
    note = CountyNote.objects.create(plan=plan, county=county, author=by, text=text, created_at=clock.now())
    audit.record("county_note.written", note, by=by)
    return note


@transaction.atomic
def answer_note(note: CountyNote, *, answer: str, by: User) -> CountyNote:
    """Answer a county's note; answering again replaces the answer."""
    require(by, "coordination.manage")
    if not answer.strip():
        raise Refused("请写明答复内容。", code="answer_required")
    CountyNote.objects.filter(pk=note.pk).update(
        state=NoteState.ANSWERED, answer=answer.strip(), answered_by=by, answered_at=clock.now()
    )
    note.refresh_from_db()
    audit.record("county_note.answered", note, by=by)
    return note
