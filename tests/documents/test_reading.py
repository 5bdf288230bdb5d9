import os
import stat
import subprocess
import sys
from datetime import datetime

import pytest

from documents.child import ROOT
from documents.reading import read
from documents.reading.shown import shown
from documents.refusal import ImportRefused
from tests.documents.samples import docx as word
from tests.documents.samples.others import TEXT, task_list
from tests.documents.samples.pdf import Page, pdf
from tests.files.samples import JPG, OLE, PNG, ofd

GOOD_PDF = pdf(Page().lines(["一、修渠"]))


def refusal(data, name):
    with pytest.raises(ImportRefused) as refused:
        read(data, name)
    return refused.value


@pytest.mark.parametrize(
    ("name", "data", "seen"),
    [
        ("a.docx", GOOD_PDF, "内容是PDF"),
        ("a.pdf", word.work_plan(), "内容是docx、xlsx"),
        ("a.docx", OLE, "内容是旧版 Office"),
        ("a.txt", PNG, "内容是图片"),
        ("a.txt", GOOD_PDF, "内容是PDF"),
        ("a.doc", b"{\\rtf1 }", "内容是RTF"),
        ("a.xlsx", TEXT.encode(), "内容不是 xlsx"),
        ("a.pdf", b"GIF89a", "内容是图片"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused_by_both_names(name, data, seen):
    refused = refusal(data, name)

    assert refused.code == "mismatch"
    assert f".{name.partition('.')[2]}，{seen}" in refused.message


@pytest.mark.parametrize(("name", "data"), [("a.docx", task_list()), ("a.xlsx", word.work_plan()), ("a.docx", ofd())])
def test_archives_of_another_kind_are_told_apart(name, data):
    assert refusal(data, name).code == "refused_file"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.ofd", "请另存为 docx 后再上传"),
        ("a.et", "请另存为 xlsx 后再上传"),
        ("a.xls", "请另存为 xlsx 后再上传"),
        ("a.docm", "宏"),
        ("a.jpg", "图片中的文字无法读取"),
        ("a.zip", "请解压后逐个上传"),
        ("a.html", "粘贴正文"),
        ("a.exe", "可上传：docx"),
        ("没有扩展名", "可上传：docx"),
    ],
)
def test_other_kinds_are_refused_with_what_to_do(name, words):
    assert words in refusal(JPG, name).message


def test_office_file_with_a_password_says_so():
    refused = refusal(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx")

    assert (refused.code, "密码" in refused.message) == ("encrypted", True)


def test_macros_in_an_old_file_are_refused():
    assert "宏" in refusal(OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.doc").message


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b" \n", "empty"), (b"a" * (20 * 1024 * 1024 + 1), "too_large")]
)
def test_empty_and_huge_files_are_refused(data, code):
    assert refusal(data, "a.txt").code == code


@pytest.mark.parametrize("name", ["a.doc", "a.wps"])
def test_old_word_file_without_a_converter_asks_for_docx(name, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    refused = refusal(OLE, name)

    assert refused.code == "no_converter"
    assert "请另存为 docx 后再上传" in refused.message


def converter(folder, name, script):
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_old_word_file_goes_through_the_converter_on_path(monkeypatch, tmp_path):
    """The stand-in prints what it was given: its arguments, its home, and whether a secret of ours came along."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setenv("SECRET_KEY", "hidden")
    converter(
        tmp_path, "antiword", 'echo "$1 $2 $3 $4"; [ "$HOME" = "$(dirname "$5")" ] && echo own; echo "[$SECRET_KEY]"'
    )

    source = read(OLE, "a.doc")

    assert (source.text, source.format) == ("-m UTF-8.txt -w 0\nown\n[]\n", "txt")


def test_converter_that_fails_gives_way_to_the_next(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    converter(tmp_path, "antiword", "exit 1")
    assert refusal(OLE, "a.wps").code == "conversion"
    converter(tmp_path, "catdoc", "echo 一、修渠")

    assert read(OLE, "a.wps").text == "一、修渠\n"


def test_office_suite_makes_a_docx_of_it(monkeypatch, tmp_path):
    (tmp_path / "made.docx").write_bytes(word.work_plan())
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    converter(tmp_path, "soffice", f'cp {tmp_path}/made.docx "$5/document.docx"')

    assert read(OLE, "a.wps") == read(word.work_plan(), "a.docx")


def test_reading_needs_neither_django_nor_the_libraries_of_other_kinds():
    code = (
        "import sys; from documents.reading import read; import documents.limited; read(b'a', 'a.txt');"
        "print(sorted({'django', 'openpyxl', 'pypdfium2', 'lxml'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "", ""),
        (True, "General", "TRUE"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (12345, "#,##0", "12345"),
        (0.655, "0%", "66%"),
        (0.655, "0.0%", "65.5%"),
        ("修渠_x000D_\n架桥", "@", "修渠\n架桥"),
    ],
)
def test_cell_is_written_as_its_reader_sees_it(value, number_format, text):
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("yyyy-mm-dd", "2032-06-05"),
        ("yyyy/m/d", "2032/6/5"),
        ('yyyy"年"m"月"d"日"', "2032年6月5日"),
        ('[$-804]yyyy"年"m"月";@', "2032年6月"),
        ('m"月"d"日"', "6月5日"),
        ("yyyy\\-mm\\-dd hh:mm", "2032-06-05"),
        ("mm-dd-yy", "2032-06-05"),
        ("d-mmm-yy", "2032-06-05"),
        ("General", "2032-06-05"),
    ],
)
def test_date_is_written_in_its_format(number_format, text):
    assert shown(datetime(2032, 6, 5, 9, 30), number_format) == text  # noqa: DTZ001 - as the library gives it
