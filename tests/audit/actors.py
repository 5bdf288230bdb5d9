from dataclasses import dataclass

from django.db import transaction

import audit

# A change that consists of its audit row alone.
record = transaction.atomic(audit.record)


@dataclass(frozen=True)
class Person:
    """Whoever acts: the room asks for no more than this."""

    pk: int = 7
    name: str = "王敏"
    allowed: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        return permission in self.allowed
