"""The month in sentences, for the page: fixed phrases around the snapshot's numbers and the adopted texts."""

from __future__ import annotations

from typing import Any

from tasks.choices import Light

NAMED = (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND, Light.DONE, Light.UNASSESSED)


def paragraphs(snapshot: dict[str, Any]) -> list[str]:
    """总体情况: lights, their change against last month, filing figures."""
    lights, counts, before = snapshot["lights"], snapshot["counts"], snapshot["previous"]
    said = [f"{counts['items']}项工作中，" + "，".join(f"{code.label}{lights[code]}项" for code in NAMED) + "。"]
    if before:
        said.append(_compared(lights, before))
    filed = f"应报{counts['expected']}份，已报{counts['filed']}份，按时{counts['on_time']}份"
    if counts["expected"]:
        filed += f"，按时率{counts['on_time'] / counts['expected']:.0%}"
    said.append(f"{filed}；补报{counts['late']}份，未报{counts['missing']}份，退回未改{counts['returned']}份。")
    return ["".join(said)]


def _compared(lights: dict, before: dict) -> str:
    moved = [(code.label, lights[code] - before["lights"][code]) for code in NAMED]
    changes = [f"{label}{'增加' if step > 0 else '减少'}{abs(step)}项" for label, step in moved if step]
    return f"与{before['label']}相比，{'，'.join(changes) or '各灯数量没有变化'}。"


def sections(snapshot: dict[str, Any]) -> list[dict]:
    """分项进展: items that lag, are done or changed their light, by section; the others are in the workbook."""
    return [
        {"title": f"（{section['number']}）{section['title']}", "items": shown, "rest": section["items"] - len(shown)}
        for at, section in enumerate(snapshot["sections"])
        for shown in [[item for item in snapshot["items"] if item["section"] == at and _is_news(item)]]
    ]


def _is_news(item: dict) -> bool:
    lagging = item["light"] in (Light.BEHIND, Light.FAR_BEHIND)
    return lagging or item["arrow"] in ("↑", "↓") or (item["light"] == Light.DONE and item["arrow"] != "→")


def stats(snapshot: dict[str, Any]) -> list[dict]:
    """The filing figures, each with what it holds."""
    counts = snapshot["counts"]
    return [
        {"label": "应报", "value": counts["expected"]},
        {"label": "已报", "value": counts["filed"], "note": f"已通过 {counts['accepted']}"},
        {"label": "按时", "value": counts["on_time"]},
        {"label": "补报", "value": counts["late"]},
        {"label": "未报", "value": counts["missing"]},
        {"label": "退回未改", "value": counts["returned"]},
        {"label": "免报", "value": counts["waived"]},
    ]
