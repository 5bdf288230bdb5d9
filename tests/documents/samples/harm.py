"""Ways to build files that harm; `evil` lists what is made with them."""

import io
import struct
import zipfile
import zlib
from functools import partial
from random import Random

from tests.documents.samples import docx as word
from tests.documents.samples.others import task_list
from tests.documents.samples.pdf import FONT, Page, file_of, pdf, stream
from tests.files import samples as files

WORDS = "一、修渠。（责任单位：县水利局）"
DOCX = partial(word.docx, word.p(WORDS))
PDF = partial(pdf, Page().lines([WORDS], top=600))
SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def changed(data, *more, **parts):
    """The archive with entries replaced or added; a name's / is written __ in `parts`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries |= {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    entries |= {name: content for name, content in more if isinstance(name, str)}
    return files.packed([*entries.items(), *(entry for entry in more if not isinstance(entry[0], str))])


def book(**parts):
    return changed(task_list(), **parts)


def strings(xml, data=None):
    """A workbook whose table of strings, as Excel keeps one, is this."""
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED}"/></Types>'
    data = data or task_list()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").decode().replace("</Types>", part)
    return changed(data, ("[Content_Types].xml", types), ("xl/sharedStrings.xml", xml))


def lying(data):
    """Every entry says it unpacks to ten bytes."""
    data = bytearray(data)
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def overlapping(data):
    """Every entry of the directory points at the bytes of the first."""
    data = bytearray(data)
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 42 : at + 46] = bytes(4)
    return bytes(data)


def many_entries(count):
    return files.packed([(f"word/{n}.xml", "") for n in range(count)], compression=zipfile.ZIP_STORED)


def zip64():
    data = bytearray(DOCX())
    end = data.rfind(b"PK\x05\x06")
    data[end:end] = b"PK\x06\x07" + bytes(16)
    return bytes(data)


def with_doctype(root, subset, body="", encoding="utf-8"):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE {root} [{subset}]><{root}>{body}</{root}>'
    return text.encode(encoding)


XXE = '<!ENTITY x SYSTEM "file:///etc/passwd">'
REMOTE = '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd">%x;'
LAUGHS = '<!ENTITY l0 "哈哈哈哈">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = f'<!ENTITY x "{"哈" * 50_000}">'


def many_strings(count=600_000):
    """A table of strings that no cell uses: small enough for the archive's limits, long to read."""
    letters = Random(4)
    items = "".join(f"<si><t>{letters.getrandbits(40):x}</t></si>" for _ in range(count))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return strings(f'<sst xmlns="{main}">{items}</sst>', sheet_with("<sheetData>ROWS</sheetData>"))


def sheet_with(xml):
    """A sheet of this XML after two rows of harmless words."""
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{WORDS}</t></is></c></row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return book(xl__worksheets__sheet1=f'<worksheet xmlns="{main}">{xml.replace("ROWS", rows)}</worksheet>')


def cell_at(place, row):
    cell = f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>远</t></is></c></row>'
    return sheet_with(f"<sheetData>ROWS{cell}</sheetData>")


def wide_row(count):
    varied = Random(5)
    cells = "".join(f'<c t="n"><v>{varied.getrandbits(30)}</v></c>' for _ in range(count))
    return sheet_with(f'<sheetData>ROWS<row r="2">{cells}</row></sheetData>')


def relation(kind, target):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{word.RELATION}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def field(instruction):
    inside = word.run(WORDS) + (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return word.docx(word.p(inside=inside))


def formula(text):
    cell = f'<row r="2"><c r="A2"><f>{text}</f></c></row>'
    return sheet_with(f"<sheetData>ROWS{cell}</sheetData>")


def page_of(contents, resources=b"", more=None, box=b"0 0 595 842", catalog=b""):
    """A PDF of one page with these drawing operators, and further objects from number 10 on."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        3: FONT,
        4: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>%s>>>>"
        % (box, resources),
        5: stream(5, contents),
    }
    return file_of(objects | (more or {}))


def said(words=WORDS):
    return Page().text(72, 600, words).operators[0]


def forms(depth, width):
    """Forms that draw `width` others each, `depth` deep."""
    more = {}
    for n in range(depth):
        draws = b" ".join([b"/X Do"] * width) if n < depth - 1 else b"0 0 1 1 re f"
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>>>" % (11 + n)
        more[10 + n] = stream(10 + n, draws, head)
    return page_of(said() + b" /X Do", b"/XObject<</X 10 0 R>>", more)


def image(width, height, filters=b"", data=b""):
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8>>" % (
        width,
        height,
    )
    made = (
        stream(10, data, head)
        if not filters
        else head[:-2] + filters + b"/Length %d>>\nstream\n%s\nendstream" % (len(data), data)
    )
    return page_of(b"q 500 0 0 800 0 0 cm /I Do Q", b"/XObject<</I 10 0 R>>", {10: made})


def page_tree(kids):
    return file_of({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count 99999999>>" % kids})


def png(width, height):
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(1_000_000), 9)
    chunks = b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, body, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def deep(depth, tag="sdt"):
    wrapped = f"<w:{tag}>" * depth + word.p(WORDS) + f"</w:{tag}>" * depth
    return word.docx(wrapped)


def nested_tables(depth):
    return word.docx("<w:tbl><w:tr><w:tc>" * depth + word.p(WORDS) + "</w:tc></w:tr></w:tbl>" * depth)


def symlinked():
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    return changed(DOCX(), (link, "/etc/passwd"))
