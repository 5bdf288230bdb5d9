"""Where one item ends and the next begins: merging, splitting, numbering anew."""

from __future__ import annotations

from django.db.models import F, Max

from accounts.models import User
from imports import wording
from imports.choices import Change, ItemState, Verb
from imports.matching import key_of
from imports.models import DocumentImport, ImportDoubt, ImportItem, ImportRemoval, ImportUnit
from imports.services.steps import raise_version, step
from tasks.choices import CountyScope
from tasks.errors import Refused

MERGED, SPLIT = "merged", "split"
UNCHECKED = {"state": ItemState.CHECK, "checked_by": None, "checked_at": None}


def merge_items(first: ImportItem, second: ImportItem, *, by: User, versions: tuple[int, int]) -> ImportItem:
    """Two neighbours of one section become one: text from the first's start to the second's end, units of both.

    Raises Refused (not_neighbours), AlreadyMoved.
    """
    document, pair = first.document, (first, second)
    detail = f"{first}、{second}"
    with step(document.pk, Verb.MERGED, by=by, items=[first.pk, second.pk], whole=True, detail=detail) as edit:
        for item, version in zip(pair, versions, strict=True):
            raise_version(ImportItem, item.pk, version)
            item.refresh_from_db()
        kept, gone = sorted(pair, key=lambda item: (item.start, item.pk))
        _refuse_strangers(kept, gone)
        _move_rows(kept, gone)
        values = _merged(kept, gone)
        _hand_over_pairing(edit.document, kept, gone, values)
        ImportItem.objects.filter(pk=gone.pk).delete()
        kept.counties.set(values.pop("counties"))
        ImportItem.objects.filter(pk=kept.pk).update(**values, **UNCHECKED)
        _doubt(kept, MERGED, values["origin"], kept.start, values["end"])
    kept.refresh_from_db()
    return kept


def _refuse_strangers(kept: ImportItem, gone: ImportItem) -> None:
    order = list(ImportItem.objects.filter(document=kept.document_id).values_list("pk", flat=True))
    apart = kept.pk == gone.pk or order.index(gone.pk) - order.index(kept.pk) != 1
    if apart or kept.section_id != gone.section_id:
        raise Refused("只能合并同一板块中前后相邻的两项。", code="not_neighbours")


def _move_rows(kept: ImportItem, gone: ImportItem) -> None:
    """The units that the kept item does not name already, and everything that was found in the other."""
    named = {(key_of(unit.name), unit.scope, unit.role) for unit in kept.units.all()}
    last = kept.units.aggregate(last=Max("position"))["last"] or 0
    for unit in gone.units.all():
        if (key_of(unit.name), unit.scope, unit.role) not in named:
            ImportUnit.objects.filter(pk=unit.pk).update(item=kept, position=last + unit.position)
    gone.doubts.exclude(unit__item=gone).update(item=kept)
    gone.proposals.update(item=kept)


def _merged(kept: ImportItem, gone: ImportItem) -> dict:
    words = [words for words in dict.fromkeys((kept.open_units, gone.open_units)) if words]
    undecided = any(item.open_units and not item.open_units_decision for item in (kept, gone))
    decision = "" if undecided else kept.open_units_decision or gone.open_units_decision
    scopes = {kept.county_scope, gone.county_scope}
    scope = next(scope for scope in (CountyScope.ALL, CountyScope.LISTED, CountyScope.NONE) if scope in scopes)
    counties = {*kept.counties.all(), *gone.counties.all()} if scope == CountyScope.LISTED else set()
    return {
        "end": max(kept.end, gone.end),
        "open_units": "、".join(words)[:300],
        "open_units_decision": decision,
        "county_scope": scope,
        "counties": counties,
        "optional": kept.optional and gone.optional,
        "origin": f"由原文{kept}、{gone}合并，请核对。",
    }


