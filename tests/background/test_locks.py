"""Writers that must follow one another, on the real database."""

import threading
import time

import pytest
from django.db import connection, transaction

from background.locks import exclusive

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_a_lock_would_hold_nothing():
    with pytest.raises(RuntimeError):
        exclusive("digests")


@pytest.mark.django_db(transaction=True)
def test_second_writer_waits_for_the_first():
    order, holding = [], threading.Event()

    def first():
        with transaction.atomic():
            exclusive("digests")
            holding.set()
            time.sleep(0.3)
            order.append("first")
        connection.close()

    def second():
        holding.wait(10)
        with transaction.atomic():
            exclusive("digests")
            order.append("second")
        connection.close()

    threads = [threading.Thread(target=second), threading.Thread(target=first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert order == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_other_names_are_other_locks():
    """On PostgreSQL alone: SQLite has one writer at a time, whatever its name."""
    if connection.vendor != "postgresql":
        pytest.skip("one lock for the whole file")
    got = threading.Event()

    def other():
        with transaction.atomic():
            exclusive("returns")
            got.set()
        connection.close()

    with transaction.atomic():
        exclusive("digests")
        thread = threading.Thread(target=other)
        thread.start()
        assert got.wait(2)
    thread.join()
