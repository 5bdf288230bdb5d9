import io
import json

import pytest
from django.core.management import CommandError, call_command

from calendars import clock
from tasks.models import ReportingPeriod
from tests.tasks.world import local, make_world

pytestmark = pytest.mark.django_db


def run(*arguments) -> str:
    out = io.StringIO()
    with clock.at(local(2024, 9, 3, 9)):
        call_command("open_period", *arguments, stdout=out)
    return out.getvalue()


def test_a_month_is_opened_from_the_command_line():
    make_world()

    said = run("--month", "2024-09", "--by", "主管")

    assert said == "2024-09 已开启，应报3份，截止9月25日（周三）18:00。\n"
    assert ReportingPeriod.objects.get().state == "open"


def test_a_program_gets_plain_values():
    make_world()

    answer = json.loads(run("--month", "2024-09", "--by", "主管", "--format", "json"))

    assert (answer["month"], answer["expected"], answer["without_liaison"]) == ("2024-09", 3, [])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--month", "2024-13", "--by", "主管"), "看不懂月份"),
        (("--month", "2025-01", "--by", "主管"), "没有包含2025年1月的执行中计划"),
        (("--month", "2024-10", "--by", "主管"), "2024年9月还没有开启"),
        (("--month", "2024-09", "--by", "无此人"), "没有用户"),
        (("--month", "2024-09", "--by", "省水利厅联络员"), "没有这项权限"),
    ],
)
def test_a_mistake_is_explained_and_changes_nothing(arguments, why):
    make_world()

    with pytest.raises(CommandError, match=why):
        run(*arguments)

    assert not ReportingPeriod.objects.filter(state="open").exists()
