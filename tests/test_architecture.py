"""The rooms of the house and the direction of imports between them, as `design.md` 4 lays them down."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
# Room → what it may import; a new room or arrow is a decision somebody takes here.
BASE = {"calendars", "files", "audit"}
REGISTERS = {"background", *BASE}
PEOPLE = {"departments", "counties", *REGISTERS}
MAY_IMPORT: dict[str, set[str]] = {
    "audit": set(),
    "calendars": {"audit"},
    "files": {"audit"},
    "background": BASE,
    "departments": REGISTERS,
    "counties": REGISTERS,
    "accounts": PEOPLE,
    "documents": {"files"},
    "tasks": {"accounts", *PEOPLE},
    "reports": {"tasks", "accounts", *PEOPLE},
    "reminders": {"tasks", "accounts", *PEOPLE},
    "imports": {"documents", "tasks", "accounts", *PEOPLE},
    "api": {"reports", "reminders", "imports", "tasks", "accounts", *PEOPLE},
    "web": {"api", "reports", "reminders", "imports", "tasks", "accounts", *PEOPLE},
}
ROOMS = sorted(MAY_IMPORT)
WITH_MODELS = sorted(set(ROOMS) & {config.label for config in apps.get_app_configs()})
OURS = {*MAY_IMPORT, "config", "tests"}
INCLUDE = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")


def modules_of(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts)


def imports_of(source: str) -> set[tuple[int, str]]:
    """(line, top-level package) of every import, wherever it stands: also in functions and under conditions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, alias.name.split(".")[0]) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add((node.lineno, node.module.split(".")[0]))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            found |= {(node.lineno, arg.value.split(".")[0]) for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def forbidden(room: str, packages: set[str]) -> set[str]:
    return (packages & OURS) - MAY_IMPORT[room] - {room}


def test_every_package_with_code_is_a_room_of_the_table():
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert folders == OURS


@pytest.mark.parametrize("room", ROOMS)
def test_room_says_in_one_line_what_it_is_for(room):
    purpose = importlib.import_module(room).__doc__

    assert purpose
    assert len(purpose.splitlines()[0]) > 20


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_down(room):
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {package}"
        for path in modules_of(room)
        for line, package in sorted(imports_of(path.read_text()))
        if forbidden(room, {package})
    ]

    assert wrong == []


def test_imports_within_functions_and_by_name_are_seen():
    source = "def late():\n    from web.views import home\n    importlib.import_module('reports.jobs')\n"

    assert imports_of(source) == {(2, "web"), (3, "reports")}
    assert forbidden("tasks", {"web", "reports", "accounts", "django"}) == {"web", "reports"}


@pytest.mark.parametrize("room", WITH_MODELS)
def test_model_relations_point_down(room):
    wrong = [
        f"{model.__name__}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if forbidden(room, {field.related_model._meta.app_label})
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_migrations_depend_on_lower_rooms_only(room):
    disk = MigrationLoader(None).disk_migrations
    wrong = [
        f"{name} depends on {label}"
        for (app, name), migration in disk.items()
        if app == room
        for label, _ in migration.dependencies
        if forbidden(room, {label})
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_templates_include_their_own_lower_and_shared_ones(room):
    """A template without a folder is shared by all; one of a foreign room would bring that room's context along."""
    wrong = [
        f"{path.relative_to(ROOT)} takes {name}"
        for path in sorted((ROOT / "templates" / room).rglob("*.html"))
        for name in INCLUDE.findall(path.read_text())
        if "/" in name and forbidden(room, {name.split("/")[0]})
    ]

    assert wrong == []


def test_only_the_clock_and_real_time_ask_the_machine():
    """Business code takes the time from `calendars.clock`: what reads it elsewhere cannot be moved by a test."""
    asks = re.compile(r"datetime\.now\(|date\.today\(|datetime\.utcnow\(")
    wrong = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules_of(room)
        if path != ROOT / "calendars" / "clock.py" and asks.search(path.read_text())
    ]

    assert wrong == []
