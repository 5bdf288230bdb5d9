"""Files as people send them, good and evil, built in memory."""

import io
import struct
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 64 + b"\xff\xd9"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def upload(name, content):
    return SimpleUploadedFile(name, content)


def packed(entries, *, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def docx(*more, types=TYPES, body="<w:document/>"):
    return packed([("[Content_Types].xml", types), ("word/document.xml", body), *more])


def ofd():
    return packed([("OFD.xml", "<OFD/>"), ("Doc_0/Document.xml", "<Document/>")])


def xlsx():
    file = io.BytesIO()
    book = Workbook()
    book.active.append(["事项", "进展"])
    book.save(file)
    return file.getvalue()


def symlinked():
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    return docx((link, "/etc/passwd"))


def encrypted():
    return _flagged(docx(), 0x1)


def broken_stream():
    """The compressed bytes of the first entry begin with a kind of block that does not exist."""
    content = bytearray(docx())
    content[30 + len("[Content_Types].xml")] = 0xFF
    return bytes(content)


def _flagged(content, flag):
    """Every entry of the central directory with `flag` set."""
    content = bytearray(content)
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= flag
    return bytes(content)


def overlapping():
    """Two entries of the directory that point at the same bytes."""
    content = docx(("word/a.xml", "a" * 100), ("word/b.xml", "a" * 100))
    second = content.find(b"PK\x01\x02", content.find(b"word/a.xml", content.find(b"PK\x01\x02")))
    first_offset = content.find(b"PK\x03\x04", content.find(b"word/document.xml"))
    patched = bytearray(content)
    patched[second + 42 : second + 46] = struct.pack("<I", first_offset)
    return bytes(patched)


def lying_about_size():
    """An entry that says it unpacks to less than it does."""
    content = bytearray(docx(("word/a.xml", "a" * 100_000)))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


def huge_directory():
    """As many entries as fit: refused before one object is made for each."""
    return packed([("[Content_Types].xml", TYPES), *((f"word/{n}", "") for n in range(20_000))])
