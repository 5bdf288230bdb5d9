"""A draft plan as the JSON that the command line prints: labels as in the hand-made ones, with the evidence beside."""

from __future__ import annotations

from typing import Any

from documents.draft import Deadline, DraftItem, DraftPlan, DraftUnit, Found, OpenUnit, Span, Target


def to_gold(draft: DraftPlan, *, file: str = "") -> dict[str, Any]:
    return {
        "file": file,
        "title": _line(draft.title),
        "issuer": _line(draft.issuer),
        "date": draft.issued_on.iso if draft.issued_on else None,
        "doc_no": _line(draft.number),
        "kind": draft.kind,
        "trackable": draft.trackable,
        "importer_says": draft.reason,
        "year": draft.year,
        "sections": [
            {"no": one.path, "title": _words(one.title.text), "evidence": _evidence(one.title)}
            for one in draft.sections
        ],
        "items": [_item(item) for item in draft.items],
        "counties": [_words(county.text) for county in draft.counties],
        "doc_deadlines": [_deadline(one) for one in draft.deadlines],
        "doc_targets": [_target(one) for one in draft.targets],
        "doubts": [_doubt(one) for one in draft.doubts],
        "evidence": {
            name: _evidence(found)
            for name, found in (
                ("title", draft.title),
                ("issuer", draft.issuer),
                ("date", draft.issued_on),
                ("doc_no", draft.number),
            )
            if found
        },
    }


def _item(item: DraftItem) -> dict[str, Any]:
    offset = item.starts - item.body.at.start
    return {
        "no": item.number,
        "section": item.section,
        "starts": _words(item.body.text[offset:])[:12],
        "head": _line(item.head),
        "text": item.body.text,
        "units": [_unit(unit) for unit in item.units],
        "open_units": [_open(one) for one in item.open_units],
        "deadlines": [_deadline(one) for one in item.deadlines],
        "targets": [_target(one) for one in item.targets],
        "doubts": [_doubt(one) for one in item.doubts],
        "evidence": _evidence(item.body),
    }


def _unit(unit: DraftUnit) -> dict[str, Any]:
    row = {"name": _words(unit.name), "role": unit.role}
    if unit.full:
        row["full"] = unit.full
    if unit.scope:
        row["scope"] = unit.scope
    return row | {"evidence": _evidence(unit)}


def _open(one: OpenUnit) -> dict[str, Any]:
    row = {"name": _words(one.name), "role": one.role}
    if one.scope:
        row["scope"] = one.scope
    return row | {"evidence": _evidence(one)}


def _deadline(one: Deadline) -> dict[str, Any]:
    row: dict[str, Any] = {"text": one.text}
    row |= {"recurrence": one.recurrence} if one.recurrence else {"date": one.date}
    return row | {"evidence": _evidence(one)}


def _target(one: Target) -> dict[str, Any]:
    row: dict[str, Any] = {
        "text": one.text,
        "metric": one.metric,
        "comparator": one.comparator,
        "value": one.value,
        "unit": one.unit,
    }
    for name in ("date", "of", "relative_to"):
        if getattr(one, name) is not None:
            row[name] = getattr(one, name)
    return row | {"evidence": _evidence(one)}


def _doubt(one: Any) -> dict[str, Any]:
    return {"code": one.code, "reason": one.reason, **_at(one.at)}


def _evidence(found: Any) -> dict[str, Any]:
    return {"rule": found.rule, **_at(found.at)}


def _at(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _words(text: str) -> str:
    """Without the white space and line ends that damage puts inside words."""
    return "".join(text.split())


def _line(found: Found | None) -> str | None:
    return _words(found.text) if found else None
