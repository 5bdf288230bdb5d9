"""Files made to harm: the server's memory and time, its files and secrets, or whoever opens them. All built here.

Each is refused or inert. An inert one reads as the harmless words it carries, and as nothing else.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.documents.samples import docx as word
from tests.documents.samples.harm import (
    DOCX,
    EICAR,
    LAUGHS,
    PDF,
    QUADRATIC,
    REMOTE,
    WORDS,
    XXE,
    book,
    cell_at,
    changed,
    deep,
    field,
    forms,
    formula,
    image,
    lying,
    many_entries,
    many_strings,
    nested_tables,
    overlapping,
    page_of,
    page_tree,
    png,
    relation,
    said,
    sheet_with,
    strings,
    symlinked,
    wide_row,
    with_doctype,
    zip64,
)
from tests.documents.samples.others import TEXT, cut, flipped, task_list
from tests.documents.samples.pdf import stream
from tests.files import samples as files


@dataclass(frozen=True)
class Evil:
    kind: str
    name: str
    make: Callable[[], bytes]
    inert: bool = False
    file: str = "a.docx"
    daily: bool = False  # in every run of the tests, not in the nightly alone

    def __str__(self) -> str:
        return f"{self.kind}-{self.name}"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = "<html><body onload=alert(1)><script>alert(1)</script></body></html>"
BOMB = bytes(30_000_000)
OLE_MACRO = files.OLE + "_VBA_PROJECT".encode("utf-16-le")
DAMAGED = {"a.docx": word.work_plan, "a.xlsx": task_list, "a.pdf": PDF, "a.txt": lambda: TEXT.encode()}
ALL = [
    Evil("ratio", "document", lambda: DOCX(styles="<a>" + " " * 30_000_000 + "</a>"), daily=True),
    Evil("ratio", "sheet", lambda: sheet_with("<sheetData>ROWS</sheetData>" + " " * 60_000_000), file="a.xlsx"),
    Evil("ratio", "picture", lambda: changed(DOCX(), ("word/media/a.bin", BOMB))),
    Evil("ratio", "many parts", lambda: changed(DOCX(), *((f"word/{n}.bin", BOMB[:3_000_000]) for n in range(40)))),
    Evil("ratio", "lying about it", lambda: lying(DOCX(styles="<a>" + " " * 30_000_000 + "</a>")), daily=True),
    Evil("ratio", "pdf stream", lambda: page_of(said() + b" " * 60_000_000), inert=True, file="a.pdf"),
    Evil(
        "ratio",
        "pdf of nested filters",
        lambda: page_of(
            zlib.compress(zlib.compress(BOMB)), b"", {5: b"<</Filter[/FlateDecode/FlateDecode/FlateDecode]/Length 99>>"}
        ),
        file="a.pdf",
    ),
    Evil("overlap", "docx", lambda: overlapping(DOCX()), daily=True),
    Evil("overlap", "xlsx", lambda: overlapping(task_list()), file="a.xlsx"),
    Evil("overlap", "two entries", files.overlapping),
    Evil("overlap", "same name twice", lambda: changed(DOCX(), ("WORD/document.xml", "<a/>"))),
    Evil(
        "nested",
        "archive inside",
        lambda: changed(DOCX(), ("word/embeddings/a.zip", files.packed([("a", BOMB)]))),
        inert=True,
        daily=True,
    ),
    Evil("nested", "document inside", lambda: changed(DOCX(), ("word/embeddings/a.docx", DOCX())), inert=True),
    Evil(
        "nested",
        "archive as docx",
        lambda: files.packed([("a.zip", files.packed([("a.zip", files.packed([("a", BOMB)]))]))]),
    ),
    Evil("nested", "ten tables deep", lambda: nested_tables(10), inert=True),
    Evil("nested", "ten thousand tables deep", lambda: nested_tables(10_000), daily=True),
    Evil("nested", "hundred thousand elements deep", lambda: deep(100_000)),
    Evil(
        "nested",
        "elements nobody looks into",
        lambda: word.docx(word.p(WORDS) + "<w:x>" * 100_000 + "</w:x>" * 100_000),
    ),
    Evil("entries", "two thousand and one", lambda: many_entries(2_001)),
    Evil("entries", "twenty thousand", lambda: many_entries(20_000), daily=True),
    Evil("entries", "hundred thousand", lambda: many_entries(100_000)),
    Evil("entries", "zip64", zip64),
    Evil("xxe", "document", lambda: changed(DOCX(), word__document=with_doctype("a", XXE, "&x;")), daily=True),
    Evil("xxe", "styles", lambda: DOCX(styles=with_doctype("a", XXE, "&x;"))),
    Evil("xxe", "numbering from afar", lambda: DOCX(numbering=with_doctype("a", REMOTE))),
    Evil("xxe", "utf-16", lambda: DOCX(styles=with_doctype("a", XXE, "&x;", "utf-16")), daily=True),
    Evil("xxe", "another code page", lambda: DOCX(styles=with_doctype("a", XXE, "&x;", "cp037")), daily=True),
    Evil("xxe", "types", lambda: files.docx(types=with_doctype("a", XXE, "&x;"))),
    Evil("xxe", "relations", lambda: changed(DOCX(), ("word/_rels/b.rels", with_doctype("a", XXE, "&x;")))),
    Evil("xxe", "sheet", lambda: book(xl__worksheets__sheet1=with_doctype("a", XXE, "&x;")), file="a.xlsx"),
    Evil("xxe", "strings", lambda: strings(with_doctype("sst", XXE, "&x;")), file="a.xlsx"),
    Evil(
        "xxe",
        "workbook in another code page",
        lambda: book(xl__workbook=with_doctype("a", XXE, "&x;", "cp037")),
        file="a.xlsx",
    ),
    Evil("laughs", "document", lambda: changed(DOCX(), word__document=with_doctype("a", LAUGHS, "&l9;")), daily=True),
    Evil("laughs", "code page", lambda: DOCX(styles=with_doctype("a", LAUGHS.replace("哈", "h"), "&l9;", "cp037"))),
    Evil("laughs", "strings", lambda: strings(with_doctype("sst", LAUGHS, "&l9;")), file="a.xlsx"),
    Evil(
        "laughs",
        "strings in another code page",
        lambda: strings(with_doctype("sst", LAUGHS.replace("哈", "h"), "&l9;", "cp037")),
        file="a.xlsx",
        daily=True,
    ),
    Evil("quadratic", "document", lambda: changed(DOCX(), word__document=with_doctype("a", QUADRATIC, "&x;" * 50_000))),
    Evil(
        "quadratic",
        "sheet",
        lambda: book(xl__worksheets__sheet1=with_doctype("a", QUADRATIC, "&x;" * 9_000)),
        file="a.xlsx",
    ),
    Evil(
        "quadratic",
        "code page",
        lambda: DOCX(styles=with_doctype("a", QUADRATIC.replace("哈", "h"), "&x;" * 9_000, "cp037")),
    ),
    Evil("far cell", "last corner", lambda: cell_at("XFD1048576", 1_048_576), inert=True, file="a.xlsx", daily=True),
    Evil("far cell", "last column", lambda: cell_at("XFD2", 2), inert=True, file="a.xlsx"),
    Evil("far cell", "beyond the last", lambda: cell_at("ZZZ99999999", 99_999_999), inert=True, file="a.xlsx"),
    Evil(
        "far cell",
        "huge dimension",
        lambda: sheet_with('<dimension ref="A1:XFD1048576"/><sheetData>ROWS</sheetData>'),
        inert=True,
        file="a.xlsx",
    ),
    Evil(
        "far cell",
        "merged without end",
        lambda: sheet_with(
            "<sheetData>ROWS</sheetData><mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 1_000 + "</mergeCells>"
        ),
        inert=True,
        file="a.xlsx",
    ),
    Evil("far cell", "wide row", lambda: wide_row(200_000), file="a.xlsx"),
    Evil("far cell", "many strings", many_strings, inert=True, file="a.xlsx"),
    Evil(
        "far cell",
        "spans without end",
        lambda: word.docx(
            word.p(WORDS), word.table(word.row(*[word.cell("", span=99_999_999)] * 50), word.row("甲", "乙"))
        ),
        inert=True,
    ),
    Evil("macro", "docx", lambda: changed(DOCX(), ("word/vbaProject.bin", b"x")), daily=True),
    Evil("macro", "types", lambda: files.docx(types=files.TYPES.replace("/>", ">macroEnabled</Types>"))),
    Evil("macro", "xlsx", lambda: changed(task_list(), ("xl/vbaProject.bin", b"x")), file="a.xlsx"),
    Evil("macro", "old sheet language", lambda: book(xl__macrosheets__sheet1="<a/>"), file="a.xlsx"),
    Evil("macro", "controls", lambda: changed(DOCX(), ("word/activeX/activeX1.bin", b"x"))),
    Evil("macro", "ole", lambda: OLE_MACRO, file="a.doc", daily=True),
    Evil("macro", "ole as wps", lambda: OLE_MACRO, file="a.wps"),
    Evil("macro", "ole as docx", lambda: OLE_MACRO),
    Evil(
        "macro", "embedded object", lambda: changed(DOCX(), ("word/embeddings/oleObject1.bin", files.OLE)), inert=True
    ),
    Evil("macro", "dde field", lambda: field("DDEAUTO cmd /c calc"), inert=True),
    Evil("macro", "dde formula", lambda: formula("cmd|'/c calc'!A0"), inert=True, file="a.xlsx"),
    Evil(
        "link",
        "template",
        lambda: changed(
            DOCX(), ("word/_rels/settings.xml.rels", relation("attachedTemplate", "http://127.0.0.1:9/a.dotm"))
        ),
        inert=True,
        daily=True,
    ),
    Evil(
        "link",
        "picture",
        lambda: changed(DOCX(), ("word/_rels/document.xml.rels", relation("image", "file:////127.0.0.1/a.png"))),
        inert=True,
    ),
    Evil("link", "included text", lambda: field("INCLUDETEXT /etc/passwd"), inert=True),
    Evil(
        "link", "web formula", lambda: formula("WEBSERVICE(&quot;http://127.0.0.1:9&quot;)"), inert=True, file="a.xlsx"
    ),
    Evil(
        "link",
        "pdf that opens one",
        partial(PDF, extra=b"/OpenAction<</S/URI/URI(http://127.0.0.1:9)>>"),
        inert=True,
        file="a.pdf",
    ),
    Evil(
        "link",
        "pdf that starts a program",
        partial(PDF, extra=b"/OpenAction<</S/Launch/F(/bin/sh)>>"),
        inert=True,
        file="a.pdf",
    ),
    Evil(
        "link",
        "pdf with a script",
        partial(PDF, extra=b"/OpenAction<</S/JavaScript/JS(while\\(1\\){})>>"),
        inert=True,
        file="a.pdf",
        daily=True,
    ),
    Evil("polyglot", "svg as text", lambda: f"{WORDS}\n{SVG}".encode(), inert=True, file="a.txt"),
    Evil("polyglot", "html as docx", HTML.encode, daily=True),
    Evil("polyglot", "html as pdf", HTML.encode, file="a.pdf"),
    Evil("polyglot", "svg as xlsx", SVG.encode, file="a.xlsx"),
    Evil("polyglot", "pdf before docx", lambda: PDF() + DOCX(), daily=True),
    Evil("polyglot", "docx before pdf", lambda: DOCX() + PDF(), file="a.pdf"),
    Evil("polyglot", "picture before docx", lambda: files.JPG + DOCX()),
    Evil("polyglot", "docx with html before it", lambda: b"PK\x03\x04" + HTML.encode() + DOCX()),
    Evil("polyglot", "program as text", lambda: b"MZ" + bytes(500), file="a.txt"),
    Evil("polyglot", "script as docx", lambda: b"#!/bin/sh\nrm -rf /\n"),
    Evil("names", "upwards", lambda: changed(DOCX(), ("word/../../../etc/cron.d/a", "x")), daily=True),
    Evil("names", "absolute", lambda: changed(DOCX(), ("/etc/cron.d/a", "x"))),
    Evil("names", "drive", lambda: changed(DOCX(), ("C:/a.xml", "x"))),
    Evil("names", "backslash", lambda: changed(DOCX(), ("word\\..\\a.xml", "x"))),
    Evil("names", "control letters", lambda: changed(DOCX(), ("word/a\n.xml", "x"))),
    Evil("names", "link", symlinked),
    Evil(
        "names",
        "of the file itself",
        lambda: WORDS.encode(),
        inert=True,
        file="../../etc/passwd;$(id)\n.txt",
        daily=True,
    ),
    Evil("pixels", "pdf picture", lambda: image(60_000, 60_000), file="a.pdf", daily=True),
    Evil("pixels", "pdf jpeg 2000", lambda: image(60_000, 60_000, b"/Filter/JPXDecode", bytes(500)), file="a.pdf"),
    Evil("pixels", "pdf fax", lambda: image(60_000, 60_000, b"/Filter/CCITTFaxDecode", bytes(500)), file="a.pdf"),
    Evil("pixels", "docx picture", lambda: changed(DOCX(), ("word/media/a.png", png(65_000, 65_000))), inert=True),
    Evil("pixels", "huge page", lambda: page_of(said(), box=b"0 0 9999999 9999999"), inert=True, file="a.pdf"),
    Evil("pixels", "picture as pdf", lambda: png(9, 9), file="a.pdf"),
    Evil("pixels", "forms in forms", lambda: forms(8, 10), file="a.pdf"),
    Evil(
        "pixels",
        "forms in a circle",
        lambda: page_of(
            said() + b" /X Do",
            b"/XObject<</X 10 0 R>>",
            {
                10: stream(
                    10, b"/X Do", b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 10 0 R>>>>>>"
                )
            },
        ),
        inert=True,
        file="a.pdf",
    ),
    Evil("pixels", "page tree in a circle", lambda: page_tree(b"2 0 R"), file="a.pdf"),
    Evil("pixels", "page tree of air", lambda: page_tree(b"9 0 R " * 9_999), file="a.pdf"),
    Evil("pixels", "million strokes", lambda: page_of(said() + b" 0 0 m 9 9 l S" * 300_000), inert=True, file="a.pdf"),
    Evil(
        "pixels", "million letters", lambda: page_of(b"BT /F1 1 Tf " + b"<4e00> Tj " * 1_100_000 + b"ET"), file="a.pdf"
    ),
    Evil("eicar", "text", lambda: f"{WORDS}\n{EICAR}".encode(), inert=True, file="a.txt"),
    Evil("eicar", "in docx", lambda: changed(DOCX(), ("word/media/a.bin", EICAR)), inert=True, daily=True),
    Evil("eicar", "as docx", EICAR.encode),
    Evil("eicar", "as pdf", EICAR.encode, file="a.pdf"),
    *(
        Evil(
            "truncated",
            f"{name} at {share}",
            lambda make=make, share=share: cut(make(), share),
            file=name,
            daily=share == 0.5,
        )
        for name, make in DAMAGED.items()
        if name != "a.txt"
        for share in (0.01, 0.5, 0.97)
    ),
    Evil("truncated", "text within a letter", lambda: WORDS.encode()[:-1], file="a.txt"),
    *(
        Evil("truncated", f"{name} with wrong bytes", lambda make=make: flipped(make(), 31), file=name)
        for name, make in DAMAGED.items()
    ),
]
