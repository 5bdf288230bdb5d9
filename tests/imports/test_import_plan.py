import json
import os
import subprocess
import sys

import pytest

from documents.child import ROOT
from tests.documents.samples.docx import work_plan
from tests.documents.samples.others import TEXT, cut


def import_plan(*arguments):
    """The real command, with a database that is nowhere."""
    return subprocess.run(
        [sys.executable, "manage.py", "import_plan", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def saved(tmp_path):
    def save(name, content):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return save


def test_plan_is_printed_and_needs_no_database(saved):
    done = import_plan(saved("要点.docx", work_plan()), "--dry-run", "--format", "json")

    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (answer["file"], answer["title"], answer["trackable"]) == (
        "要点.docx",
        "云溪市2031年农村公路建设工作要点",
        True,
    )
    assert [unit["name"] for unit in answer["items"][0]["units"]] == ["市交通运输局", "市财政局"]


def test_summary_is_for_people(saved):
    done = import_plan(saved("要点.txt", TEXT.encode("gb18030")), "--dry-run")

    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "标题：青垣县2032年水利工作要点"
    assert lines[1].startswith("板块 1，事项 2，责任单位 3，")
    assert lines[2].startswith("需确认 ")


def test_what_is_no_plan_is_printed_all_the_same(saved):
    notice = "云溪市人民政府关于2031年端午节放假的通知\n\n一、6月3日至5日放假。\n二、6月6日上班。\n"

    done = import_plan(saved("通知.txt", notice.encode()), "--dry-run", "--format", "json")

    answer = json.loads(done.stdout)
    assert (done.returncode, answer["trackable"]) == (3, False)
    assert answer["importer_says"]


def test_unreadable_file_says_why_on_both_streams(saved):
    done = import_plan(saved("要点.docx", cut(work_plan())), "--dry-run", "--format", "json")

    error = json.loads(done.stdout)["error"]
    assert done.returncode == 2
    assert error["code"] == "refused_file"
    assert error["message"] in done.stderr
    assert "Traceback" not in done.stderr


def test_file_that_is_not_there_is_unreadable(tmp_path):
    done = import_plan(tmp_path / "没有.txt", "--dry-run")

    assert (done.returncode, done.stdout) == (2, "")
    assert "打不开文件" in done.stderr


def test_without_dry_run_it_points_to_the_review(saved):
    done = import_plan(saved("要点.txt", TEXT.encode()))

    assert (done.returncode, done.stdout) == (1, "")
    assert "--dry-run" in done.stderr


@pytest.mark.parametrize("what", ["/dev/zero", "folder", "pipe"])
def test_what_is_no_plain_file_is_refused_at_once(tmp_path, what):
    path = tmp_path / what if not what.startswith("/") else what
    if what == "folder":
        path.mkdir()
    if what == "pipe":
        os.mkfifo(path)

    ended = import_plan(path, "--dry-run", "--format", "json")

    assert ended.returncode == 2
    assert "不是文件" in json.loads(ended.stdout)["error"]["message"]
    assert "Traceback" not in ended.stderr


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)

    ended = import_plan(path, "--dry-run", "--format", "json")

    assert (ended.returncode, json.loads(ended.stdout)["error"]["code"]) == (2, "too_large")
