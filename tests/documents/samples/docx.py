"""Word files written by hand, so that numbering, merges and tracked changes are exactly what a test wants."""

from xml.sax.saxutils import escape

from tests.files.samples import packed

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "numbering": "numbering",
    "styles": "styles",
    "header1": "header",
    "footer1": "footer",
    "footnotes": "footnotes",
}


def run(text, properties=""):
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(text="", *, num=None, level=None, style="", inside=None, mark=""):
    """A paragraph; `inside` replaces the run of `text`, `mark` are the properties of the paragraph mark."""
    numbering = ""
    if num is not None:
        at = "" if level is None else f'<w:ilvl w:val="{level}"/>'
        numbering = f'<w:numPr>{at}<w:numId w:val="{num}"/></w:numPr>'
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{numbering}<w:rPr>{mark}</w:rPr></w:pPr>"
    return f"<w:p>{properties}{run(text) if inside is None else inside}</w:p>"


def cell(*paragraphs, span=1, merge=None):
    """`merge` is restart or continue; a cell of a plain text is given as that text."""
    content = "".join(one if one.startswith("<") else p(one) for one in paragraphs) or p()
    down = f'<w:vMerge w:val="{merge}"/>' if merge == "restart" else "<w:vMerge/>" if merge else ""
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{down}</w:tcPr>{content}</w:tc>'


def row(*cells, properties=""):
    content = "".join(one if one.startswith("<w:tc") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{content}</w:tr>"


def table(*rows):
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def level(at, style, text, *, start=1, more=""):
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(definitions, nums):
    """`definitions`: levels by abstract number; `nums`: (number, abstract number, overrides)."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>' for key, levels in definitions
    )
    concrete = "".join(
        f'<w:num w:numId="{num}"><w:abstractNumId w:val="{key}"/>{overrides}</w:num>' for num, key, overrides in nums
    )
    return f"<w:numbering {W}>{abstract}{concrete}</w:numbering>"


def style(name, *, based_on="", title="", num=None, level_=None, default=False):
    properties = ""
    if num is not None:
        at = "" if level_ is None else f'<w:ilvl w:val="{level_}"/>'
        properties = f'<w:pPr><w:numPr>{at}<w:numId w:val="{num}"/></w:numPr></w:pPr>'
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    first = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="paragraph"{first} w:styleId="{name}"><w:name w:val="{title or name}"/>'
        f"{base}{properties}</w:style>"
    )


def docx(*blocks, namespace=W, **parts):
    """A package of these blocks; `parts` are whole XML parts by name: numbering, styles, header1, footnotes."""
    kinds = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{MAIN}.{PARTS[name]}+xml"/>' for name in parts)
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN}.document.main+xml"/>{kinds}</Types>'
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
    own = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}/{PARTS[name]}" Target="{name}.xml"/>' for n, name in enumerate(parts)
    )
    return packed(
        [
            ("[Content_Types].xml", types),
            ("_rels/.rels", f'<Relationships xmlns="{package}">{root}</Relationships>'),
            ("word/_rels/document.xml.rels", f'<Relationships xmlns="{package}">{own}</Relationships>'),
            ("word/document.xml", f"<w:document {namespace}><w:body>{''.join(blocks)}</w:body></w:document>"),
            *((f"word/{name}.xml", content) for name, content in parts.items()),
        ]
    )


OFFICIAL = numbering(
    [
        (
            1,
            level(0, "chineseCountingThousand", "%1、")
            + level(1, "chineseCounting", "（%2）")
            + level(2, "decimal", "%3."),
        ),
        (2, level(0, "decimal", "%1")),
    ],
    [(1, 1, ""), (2, 2, "")],
)


def work_plan():
    """A whole document: numbers kept by Word, a header and footer, a table with units and deadlines."""
    return docx(
        p("云溪市2031年农村公路建设工作要点"),
        p("各县（市、区）人民政府，市政府各部门："),
        p("路网建设", num=1, level=0),
        p("通村路面", num=1, level=1),
        p("改造通村路面200公里。（市交通运输局牵头，市财政局配合）", num=1, level=2),
        p("2031年6月底前完成危桥普查。（责任单位：市交通运输局）", num=1, level=2),
        p("管护", num=1, level=0),
        p("日常管护", num=1, level=1),
        p("组建管护队伍。（各县区人民政府按职责分工负责）", num=1, level=2),
        table(
            row("序号", "任务", "牵头单位", "完成时限"),
            row(cell(p(num=2, level=0)), "装护栏", cell("市公安局", merge="restart"), "9月底前"),
            row(cell(p(num=2, level=0)), "画标线", cell(merge="continue"), "年底前"),
        ),
        p("云溪市人民政府办公室"),
        p("2031年2月3日"),
        numbering=OFFICIAL,
        header1=f"<w:hdr {W}>{p('内部资料')}</w:hdr>",
        footer1=f"<w:ftr {W}>{p('第1页')}</w:ftr>",
    )
