import json
import logging
import os
import resource
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from documents import limited
from documents.child import ROOT
from documents.draft import (
    DatedFound,
    Deadline,
    Doubt,
    DraftItem,
    DraftPlan,
    DraftSection,
    DraftUnit,
    Found,
    OpenUnit,
    Span,
    Target,
)
from documents.limited import ORDINARY, parse_pasted, read_and_parse
from documents.parsing import parse
from documents.reading import read, read_pasted
from documents.refusal import ImportRefused
from documents.source import Source
from documents.wire import from_plain, to_plain
from tests.documents.samples.docx import work_plan
from tests.documents.samples.harm import forms
from tests.documents.samples.others import RARE, TEXT, task_list
from tests.documents.samples.pdf import Page, pdf

AT = Span(3, 9)


def confined(code, seconds=2, memory=512 * 1024 * 1024):
    """What becomes of a process that runs `code` under the limits of an upload: (exit status, output)."""
    begin = f"from documents.child import confine; confine({seconds}, {memory})\n"
    done = subprocess.run([sys.executable, "-c", begin + code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("要点.txt", TEXT.encode("gb18030")),
        ("要点.docx", work_plan()),
        ("清单.xlsx", task_list()),
        ("要点.pdf", pdf(Page().lines(["青垣县2032年交通工作要点", "1.修路。（县交通局牵头）"]))),
    ],
)
def test_child_says_what_reading_and_parsing_here_say(name, data):
    source = read(data, name)

    assert read_and_parse(data, name) == (source, parse(source))


def test_pasted_words_go_through_the_child_as_well():
    source = read_pasted(TEXT)

    assert parse_pasted(TEXT) == (source, parse(source))
    assert parse_pasted(RARE)[0].text == RARE
    with pytest.raises(ImportRefused, match="不完整的字符"):
        parse_pasted("修\ud842渠")


def test_refusal_comes_through_with_its_code():
    with pytest.raises(ImportRefused) as refused:
        read_and_parse("一、修\0渠".encode(), "a.txt")

    assert refused.value.code == "control"
    assert refused.value.message.startswith("第 1 行有空字符")


