"""Correcting what was read: the plan's facts, an item's own columns, a county of the list."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from accounts.models import User
from calendars import clock
from counties.models import County
from imports import proposing
from imports.choices import Verb
from imports.models import DocumentImport, ImportCounty, ImportItem
from imports.services.steps import FACTS, document_step, item_step
from tasks.choices import CountyScope
from tasks.errors import NotReady

EDITABLE = ("number", "title", "optional")
DATES = ("issued_on", "starts_on", "ends_on", "first_period")
YEARS = range(1990, 2101)  # beyond them a date is a slip of the keyboard
LONGEST_PLAN = 10  # years


def set_facts(document: DocumentImport, *, by: User, version: int, **facts) -> DocumentImport:
    """Answer or correct what the document says of the plan; `facts` are columns of `FACTS`, None for not known.

    `first_period` may be any day of its month. Raises NotReady with the sentences by field, AlreadyMoved.
    """
    _only(facts, FACTS)
    if facts.get("first_period"):
        facts["first_period"] = facts["first_period"].replace(day=1)
    with document_step(document, Verb.FACTS_SET, by=by, version=version) as edit:
        _check_facts(edit.document, facts)
        DocumentImport.objects.filter(pk=document.pk).update(**facts)
    return document


def _check_facts(document: DocumentImport, facts: dict) -> None:
    for name, value in facts.items():
        setattr(document, name, value)
    errors = _field_errors(document, facts) or _date_errors(document, facts)
    if errors:
        raise NotReady(errors)


def _date_errors(document: DocumentImport, facts: dict) -> dict[str, list[str]]:
    """Years that cannot be meant; else dates that contradict each other."""
    wrong = [name for name in DATES if facts.get(name) and facts[name].year not in YEARS]
    if facts.get("year") and facts["year"] not in YEARS:
        wrong.append("year")
    if wrong:
        return {name: [f"年份应在{YEARS[0]}年至{YEARS[-1]}年之间。"] for name in wrong}
    errors: dict[str, list[str]] = {}
    start, end, first = document.starts_on, document.ends_on, document.first_period
    if start and end and end < start:
        errors["ends_on"] = ["实施结束日期不能早于开始日期。"]
    if start and end and (end.year - LONGEST_PLAN, end.month, end.day) > (start.year, start.month, start.day):
        errors["ends_on"] = [f"实施期最长{LONGEST_PLAN}年，请核对实施结束日期。"]
    if first and end and first > end:
        errors["first_period"] = ["首次调度月不能晚于实施结束日期。"]
    return errors


def edit_item(
    item: ImportItem, *, by: User, version: int, county_scope: str | None = None, counties: Iterable[County] = (),
    **values,
) -> ImportItem:  # fmt: skip
    """Change number, title or 有则报 (`optional`), and which counties it concerns (`counties` with scope `listed`).

    Raises NotReady with the sentences by field, AlreadyMoved.
    """
    _only(values, EDITABLE)
    chosen = list(counties)
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    with item_step(item, Verb.ITEM_EDITED, by=by, version=version):
        _check_item(item, values, county_scope, chosen)
        if county_scope is not None:
            values["county_scope"] = county_scope
            item.counties.set(chosen)
            answered = item.doubts.filter(code=proposing.COUNTY_SCOPE, settled_at=None)
            answered.update(settled_by=by, settled_at=clock.now())
        ImportItem.objects.filter(pk=item.pk).update(**values)
    return item


def _check_item(item: ImportItem, values: dict, county_scope: str | None, counties: list[County]) -> None:
    fresh = ImportItem(pk=item.pk, **values)
    errors = _field_errors(fresh, values)
    if county_scope == CountyScope.LISTED and not counties:
        errors["counties"] = ["请至少选择一个县（市、区）。"]
    if county_scope in (CountyScope.ALL, CountyScope.NONE) and counties:
        errors["counties"] = ["只有“部分县”才需要选择县（市、区）。"]
    if errors:
        raise NotReady(errors)


def set_county(found: ImportCounty, *, by: User, version: int, county: County | None) -> ImportCounty:
    """Say which county of the register is meant, or with None that the register rightly lacks it.

    `version` is the document's. Raises AlreadyMoved.
    """
    with document_step(found.document, Verb.COUNTY_SET, by=by, version=version, detail=found.name):
        ImportCounty.objects.filter(pk=found.pk).update(county=county, settled=True)
    found.refresh_from_db()
    return found


def _field_errors(row, names: Iterable[str]) -> dict[str, list[str]]:
    kept = set(names)
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - kept)
    except ValidationError as error:
        return dict(error.message_dict)
    return {}


def _only(given: dict, allowed: Iterable[str]) -> None:
    unknown = set(given) - set(allowed)
    if unknown:
        raise TypeError(f"not to be set here: {sorted(unknown)}")