def _hand_over_pairing(document: DocumentImport, kept: ImportItem, gone: ImportItem, values: dict) -> None:
    """In a second import one item stands for one: of two matched ones the later is then no longer in the document."""
    if gone.matched_id and kept.matched_id:
        ImportRemoval.objects.get_or_create(document=document, item_id=gone.matched_id)
    elif gone.matched_id:
        values |= {"matched_id": gone.matched_id, "change": gone.change}


def split_item(item: ImportItem, *, at: int, by: User, version: int) -> tuple[ImportItem, ImportItem]:
    """Cut an item before code point `at` of the source. Units go with their evidence; a part without any gets all.

    Raises Refused (nothing_to_split), AlreadyMoved.
    """
    with step(item.document_id, Verb.SPLIT, by=by, items=[item.pk], detail=str(item)) as edit:
        raise_version(ImportItem, item.pk, version)
        item.refresh_from_db()
        end, start = _cut(edit.document.text, item, at)
        origin = f"由原文{item}拆分，请核对责任单位。"
        second = _second(edit.document.text, item, start, origin)
        edit.made.append(second)
        _share_rows(item, second, at)
        ImportItem.objects.filter(pk=item.pk).update(
            end=end, origin=origin, open_units=_open_units(item, item.start, end), **UNCHECKED
        )
        _doubt(item, SPLIT, origin, item.start, end)
        _doubt(second, SPLIT, origin, second.start, second.end)
    item.refresh_from_db()
    return item, second


def _cut(text: str, item: ImportItem, at: int) -> tuple[int, int]:
    """Where the first part ends and the second begins: the white space between belongs to neither."""
    before, after = text[item.start : max(at, item.start)], text[max(at, item.start) : item.end]
    if not before.strip() or not after.strip():
        raise Refused("请把光标放在本项文字中间再拆分。", code="nothing_to_split")
    return item.start + len(before.rstrip()), item.end - len(after.lstrip())


def _second(text: str, item: ImportItem, start: int, origin: str) -> ImportItem:
    second = ImportItem.objects.create(
        document_id=item.document_id, section_id=item.section_id, number=f"{item.number[:17]}-2",
        title=wording.first_words(text[start : item.end]) or item.title, start=start, end=item.end, origin=origin,
        optional=item.optional, county_scope=item.county_scope, change=Change.ADDED,
        open_units=_open_units(item, start, item.end),
    )  # fmt: skip
    second.counties.set(item.counties.all())
    return second


def _open_units(item: ImportItem, start: int, end: int) -> str:
    """The open units as far as they are written in that part; all of them when neither part shows them whole."""
    flat = "".join(item.document.text[start:end].split())
    other = "".join(item.document.text[item.start : item.end].split())
    shown = [words for words in item.open_units.split("、") if words in flat]
    return "、".join(shown) if item.open_units in other or shown else item.open_units


def _share_rows(first: ImportItem, second: ImportItem, at: int) -> None:
    for rows in (first.units, first.doubts, first.proposals):
        rows.filter(start__gte=at).update(item=second)
    for part, other in ((first, second), (second, first)):
        if not part.units.exists():
            for unit in other.units.all():
                unit.pk, unit._state.adding, unit.item = None, True, part
                unit.save(force_insert=True)


def renumber(document: DocumentImport, *, by: User, version: int) -> DocumentImport:
    """Number the items that are kept 1, 2, 3 … through the whole document. `version` is the document's."""
    kept = list(ImportItem.objects.filter(document=document).kept().values_list("pk", flat=True))
    with step(document.pk, Verb.RENUMBERED, by=by, items=kept, whole=True) as edit:
        raise_version(DocumentImport, document.pk, version)
        items = list(ImportItem.objects.filter(document=edit.document).kept())
        for number, item in enumerate(items, 1):
            if item.number != str(number):
                ImportItem.objects.filter(pk=item.pk).update(number=str(number), version=F("version") + 1)
        edit.detail = f"1–{len(items)}"
    document.refresh_from_db()
    return document


def _doubt(item: ImportItem, code: str, reason: str, start: int, end: int) -> None:
    ImportDoubt.objects.create(document_id=item.document_id, item=item, code=code, reason=reason, start=start, end=end)
