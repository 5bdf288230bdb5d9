"""Refusals of the rules: each has a code for programs and a sentence for people that says how to go on."""

from __future__ import annotations

from accounts.errors import Refused

__all__ = ["AlreadyMoved", "NotReady", "PeriodClosed", "Refused"]


class AlreadyMoved(Refused):
    """Somebody was faster: the row is no longer as the actor saw it. Pages answer 409 and keep what was typed."""

    code = "already_moved"

    def __init__(self, message: str = "内容已被他人更新，请查看最新情况后再操作。") -> None:
        super().__init__(message)


class PeriodClosed(Refused):
    """The month is not open to changes: not begun, issued, or withdrawn."""

    code = "period_closed"


class NotReady(Refused):
    """What was typed cannot be handed in. `errors` maps field names to lists of Chinese sentences."""

    code = "invalid"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("；".join(sentence for sentences in errors.values() for sentence in sentences))
        self.errors = errors
