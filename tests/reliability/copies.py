"""Identical worlds: the test's database and data folder, copied as often as needed."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection

OF_THE_TEST = ("PYTEST_XDIST_WORKER", "REDIS_URL", "TEST_REDIS")
_numbers = itertools.count(1)
_copying = threading.Lock()  # PostgreSQL copies one template one at a time


@dataclass(frozen=True)
class Copy:
    """One world. `name` is what Django calls the database, `data` the data folder of whoever works in it."""

    folder: Path
    name: str
    url: str

    @property
    def data(self) -> Path:
        return self.folder / "main"  # where tests.settings puts it

    @property
    def failpoint_log(self) -> Path:
        return self.folder / "failpoints"

    def environment(self, **variables: str) -> dict[str, str]:
        """Of a process that lives in this world; brokers and mail servers are named in `variables`."""
        inherited = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST}
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_RUN_DIR": str(self.folder), "DATABASE_URL": self.url,
            "FAILPOINT_LOG": str(self.failpoint_log),
        }  # fmt: skip
        return inherited | own | variables

    def reached(self) -> list[str]:
        """The failpoints somebody came to, in order."""
        lines = self.failpoint_log.read_text().splitlines() if self.failpoint_log.exists() else []
        return [line.split()[0] for line in lines]

    def rows(self, query: str) -> list[tuple]:
        with self._cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def change(self, statement: str, *moments: datetime) -> None:
        """`moments` (UTC) stand where the statement says %s."""
        with self._cursor() as cursor:
            if self.is_postgresql:
                cursor.execute(statement, moments)
            else:
                written = [f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for moment in moments]
                cursor.execute(statement.replace("%s", "?"), written)

    @property
    def is_postgresql(self) -> bool:
        return self.url.startswith("postgres")

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """Of a connection of its own: several threads look at several worlds."""
        database = (
            _connect(self.url) if self.is_postgresql else sqlite3.connect(self.name, timeout=20, isolation_level=None)
        )
        try:
            yield database.cursor()
        finally:
            database.close()


@contextmanager
def copied(folder: Path) -> Iterator[Copy]:
    """The world as it stands now, which nobody may be changing. It is gone afterwards."""
    name = f"copy{next(_numbers)}"
    folder = folder / name
    with _copying:
        connection.close()
        ignored = shutil.ignore_patterns("*.sqlite3*", "broker", "tmp", "copies")
        shutil.copytree(settings.DATA_DIR, folder / "main", ignore=ignored)
        copy = _of_sqlite(folder) if connection.vendor == "sqlite" else _of_postgresql(folder, name)
    try:
        yield copy
    finally:
        if connection.vendor == "postgresql":
            _administer(f'DROP DATABASE "{copy.name}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


def _of_sqlite(folder: Path) -> Copy:
    target = folder / "db.sqlite3"
    source, fresh = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(target)
    try:
        fresh.execute("PRAGMA journal_mode=WAL")
        source.backup(fresh)
    finally:
        source.close()
        fresh.close()
    return Copy(folder, str(target), f"sqlite:///{target}")


def _of_postgresql(folder: Path, name: str) -> Copy:
    source = connection.settings_dict["NAME"]
    name = f"{source}_{name}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return Copy(folder, name, _server()._replace(path=f"/{name}").geturl())


def _administer(statement: str) -> None:
    database = _connect(_server()._replace(path="/postgres").geturl())
    try:
        database.cursor().execute(statement)
    finally:
        database.close()


def _connect(url: str) -> Any:
    database = psycopg2.connect(url)
    database.autocommit = True
    return database


def _server():
    place = connection.settings_dict
    return urlsplit(f"postgresql://{place['USER']}@{place['HOST']}:{place['PORT']}/")
