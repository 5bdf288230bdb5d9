"""意见建议: everybody may write one, the office answers."""

from __future__ import annotations

from django.db import transaction

import audit
from accounts.choices import SuggestionState
from accounts.errors import Refused
from accounts.guards import NotAllowed
from accounts.models import Suggestion, User
from accounts.services.rules import require_right
from calendars import clock

LONGEST = 1000


@transaction.atomic
def write_suggestion(*, text: str, by: User, page: str = "") -> Suggestion:
    """Tell the office something about the system; `page` is the path it was written from.

    Raises Refused: text_required, text_too_long.
    """
    if not by.is_active:
        raise NotAllowed("suggestion.write")
    suggestion = Suggestion.objects.create(author=by, text=_text(text, "意见建议"), page=page[:300])
    audit.record("suggestion.written", suggestion, by=by)
    return suggestion


@transaction.atomic
def answer_suggestion(suggestion: Suggestion, *, answer: str, by: User) -> Suggestion:
    """Answer a suggestion; answering again replaces the answer, and the trail keeps the old one."""
    require_right(by, "suggestion.answer")
    before = {"answer": suggestion.answer} if suggestion.answer else None
    Suggestion.objects.filter(pk=suggestion.pk).update(
        state=SuggestionState.ANSWERED, answer=_text(answer, "答复"), answered_by=by, answered_at=clock.now()
    )
    suggestion.refresh_from_db()
    audit.record("suggestion.answered", suggestion, by=by, before=before, after={"answer": suggestion.answer})
    return suggestion


def _text(text: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(f"请写明{what}的内容。", code="text_required")
    if len(text) > LONGEST:
        raise Refused(f"{what}最多 {LONGEST} 字，现在有 {len(text)} 字，请精简。", code="text_too_long")
    return text
