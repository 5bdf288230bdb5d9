"""From the draft that was read to rows under review: written once, whoever comes second finds them there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from django.db import transaction

import audit
from calendars import clock
from documents.draft import Deadline, Doubt, DraftItem, DraftPlan, Found, Target
from documents.source import Source
from imports import proposing, wording
from imports.choices import UNREAD, ImportState
from imports.diff import pair
from imports.matching import CountyRegister
from imports.models import (
    DocumentImport,
    ImportCounty,
    ImportDoubt,
    ImportItem,
    ImportProposal,
    ImportSection,
    ImportUnit,
)
from imports.services import linking, starting
from tasks.choices import PlanKind, ProposalKind
from tasks.models import SourceDocument

NOT_A_PLAN = "not_a_plan"
NOTHING_TO_TRACK = "未发现带责任单位的编号任务，疑非工作方案。"


def store_draft(document: DocumentImport, source: Source, draft: DraftPlan) -> bool:
    """Keep the text and the draft and open the review; False when that was done before.

    A document with nothing to track is refused with the parser's reason.
    """
    if not draft.trackable:
        return _refuse(document, source, draft)
    with transaction.atomic():
        if not _claim(document, source, draft):
            return False
        sections = _store_sections(document, draft)
        items = _store_items(document, source.text, draft, sections)
        _store_document_rows(document, draft)
        linking.link(document)
        linking.warn_of_strangers(document)
        if document.plan_id:
            pair(document)
        linking.propose_states(document)
        after = {"items": len(items), "sections": len(sections), "counties": len(draft.counties)}
        audit.record("import.read", document, by=None, after=after)
    return True


def _refuse(document: DocumentImport, source: Source, draft: DraftPlan) -> bool:
    with transaction.atomic():
        if not starting.refuse(document, draft.reason or NOTHING_TO_TRACK, code=NOT_A_PLAN):
            return False
        _keep_text(document, source)
    return True


def _claim(document: DocumentImport, source: Source, draft: DraftPlan) -> bool:
    """The state decides between two runs: its update comes first, and the loser writes nothing."""
    moved = DocumentImport.objects.filter(pk=document.pk, state__in=UNREAD).update(
        state=ImportState.REVIEW, read_at=clock.now(), **_facts(draft)
    )
    if moved:
        _keep_text(document, source)
        document.refresh_from_db()
    return bool(moved)


def _keep_text(document: DocumentImport, source: Source) -> None:
    values = {"text": source.text}
    if not document.source.format:  # pasted words travel as a text file, and stay known as pasted
        values["format"] = source.format
    SourceDocument.objects.filter(pk=document.source_id).update(**values)


def _facts(draft: DraftPlan) -> dict:
    """Columns of the plan as the document states them; what it does not say stays empty and is asked."""
    stated = {"title": draft.title, "issuer": draft.issuer, "number": draft.number, "issued_on": draft.issued_on}
    return {
        "title": wording.one_line(draft.title.text, 200) if draft.title else "",
        "kind": draft.kind if draft.kind in PlanKind else "",
        "issuer": wording.one_line(draft.issuer.text, 120) if draft.issuer else "",
        "number": wording.one_line(draft.number.text, 80) if draft.number else "",
        "issued_on": date.fromisoformat(draft.issued_on.iso) if draft.issued_on else None,
        "year": draft.year,
        "evidence": {name: _evidence_json(found) for name, found in stated.items() if found},
    }


def _evidence_json(found) -> dict:
    return {"text": found.text, "start": found.at.start, "end": found.at.end, "rule": found.rule}


def _place(found) -> dict:
    return {"start": found.at.start, "end": found.at.end}


def _store_sections(document: DocumentImport, draft: DraftPlan) -> list[ImportSection]:
    stored: list[ImportSection] = []
    for section in draft.sections:
        title = section.title
        stored.append(
            ImportSection.objects.create(
                document=document, path=section.path[:120], number=wording.one_line(section.number, 20),
                title=wording.one_line(title.text, 200), start=title.at.start, end=title.at.end,
                parent=section_at(stored, section.path.rpartition("/")[0], title.at.start),
            )
        )  # fmt: skip
    return stored


def section_at(sections: Iterable[ImportSection], path: str | None, place: int) -> ImportSection | None:
    """The section of that path in force at a place of the text: an attachment may use the same numbers again."""
    if not path:
        return None
    named = [section for section in sections if section.path == path[:120]]
    before = [section for section in named if section.start <= place]
    return before[-1] if before else next(iter(named), None)


def _store_items(
    document: DocumentImport, text: str, draft: DraftPlan, sections: list[ImportSection]
) -> list[ImportItem]:
    counties = proposing.CountyRule.of(text, draft)
    rows = [_item_row(document, text, item, sections, counties.scope(item)) for item in draft.items]
    stored = ImportItem.objects.bulk_create(rows, batch_size=500)
    units, doubts, proposals = [], [], []
    for row, item in zip(stored, draft.items, strict=True):
        units += _units(row, item)
        doubts += [_doubt(document, row, doubt) for doubt in (*item.doubts, *counties.doubts(item))]
        proposals += _proposals(document, row, item.deadlines, item.targets)
    named = {(unit.start, unit.end): unit for unit in ImportUnit.objects.bulk_create(units, batch_size=500)}
    for doubt in doubts:
        doubt.unit = named.get((doubt.start, doubt.end))
    ImportDoubt.objects.bulk_create(doubts, batch_size=500)
    ImportProposal.objects.bulk_create(proposals, batch_size=500)
    return stored


def _item_row(document, text: str, item: DraftItem, sections: list[ImportSection], scope: str) -> ImportItem:
    return ImportItem(
        document=document, section=section_at(sections, item.section, item.starts),
        number=wording.one_line(item.number, 20) or "—", title=wording.title_of(text, item),
        start=item.body.at.start, end=item.body.at.end, county_scope=scope,
        open_units="、".join(dict.fromkeys(wording.one_line(unit.name, 120) for unit in item.open_units))[:300],
    )  # fmt: skip


def _units(row: ImportItem, item: DraftItem) -> list[ImportUnit]:
    return [
        ImportUnit(
            item=row, position=position, name=wording.one_line(unit.name, 120), role=unit.role,
            full_name=wording.one_line(unit.full, 120), scope=wording.cut(wording.one_line(unit.scope, 2000), 120),
            rule=unit.rule[:80], **_place(unit),
        )
        for position, unit in enumerate(item.units, 1)
    ]  # fmt: skip


def _doubt(document: DocumentImport, row: ImportItem | None, doubt: Doubt) -> ImportDoubt:
    return ImportDoubt(
        document=document, item=row, code=doubt.code[:40], reason=wording.cut(doubt.reason, 300), **_place(doubt)
    )


def _proposals(
    document: DocumentImport, row: ImportItem | None, deadlines: Iterable[Deadline], targets: Iterable[Target]
):
    for kind, found in ((ProposalKind.DEADLINE, deadlines), (ProposalKind.TARGET, targets)):
        for one in found:
            content = {name: value for name, value in asdict(one).items() if name not in ("text", "at", "rule")}
            yield ImportProposal(
                document=document, item=row, kind=kind, text=one.text, content=content, rule=one.rule[:80],
                **_place(one),
            )  # fmt: skip


def _store_document_rows(document: DocumentImport, draft: DraftPlan) -> None:
    ImportDoubt.objects.bulk_create([_doubt(document, None, doubt) for doubt in draft.doubts])
    ImportProposal.objects.bulk_create(_proposals(document, None, draft.deadlines, draft.targets))
    register = CountyRegister.load()
    ImportCounty.objects.bulk_create(
        _county(document, position, found, register) for position, found in enumerate(draft.counties, 1)
    )


def _county(document: DocumentImport, position: int, found: Found, register: CountyRegister) -> ImportCounty:
    name = wording.one_line(found.text, 60)
    return ImportCounty(
        document=document, position=position, name=name, county=register.match(name), rule=found.rule[:80],
        **_place(found),
    )  # fmt: skip
