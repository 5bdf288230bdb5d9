"""The register of prefectures and counties as the project ships it (`fixtures/counties.json`)."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import transaction

import audit
from counties.models import County, Prefecture


@transaction.atomic
def load_counties(*, by=None) -> int:
    """Add the prefectures and counties that are not in the register yet; returns how many counties.

    Rows that exist stay as the office edited them. One audit row lists what was added; `by` None is the system.
    """
    facts = json.loads((settings.BASE_DIR / "fixtures" / "counties.json").read_text(encoding="utf-8"))
    for row in facts["prefectures"]:
        Prefecture.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
    prefectures = {prefecture.code: prefecture for prefecture in Prefecture.objects.all()}
    known = set(County.objects.values_list("code", flat=True))
    fresh = [row for row in facts["counties"] if row["code"] not in known]
    County.objects.bulk_create([_county(row, prefectures) for row in fresh])
    if fresh:
        audit.record("counties.loaded", by=by, rows=[row["code"] for row in fresh])
    return len(fresh)


def _county(row: dict, prefectures: dict[str, Prefecture]) -> County:
    column, line = row["tile"]
    values = {name: row[name] for name in ("code", "name", "kind", "position", "pinyin", "initials")}
    return County(prefecture=prefectures[row["prefecture"]], tile_column=column, tile_row=line, **values)
