"""What every sheet says about itself: which month, which version, made by whom and when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


class Edition:
    """A snapshot, and the words of its titles, first and last lines."""

    def __init__(self, snapshot: dict[str, Any]):
        self.snapshot = snapshot
        self._edition = snapshot["edition"]

    def __getitem__(self, name: str) -> Any:
        return self.snapshot[name]

    @property
    def month(self) -> str:
        return self.snapshot["period"]["label"]

    @property
    def name(self) -> str:
        return self.snapshot["settings"]["report_title"]

    @property
    def office(self) -> str:
        return self.snapshot["settings"]["office_name"]

    @property
    def version(self) -> str:
        return self._edition["label"]

    @property
    def mark(self) -> str:
        """What unissued copies carry in title and page header; empty for an issue."""
        return "" if self._edition["kind"] == "issued" else self.version

    @property
    def title(self) -> str:
        return f"{self.month}{self.name}" + (f"（{self.mark}）" if self.mark else "")

    def title_of(self, sheet: str) -> str:
        return f"{self.month}{self.name}·{sheet}" + (f"（{self.mark}）" if self.mark else "")

    @property
    def left(self) -> str:
        return f"编制单位：{self.office}"

    @property
    def right(self) -> str:
        made = datetime.fromisoformat(self._edition["made_at"])
        return f"数据截至 {self.snapshot['data_as_of']} · {self.version} · 生成时间 {made:%Y-%m-%d %H:%M}"

    @property
    def signatures(self) -> list[str]:
        """Parts of the last line: 填报单位/编制人 · 审核人 · 联系电话 · 日期; an issue names who signed it."""
        signer = self._edition["signer"]
        parts = [
            f"填报单位：{self.office}　编制人：{self._edition['made_by']}",
            "审核人：　　　　　　",
            f"签发人：{signer}" if signer else "",
            f"联系电话：{self.snapshot['settings']['contact'] or '　　　　　　　'}",
            f"日期：{self._date()}",
        ]
        return [part for part in parts if part]

    def _date(self) -> str:
        signed_on = self._edition["signed_on"]
        if not signed_on:
            return "　　　年　月　日"
        day = date.fromisoformat(signed_on)
        return f"{day.year}年{day.month}月{day.day}日"

    @property
    def versions(self) -> list[dict]:
        """Every issue up to this one: {"label", "issued_on", "by", "reason", "changes"}."""
        return self._edition["versions"]
