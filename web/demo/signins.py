"""The example's sign-ins, kept beside its database so that a later start shows the same ones."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from calendars import clock
from calendars.months import Month
from web.demo.people import Account


@dataclass(frozen=True)
class SignIns:
    built_at: datetime
    password: str
    accounts: tuple[Account, ...]

    def age(self) -> str:
        """How old the example is, in words, and whether its present month has passed."""
        built, today = clock.local_date(self.built_at), clock.today()
        days = (today - built).days
        text = f"演示数据建于{built.year}年{built.month}月{built.day}日（{'今天' if days == 0 else f'{days}天前'}）。"
        if Month.of(built) != Month.of(today):
            text += "已经跨月，如需当前月份的示例，请运行 make demo FRESH=1 重建。"
        return text


def path() -> Path:
    return settings.DATA_DIR / "demo.json"


def save(signins: SignIns) -> None:
    """Write the file, readable by its owner alone."""
    facts = asdict(signins) | {"built_at": signins.built_at.isoformat()}
    descriptor = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(facts, file, ensure_ascii=False, indent=1)


def load() -> SignIns | None:
    """What the last build wrote, or None when the file is missing."""
    try:
        facts = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    accounts = tuple(Account(**account) for account in facts["accounts"])
    return SignIns(datetime.fromisoformat(facts["built_at"]), facts["password"], accounts)
