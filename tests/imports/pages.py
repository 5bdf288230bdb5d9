"""What the tests of this room's pages share: forms as a browser would send them, documents of any length."""

from __future__ import annotations

from html.parser import HTMLParser

from documents.draft import DraftItem, DraftPlan, DraftSection
from imports.models import DocumentImport, ImportItem
from tests.imports.drafts import found, item, reviewed, unit

HTMX = {"HX-Request": "true", "HX-Target": "results"}
NAMES = ("省水利厅", "省财政厅", "省林业局")


class Form(HTMLParser):
    """Collects what the form with that id would send untouched."""

    def __init__(self, key: str):
        super().__init__()
        self.key, self.inside, self.select = key, False, ""
        self.sent: dict = {}

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.inside = values.get("id") == self.key
        if not self.inside:
            return
        name, kind = values.get("name"), values.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.sent or "selected" in values):
            self.sent[self.select] = values.get("value", "")
        elif tag == "input" and name and kind not in ("checkbox", "radio"):
            self.sent[name] = values.get("value", "")
        elif tag == "input" and name and "checked" in values:
            self.sent[name] = values.get("value", "on")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""
        if tag == "form":
            self.inside = False


def fields_of(html: str, key: str = "item-form") -> dict:
    form = Form(key)
    form.feed(html)
    return form.sent


def form_of(client, row: ImportItem) -> dict:
    return fields_of(client.get(f"/imports/{row.document_id}/?item={row.pk}").content.decode())


def post_item(client, row: ImportItem, act: str, *, htmx: bool = False, **changes):
    """The open item as the page has it, with some fields changed (without their prefix), sent with a button."""
    data = form_of(client, row)
    data |= {f"i{row.pk}-{name}": value for name, value in changes.items()}
    headers = HTMX if htmx else {}
    return client.post(f"/imports/items/{row.pk}/", data | {"act": act}, headers=headers)


def long_text(count: int, words: int = 60) -> str:
    lines = [
        f"{number}.{'落实管护经费并按季拨付，' * (words // 12)}（{NAMES[number % 3]}牵头负责）"
        for number in range(1, count + 1)
    ]
    return "乡村管护工作要点\n一、落实经费\n" + "\n".join(lines) + "\n"


def long_draft(count: int, text: str) -> DraftPlan:
    lines = [line for line in text.splitlines() if line[0].isdigit()]
    return DraftPlan(
        kind="work_points",
        trackable=True,
        title=found("乡村管护工作要点", text),
        sections=(DraftSection("一", "一", found("落实经费", text)),),
        items=tuple(_long_item(number, line, text) for number, line in enumerate(lines[:count], 1)),
    )


def _long_item(number: int, line: str, text: str) -> DraftItem:
    return item(str(number), "一", line, text, units=(unit(NAMES[number % 3], "lead", line, text),))


def long_document(by, count: int) -> DocumentImport:
    text = long_text(count)
    return reviewed(by, long_draft(count, text), text=text)
