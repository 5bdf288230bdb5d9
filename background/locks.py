"""A named lock that ends with the transaction: for writers that must follow one another, on every machine."""

import hashlib

from django.db import connection


def exclusive(name: str) -> None:
    """Wait until no other transaction holds `name`, then hold it until this one ends.

    On SQLite the IMMEDIATE transaction is the lock already. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction would be released at once")
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
