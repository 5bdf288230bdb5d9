"""Documents of our own for the review: a text, and the draft that a reader would make of it."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from audit.models import AuditEvent
from background import services as background
from calendars import clock
from documents.draft import (
    DatedFound,
    Deadline,
    Doubt,
    DraftItem,
    DraftPlan,
    DraftSection,
    DraftUnit,
    Found,
    OpenUnit,
    Span,
    Target,
)
from documents.source import Source
from imports import services
from imports.models import DocumentImport, ImportItem, ImportUnit
from imports.reasons import reasons_of
from tests.factories import beijing

MORNING = beijing("2024-08-20 09:00")
FACTS = {"starts_on": date(2024, 8, 20), "ends_on": date(2024, 12, 31), "first_period": date(2024, 9, 1)}

TEXT = """安徽省农业农村厅关于印发乡村水利补短板工作要点的通知
一、补齐供水短板
1.改造老旧管网。年底前完成60处泵站更新。（省水利厅牵头，省财政厅配合）
2.落实维修养护经费，按季拨付到县。（省财政厅、省林业局等有关部门按职责分工负责）
二、加强日常管护
3.建立巡查台账，发现问题及时处置。（省水利局牵头负责）
4.总结推广经验做法。（各有关部门按职责分工负责）
安徽省农业农村厅
2024年8月19日
"""


def span(words: str, text: str = TEXT, after: str = "") -> Span:
    """Where `words` stand in the text, the first time after `after`."""
    start = text.index(words, text.index(after) if after else 0)
    return Span(start, start + len(words))


def found(words: str, text: str = TEXT, rule: str = "made_up", after: str = "") -> Found:
    return Found(words, span(words, text, after), rule)


def unit(name: str, role: str, after: str, text: str = TEXT, **values) -> DraftUnit:
    return DraftUnit(name, role, span(name, text, after), "made_up", **values)


def item(number: str, section: str | None, line: str, text: str = TEXT, **values) -> DraftItem:
    body = found(line, text)
    starts = body.at.start + len(number) + 1
    return DraftItem(number=number, section=section, body=body, head=None, starts=starts, **values)


def line(start: str, text: str = TEXT) -> str:
    """The line that begins with these words."""
    return next(line for line in text.splitlines() if line.startswith(start))


def small_draft() -> DraftPlan:
    """Four items in two sections: a deadline and a target; 等有关部门; a unit nobody knows; nobody named."""
    first, second, third, fourth = (line(f"{number}.") for number in range(1, 5))
    return DraftPlan(
        kind="work_points",
        trackable=True,
        title=found("乡村水利补短板工作要点"),
        issuer=found("安徽省农业农村厅"),
        issued_on=DatedFound("2024-08-19", "2024年8月19日", span("2024年8月19日"), "made_up"),
        year=2024,
        sections=(
            DraftSection("一", "一", found("补齐供水短板")),
            DraftSection("二", "二", found("加强日常管护")),
        ),
        items=(
            item(
                "1", "一", first,
                units=(unit("省水利厅", "lead", first), unit("省财政厅", "cooperate", first)),
                deadlines=(Deadline("年底前", span("年底前"), "year_end", date="2024-12-31"),),
                targets=(Target("60处泵站更新", span("60处泵站更新"), "count", "泵站更新", "=", 60, "处"),),
            ),
            item(
                "2", "一", second,
                units=(unit("省财政厅", "shared", second), unit("省林业局", "shared", second)),
                open_units=(OpenUnit("等有关部门", "shared", span("等有关部门", after=second), "rest"),),
                doubts=(Doubt("open_unit", "“等有关部门”没有指明具体单位。", span("等有关部门", after=second)),),
            ),
            item("3", "二", third, units=(unit("省水利局", "lead", third),)),
            item(
                "4", "二", fourth,
                open_units=(OpenUnit("各有关部门", "shared", span("各有关部门", after=fourth), "class"),),
            ),
        ),
    )  # fmt: skip


def uploaded(by: User, *, text: str = TEXT, name: str = "工作要点.txt", plan=None) -> DocumentImport:
    document, _ = services.start_import(name=name, data=text.encode(), by=by, plan=plan)
    return document


def reviewed(by: User, draft: DraftPlan | None = None, *, text: str = TEXT, plan=None) -> DocumentImport:
    """An import whose draft is stored and waits for its review."""
    with clock.at(MORNING):
        document = uploaded(by, text=text, plan=plan)
        services.store_draft(document, Source(text=text, format="txt"), draft or small_draft())
    return DocumentImport.objects.get(pk=document.pk)


def read_for_real(by: User, data: bytes, name: str, *, plan=None) -> DocumentImport:
    """An import read by the registered job, in its child process."""
    document, _ = services.start_import(name=name, data=data, by=by, plan=plan)
    background.work_off()
    return DocumentImport.objects.get(pk=document.pk)


def item_of(document: DocumentImport, number: str) -> ImportItem:
    return ImportItem.objects.get(document=document, number=number)


def unit_of(document: DocumentImport, number: str, name: str) -> ImportUnit:
    return ImportUnit.objects.get(item=item_of(document, number), name=name)


def settled(document: DocumentImport, by: User, departments: dict) -> DocumentImport:
    """The small document with every question answered."""
    services.set_facts(document, by=by, version=document.version, **FACTS)
    for number in ("2", "4"):
        row = item_of(document, number)
        services.decide_open_units(row, by=by, version=row.version, decision="keep")
    stranger = unit_of(document, "3", "省水利局")
    services.set_unit(stranger, by=by, version=stranger.item.version, department=departments["省水利厅"])
    for row in document.items.filter(state="check"):
        services.confirm_item(row, by=by, version=row.version)
    document.refresh_from_db()
    return document


def actions() -> list[str]:
    return [event.action for event in AuditEvent.objects.filter(action__startswith="import.").order_by("sequence")]


def codes(row: ImportItem) -> list[str]:
    return [reason.code for reason in reasons_of(ImportItem.objects.for_review().get(pk=row.pk))]


def states(document: DocumentImport) -> list[str]:
    return list(document.items.values_list("state", flat=True))
