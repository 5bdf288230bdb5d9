"""Writes items under review into a plan through the services of `tasks`."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from departments.models import Department
from imports.models import DocumentImport, ImportItem, ImportProposal, ImportSection, ImportUnit
from tasks import services as tasks
from tasks.choices import CountyScope
from tasks.models import Plan, Section, WorkItem


def document_items(document: DocumentImport) -> list[ImportItem]:
    """What is imported, in document order, each knowing the document and its text."""
    items = list(ImportItem.objects.filter(document=document).kept().for_review())
    for item in items:
        item.document = document
    return items


def matched(unit: ImportUnit) -> Department:
    """The department a unit stands for; a unit without one keeps its import from being published."""
    assert unit.department is not None
    return unit.department


class PlanWriter:
    """Writes items of an import into a plan: sections as they are needed, texts with their place in the source."""

    def __init__(self, document: DocumentImport, plan: Plan, *, by: User, valid_from: date | None = None):
        self.document, self.plan, self.by, self.valid_from = document, plan, by, valid_from
        self._headings = {section.pk: section for section in document.sections.all()}
        self._sections: dict[int | None, Section] = {}

    def add(self, item: ImportItem) -> WorkItem:
        section = self.section(item.section_id)
        listed = item.counties.all() if item.county_scope == CountyScope.LISTED else ()
        made = tasks.add_item(
            section, number=item.number, title=item.title, text=item.text, open_units=item.open_units,
            county_scope=item.county_scope, counties=listed, place=self.place(item), by=self.by,
        )  # fmt: skip
        for unit in item.units.all():
            self.assign(made, unit, optional=item.optional)
        self.finish(made, item)
        return made

    def assign(self, made: WorkItem, unit: ImportUnit, *, optional: bool) -> None:
        tasks.assign(
            made, matched(unit), role=unit.role, scope=unit.scope, name_as_written=unit.name, by=self.by,
            required=False if optional else None, valid_from=self.valid_from,
        )  # fmt: skip

    def finish(self, made: WorkItem, item: ImportItem) -> None:
        """The decisions taken in the review: the coordinating unit, the deadlines and targets kept."""
        if item.coordinator and made.coordinator_id != item.coordinator_id:
            tasks.name_coordinator(made, item.coordinator, reason=item.coordinator_reason, by=self.by)
        self.keep(made, item.proposals.all())

    def keep(self, made: WorkItem | None, proposals) -> None:
        for proposal in proposals:
            if proposal.accepted:
                tasks.keep_proposal(
                    self.plan, made, kind=proposal.kind, content=proposal.content, rule=proposal.rule,
                    place=self.place(proposal), by=self.by, accepted_by=proposal.decided_by,
                    accepted_at=proposal.decided_at,
                )  # fmt: skip

    def place(self, row: ImportItem | ImportProposal) -> tasks.Place:
        assert row.start is not None  # only a doubt of the whole document has no place
        assert row.end is not None
        return tasks.Place(self.document.source, row.start, row.end)

    def section(self, key: int | None) -> Section:
        """The plan's section for a heading of the document, made with its parents when it is first needed."""
        if key not in self._sections:
            self._sections[key] = self._make_section(self._headings.get(key) if key else None)
        return self._sections[key]

    def _make_section(self, heading: ImportSection | None) -> Section:
        if heading is None:  # the document has no headings here, and none is invented
            return self._existing("", None, self.plan.title) or tasks.add_section(
                self.plan, number="", title=self.plan.title, by=self.by
            )
        parent = self.section(heading.parent_id) if heading.parent_id else None
        return self._existing(heading.number, parent, heading.title) or tasks.add_section(
            self.plan, number=heading.number, title=heading.title, parent=parent, by=self.by
        )

    def _existing(self, number: str, parent: Section | None, title: str) -> Section | None:
        """In a second import the headings of the plan serve on; in a first one two of one number stay two."""
        if not self.document.plan_id:
            return None
        numbered = list(self.plan.sections.filter(number=number, parent=parent))
        return next((section for section in numbered if section.title == title), next(iter(numbered), None))
