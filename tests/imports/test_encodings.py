"""The same document in two encodings and pasted: one text, one draft, on both databases."""

from __future__ import annotations

import pytest

from accounts.models import User
from background import services as background
from imports import services
from imports.models import DocumentImport, ImportItem
from tests.imports.drafts import TEXT, line, read_for_real
from tests.tasks.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

RARE = "𠮷𡈽𫝆𬱖"  # four bytes each in GB18030, two units in UTF-16: an offset counted in either would be off
SIZE = 100_000  # bytes


def large_text() -> str:
    """The small document with rare characters before, inside and after its items."""
    text = TEXT.replace("建立巡查台账", f"建立{RARE}巡查台账")
    rare_line = RARE * 20 + "。\n"
    lines = (SIZE - len(text.encode("gb18030"))) // len(rare_line.encode("gb18030")) + 1
    half = rare_line * (lines // 2 + 1)
    return half + text + half


def drawn_up(document: DocumentImport) -> list[tuple]:
    rows = ImportItem.objects.filter(document=document)
    return [
        (row.number, row.title, row.text, row.start, row.end, [(unit.name, unit.start) for unit in row.units.all()])
        for row in rows
    ]


def pasted(by: User, text: str) -> DocumentImport:
    document, _ = services.start_import(text=text, by=by)
    background.work_off()
    return DocumentImport.objects.get(pk=document.pk)


def test_a_large_gb18030_file_equals_its_utf_8_twin_and_the_pasted_words():
    office, text = make_world().staff, large_text()
    assert len(text.encode("gb18030")) >= SIZE

    imports = [
        read_for_real(office, text.encode("gb18030"), "国标.txt"),
        read_for_real(office, text.encode(), "统一码.txt"),
        pasted(office, text),
    ]

    assert [document.source.text == text for document in imports] == [True, True, True]
    national, unicode, words = (drawn_up(document) for document in imports)
    assert national == unicode == words
    assert [row[2] for row in national] == [line(f"{number}.", text) for number in range(1, 5)]
    assert [text[row[3] : row[4]] for row in national] == [row[2] for row in national]