def test_child_starts_within_half_a_second():
    """Of processor time, which is the machine's at rest."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    parse_pasted("一、修渠")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_every_piece_of_a_draft_survives_the_way():
    target = Target("5公里", AT, "count", "修路", ">=", 5, "公里", of="全部", relative_to="2031")
    item = DraftItem(
        "1",
        "一",
        Found("1.修路", AT, "numbered"),
        None,
        5,
        units=(DraftUnit("县交通局", "lead", AT, "lead", full="青垣县交通局", scope="一是"),),
        open_units=(OpenUnit("各乡镇", "shared", AT, "open"),),
        deadlines=(
            Deadline("每月", AT, "each", recurrence={"freq": "monthly"}),
            Deadline("年底", AT, "end", date="2032-12-31"),
        ),
        targets=(target, replace(target, value=96.5), replace(target, value=None, unit=None)),
        doubts=(Doubt("open", "请确认", AT),),
    )
    plan = DraftPlan(
        "work_points",
        True,
        title=Found("要点", AT, "title"),
        issued_on=DatedFound("2032-03-01", "3月1日", AT, "date"),
        year=2032,
        sections=(DraftSection("一", "一", Found("交通", AT, "heading")),),
        items=(item,),
        counties=(Found("青垣县", AT, "county"),),
    )

    assert from_plain(DraftPlan, json.loads(json.dumps(to_plain(plan)))) == plan


@pytest.mark.parametrize("change", [{"kind": 5}, {"trackable": "yes"}, {"items": [{"number": "1"}]}, {"year": 1.5}])
def test_answer_of_another_shape_is_not_taken(change):
    plain = to_plain(DraftPlan("work_points", True)) | change

    with pytest.raises((TypeError, KeyError)):
        from_plain(DraftPlan, plain)


def test_hog_of_memory_meets_the_limit():
    hog = "try:\n    bytearray(600 * 1024 * 1024)\n    print('had it')\nexcept MemoryError:\n    print('refused')"

    assert confined(hog) == (0, "refused")
    assert confined(hog, memory=1024 * 1024 * 1024) == (0, "had it")


def test_hog_of_time_is_ended():
    status, output = confined("print('began', flush=True)\nwhile True: pass", seconds=1)

    assert (status, output) == (-24, "began")  # SIGXCPU


def test_hog_of_disk_and_of_handles_is_stopped():
    files = (
        "import os\ntry:\n    [os.open('/dev/null', os.O_RDONLY) for _ in range(300)]\n"
        "except OSError as e:\n    print(e.errno)"
    )
    disk = (
        "import signal, tempfile\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    tempfile.TemporaryFile().truncate(300 * 1024 * 1024)\nexcept OSError as e:\n    print(e.errno)"
    )

    assert confined(files) == (0, "24")  # EMFILE
    assert confined(disk) == (0, "27")  # EFBIG


def slow_pdf():
    """Small, and a hundred million shapes to draw."""
    return forms(8, 10)


@pytest.mark.parametrize(("limits", "said"), [({"seconds": 1}, "SIGXCPU"), ({"patience": 1}, "no answer within 1 s")])
def test_upload_that_takes_too_long_is_refused_in_words(monkeypatch, caplog, limits, said):
    monkeypatch.setattr(limited, "ORDINARY", replace(ORDINARY, **limits))

    with pytest.raises(ImportRefused) as refused, caplog.at_level(logging.WARNING):
        read_and_parse(slow_pdf(), "a.pdf")

    assert refused.value.code == "too_costly"
    assert "已停止" in refused.value.message
    assert said in caplog.text


def test_upload_that_needs_too_much_memory_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(limited, "ORDINARY", replace(ORDINARY, memory=128 * 1024 * 1024))

    with pytest.raises(ImportRefused) as refused:
        read_and_parse(slow_pdf(), "a.pdf")

    assert refused.value.code == "too_costly"


def test_converter_that_hangs_ends_with_the_child(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    program = tmp_path / "antiword"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setattr(limited, "CONVERTING", replace(limited.CONVERTING, patience=2))

    with pytest.raises(ImportRefused, match="已停止"):
        read_and_parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "a.doc")

    assert not runs(int((tmp_path / "pid").read_text()))


def runs(pid):
    """A process that was ended may stay in the table until the machine takes note."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_child_sees_neither_secrets_nor_open_files(monkeypatch, tmp_path):
    """Asked through a converter, which inherits all the child has."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setenv("DATABASE_URL", "hidden")
    program = tmp_path / "catdoc"
    program.write_text(
        '#!/bin/sh\ntr "\\0" "\\n" < /proc/$PPID/environ | cut -d= -f1 | sort\nls /proc/$PPID/fd | wc -l\n'
    )
    program.chmod(0o700)
    kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(30)]
    for handle in kept:
        os.set_inheritable(handle, True)
    try:
        source, _ = read_and_parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "a.doc")
    finally:
        for handle in kept:
            os.close(handle)

    *names, handles = source.text.split()
    assert set(names) <= {"PATH", "TMPDIR", "LANG", "OPENPYXL_LXML"}
    assert int(handles) < 15


def test_broken_document_is_logged_by_place_and_never_by_its_words(caplog):
    with pytest.raises(ImportRefused) as refused, caplog.at_level(logging.WARNING):
        read_and_parse(b"%PDF-1.7 secret words %%EOF", "a.pdf")

    assert refused.value.code == "unreadable"
    assert "PdfiumError at" in caplog.text
    assert "secret" not in caplog.text


def test_many_threads_may_read_at_once():
    found = []
    threads = [threading.Thread(target=lambda: found.append(parse_pasted(TEXT)[0].text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [TEXT] * 4


def test_source_survives_the_way_with_its_tables():
    source = read(task_list(), "a.xlsx")

    assert source.tables
    assert from_plain(Source, json.loads(json.dumps(to_plain(source)))) == source
