"""Refusals of the rules: each has a code for programs and a sentence for people that says how to go on."""

from __future__ import annotations


class Refused(Exception):
    """A rule forbids the act. `message` is Chinese and fit for a page; `code` is stable for the API."""

    code = "refused"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code

    def __str__(self) -> str:
        return self.message
