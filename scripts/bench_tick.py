"""Measure one reminder tick over 100,000 open reports (design, section 6); print the figures and JSON.

Works on DATABASE_URL when it is set (an empty database), else on a SQLite file of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PLANS, ITEMS, DEPARTMENTS, UNITS = 40, 50, 500, 50  # 40 × 50 × 50 reports, held by 500 departments with A角 and B角


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="workplan-tick-") as folder:
        os.environ |= {"DATA_DIR": folder, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run(
            [sys.executable, "manage.py", "prepare", "--no-bootstrap"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        import django

        django.setup()
        fill()
        figures = measure()
    title = f"提醒：{PLANS * ITEMS * UNITS} 份未报"
    print(f"\n{title}")
    for name, value in figures.items():
        print(f"  {name}：{value}")
    print(json.dumps({title: figures}, ensure_ascii=False))


def fill() -> None:
    """Plans due on Friday 25 October 2024, everything still awaited."""
    from accounts.models import Post, User
    from calendars.clock import OFFICE_ZONE
    from departments.models import Department
    from tasks import models

    day, due = date(2024, 10, 1), datetime(2024, 10, 25, 18, tzinfo=OFFICE_ZONE)
    places = Department.objects.bulk_create(
        Department(name=f"单位{n}", full_name=f"测试单位{n}", level="provincial", category="government",
                   protocol_order=1000 + n) for n in range(DEPARTMENTS)
    )  # fmt: skip
    users = User.objects.bulk_create(User(username=f"人员{n}", name=f"人员{n}") for n in range(2 * DEPARTMENTS))
    Post.objects.bulk_create(
        Post(user=user, department=places[n // 2], kind=("primary", "backup")[n % 2], valid_from=date(2024, 1, 1))
        for n, user in enumerate(users)
    )
    for number in range(PLANS):
        plan = models.Plan.objects.create(
            title=f"计划{number}", state="active", issuer="测试", issued_on=day, starts_on=day,
            ends_on=date(2024, 12, 31), first_period=day,
        )  # fmt: skip
        settings = models.PlanSettings.objects.create(plan=plan)
        section = models.Section.objects.create(plan=plan, number="一", title="板块", position=1)
        period = models.ReportingPeriod.objects.create(
            plan=plan, start=day, covers_from=day, covers_to=date(2024, 10, 31), due_at=due, state="open",
            settings=settings, opened_at=due,
        )  # fmt: skip
        items = models.WorkItem.objects.bulk_create(
            models.WorkItem(plan=plan, section=section, position=n, number=str(n)) for n in range(ITEMS)
        )
        revisions = models.WorkItemRevision.objects.bulk_create(
            models.WorkItemRevision(item=item, title=f"事项{item.number}") for item in items
        )
        duties = models.Assignment.objects.bulk_create(
            models.Assignment(
                item=item,
                department=places[(number * 7 + place * UNITS + unit) % DEPARTMENTS],
                role="shared",
                valid_from=day,
            )
            for place, item in enumerate(items)
            for unit in range(UNITS)
        )
        wording = dict(zip([item.pk for item in items], revisions, strict=True))
        models.ProgressReport.objects.bulk_create(
            (
                models.ProgressReport(
                    assignment=duty, period=period, plan=plan, item_id=duty.item_id,
                    item_revision=wording[duty.item_id], department_id=duty.department_id,
                    duty_of_id=duty.department_id, role="shared", due_at=due,
                )
                for duty in duties
            ),
            batch_size=1000,
        )  # fmt: skip


def measure() -> dict[str, object]:
    """The tick that serves a rung, the one after it, and how long any transaction held its locks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from calendars import clock
    from calendars.clock import OFFICE_ZONE
    from reminders import services
    from reminders.services import writing

    held: list[float] = []
    write_batch = writing._write_batch

    def timed_batch(batch):
        began = time.perf_counter()
        try:
            return write_batch(batch)
        finally:
            held.append(1000 * (time.perf_counter() - began))

    writing._write_batch = timed_batch
    with clock.at(datetime(2024, 10, 25, 9, tzinfo=OFFICE_ZONE)):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            written = services.write_digests() + services.write_event_notices()
            first = time.perf_counter() - began
        began = time.perf_counter()
        again = services.write_digests() + services.write_event_notices()
        second = time.perf_counter() - began
    return {
        "数据库": connection.vendor,
        "写出提醒（≤5 秒）": f"{first:.2f} 秒，{written} 条，查询 {len(asked)} 次，每批 {writing.BATCH} 条",
        "单次持锁最长（≤200 毫秒）": f"{max(held):.0f} 毫秒，中位 {statistics.median(held):.0f} 毫秒",
        "同一时刻再来一次": f"{second:.2f} 秒，{again} 条",
    }


if __name__ == "__main__":
    main()
