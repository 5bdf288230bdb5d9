import hashlib
import tracemalloc

import pytest
from django.db import transaction

from audit.models import AuditEvent
from files import services
from files.models import StoredFile, files_root
from files.refusal import UploadRefused
from files.uploads import LARGEST, clean_name
from tests.audit.actors import Person
from tests.files import samples
from tests.files.samples import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


@pytest.fixture
def store(db):
    return lambda name, content: services.store(upload(name, content), by=Person(), quota_key="department:1")


def on_disk():
    return sorted(path for path in files_root().rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("会议纪要.pdf", samples.PDF, "application/pdf"),
        ("现场.JPG", samples.JPG, "image/jpeg"),
        ("现场.jpeg", samples.JPG, "image/jpeg"),
        ("截图.png", samples.PNG, "image/png"),
        ("旧稿.wps", samples.OLE, "application/vnd.ms-works"),
        ("旧表.et", samples.OLE, "application/octet-stream"),
        ("正式件.ofd", samples.ofd(), "application/ofd"),
        ("情况.docx", samples.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("台账.xlsx", samples.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_what_people_send_is_kept_unchanged(store, name, content, content_type):
    stored = store(name, content)

    row = StoredFile.objects.get()
    assert (row.original_name, row.size, row.content_type) == (name, len(content), content_type)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert (row.uploaded_by_id, row.uploaded_by_name) == ("7", "王敏")
    assert on_disk() == [stored.path]
    assert stored.path.read_bytes() == content
    assert [event.action for event in AuditEvent.objects.of(stored)] == ["file.stored"]


REFUSED = [
    ("病毒.exe", b"MZ" + b"\x00" * 100, "不接收这类文件"),
    ("a.pdf.exe", samples.PDF, "不接收这类文件"),
    ("页面.html", b"<script>alert(1)</script>", "不接收这类文件"),
    ("图.svg", b"<svg onload='alert(1)'/>", "不接收这类文件"),
    ("没有扩展名", samples.PDF, "不接收这类文件"),
    ("旧版.doc", samples.OLE, "另存为 .docx"),
    ("旧版.xls", samples.OLE, "另存为 .xlsx"),
    ("打包.zip", samples.docx(), "解压后逐个上传"),
    ("空.pdf", b"", "空的"),
    ("假.pdf", b"<html>%PDF-1.7 %%EOF", "内容不是 pdf"),
    ("半截.pdf", b"%PDF-1.7\n1 0 obj", "内容不是 pdf"),
    ("假.png", samples.JPG, "内容不是 png"),
    ("半截.png", samples.PNG[:-12], "内容不是 png"),
    ("假.jpg", samples.PNG, "内容不是 jpg"),
    ("半截.jpg", samples.JPG[:-2], "内容不是 jpg"),
    ("假.wps", samples.PDF, "内容不是 wps"),
    ("短.et", samples.OLE[:100], "内容不是 et"),
    ("宏.wps", samples.OLE + "_VBA_PROJECT".encode("utf-16-le"), "带有宏"),
    ("假.docx", samples.PDF, "内容不是 docx"),
    ("表.docx", samples.xlsx(), "内容不是 docx"),
    ("文.xlsx", samples.docx(), "内容不是 xlsx"),
    ("包.ofd", samples.docx(), "内容不是 ofd"),
    ("半截.docx", samples.docx()[:-40], "已损坏"),
    ("坏.docx", samples.docx().replace(b"PK\x01\x02", b"PK\x09\x09", 1), "已损坏"),
    ("坏流.docx", samples.broken_stream(), "已损坏"),
    ("宏.docx", samples.docx(("word/vbaProject.bin", "x")), "带有宏"),
    ("宏.DOCM", samples.docx(), "带有宏"),
    (
        "宏类型.docx",
        samples.docx(types=samples.TYPES.replace("/>", ">application/x.macroEnabled.12</Types>")),
        "带有宏",
    ),
    ("控件.docx", samples.docx(("word/activeX/activeX1.bin", "x")), "带有宏"),
    ("四号宏.xlsx", samples.docx(("xl/workbook.xml", ""), ("xl/macrosheets/sheet1.xml", "")), "带有宏"),
    ("炸弹.docx", samples.docx(("word/a.xml", "0" * 5_000_000)), "解压后过大"),
    ("多.docx", samples.docx(*((f"word/{n}", "") for n in range(1999))), "解压后过大"),
    ("极多.docx", samples.huge_directory(), "解压后过大"),
    ("越界.docx", samples.docx(("../../etc/cron.d/x", "x")), "内部结构异常"),
    ("绝对.docx", samples.docx(("/etc/passwd", "x")), "内部结构异常"),
    ("反斜.docx", samples.docx(("word\\..\\x", "x")), "内部结构异常"),
    ("盘符.docx", samples.docx(("C:/x", "x")), "内部结构异常"),
    ("链接.docx", samples.symlinked(), "内部结构异常"),
    ("重叠.docx", samples.overlapping(), "内部结构异常"),
    ("谎报.docx", samples.lying_about_size(), "已损坏"),
    ("加密.docx", samples.encrypted(), "加了密码"),
    ("实体.docx", samples.docx(body='<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'), "内部结构异常"),
    ("实体16.docx", samples.docx(body='<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'.encode("utf-16")), "内部结构异常"),
    ("前缀.docx", b"MZ" + samples.docx(), "内容不是 docx"),
    ("过大.pdf", samples.PDF + b" " * LARGEST, "20 MB"),
]


@pytest.mark.parametrize(("name", "content", "message"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_what_is_not_what_it_says_is_refused_and_leaves_nothing(store, name, content, message):
    with pytest.raises(UploadRefused, match=message) as refusal:
        store(name, content)

    assert str(refusal.value).endswith("。")
    assert on_disk() == []
    assert not StoredFile.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.result, event.detail) == ("file.refused", "refused", str(refusal.value))


def test_just_within_the_limits(store):
    store("整.pdf", samples.PDF[:-6] + b" " * (LARGEST - len(samples.PDF)) + b"%%EOF\n")
    store("多.docx", samples.docx(*((f"word/{n}", "") for n in range(1998))))

    assert StoredFile.objects.count() == 2


def test_a_bomb_takes_no_memory(store):
    content = samples.docx(("word/a.bin", b"\x00" * 190_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(UploadRefused, match="解压后过大"):
            store("炸弹.docx", content)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_a_unit_s_space_ends(store, settings):
    settings.FILE_QUOTA_BYTES = len(samples.PDF) * 2
    store("一.pdf", samples.PDF)
    store("二.pdf", samples.PDF)

    with pytest.raises(UploadRefused, match="本单位附件已满"):
        store("三.pdf", samples.PDF)

    services.store(upload("别单位.pdf", samples.PDF), by=Person(), quota_key="department:2")
    assert sorted(StoredFile.objects.values_list("original_name", flat=True)) == ["一.pdf", "二.pdf", "别单位.pdf"]
    assert len(on_disk()) == 3


def test_no_audit_no_file(store, settings):
    settings.AUDIT_KEY = "short"

    with pytest.raises(Exception, match="AUDIT_KEY"):
        store("一.pdf", samples.PDF)

    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_whole_file_is_never_read_inside_a_transaction(store):
    with pytest.raises(RuntimeError), transaction.atomic():
        store("一.pdf", samples.PDF)

    assert on_disk() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\我的文档\\总结.pdf", "总结.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("甲\u202efdp.exe", "甲fdp.exe"),
        ("换\r\n行\x00.pdf", "换行.pdf"),
        (" .pdf. ", "pdf"),
        ("", "未命名"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_sender_s_name_is_only_a_name(sent, kept):
    assert clean_name(sent) == kept
