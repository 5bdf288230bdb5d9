"""What one issue changed against the one before, from their snapshots alone."""

from __future__ import annotations

from tasks.choices import GLYPHS, Light

ITEM_FIELDS = {
    "title": "事项名称",
    "units": "责任单位",
    "light": "进展灯",
    "text": "本月进展",
    "problems": "存在问题",
    "next_step": "下一步打算",
    "coordination": "需省级协调",
    "filing": "报送",
}


def between(old: dict, new: dict) -> list[dict]:
    """Changes item by item in document order: {"item", "what", "before", "after"}, all ready to print."""
    items_before = {item["position"]: item for item in old["items"]}
    rows_before = {row["report"]: row for row in old["rows"]}
    found = []
    for item in new["items"]:
        before = items_before.get(item["position"])
        if before is None:
            continue
        changed = [name for name in ITEM_FIELDS if item[name] != before[name]]
        found += [_change(item, ITEM_FIELDS[name], _words(before, name), _words(item, name)) for name in changed]
        rows = [row for row in new["rows"] if row["position"] == item["position"]]
        found += _row_changes(item, rows, rows_before, texts="text" not in changed)
    return found


def _row_changes(item: dict, rows: list[dict], rows_before: dict, *, texts: bool) -> list[dict]:
    """Filing states; and texts too when the item's own text stayed, so that none changes unseen."""
    found = []
    for row in rows:
        before = rows_before.get(row["report"])
        for name, what in (("state_label", "报送状态"), ("text", "原报进展")):
            is_new = before is None or row[name] != before[name]
            if is_new and (name != "text" or texts):
                found.append(_change(item, f"{row['department']}{what}", before[name] if before else "", row[name]))
    return found


def _words(item: dict, name: str) -> str:
    return f"{GLYPHS[Light(item['light'])]}{item['light_label']}" if name == "light" else item[name]


def _change(item: dict, what: str, before: str, after: str) -> dict:
    return {"item": f"第{item['number']}项", "what": what, "before": before, "after": after}
