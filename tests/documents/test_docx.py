from hashlib import sha256

import pytest

from documents.reading import read
from documents.refusal import ImportRefused
from tests.documents.samples import docx as word
from tests.documents.samples.docx import STRICT, W, cell, docx, level, numbering, p, row, run, style, table
from tests.documents.samples.others import cut, flipped


def lines(*blocks, **parts):
    return read(docx(*blocks, **parts), "a.docx").text.splitlines()


def cells(source, at=0):
    return [[span and source.text[span.start : span.end] for span in row] for row in source.tables[at].rows]


def test_whole_document_reads_as_printed():
    source = read(word.work_plan(), "要点.docx")

    assert source.format == "docx"
    assert source.text.splitlines() == [
        "云溪市2031年农村公路建设工作要点",
        "各县（市、区）人民政府，市政府各部门：",
        "一、路网建设",
        "（一）通村路面",
        "1. 改造通村路面200公里。（市交通运输局牵头，市财政局配合）",
        "2. 2031年6月底前完成危桥普查。（责任单位：市交通运输局）",
        "二、管护",
        "（一）日常管护",
        "1. 组建管护队伍。（各县区人民政府按职责分工负责）",
        "序号\t任务\t牵头单位\t完成时限",
        "1\t装护栏\t市公安局\t9月底前",
        "2\t画标线\t\t年底前",
        "云溪市人民政府办公室",
        "2031年2月3日",
    ]
    assert cells(source) == [
        ["序号", "任务", "牵头单位", "完成时限"],
        ["1", "装护栏", "市公安局", "9月底前"],
        ["2", "画标线", None, "年底前"],
    ]


@pytest.mark.parametrize("damage", [cut, flipped, lambda data: data.replace(b"PK\x01\x02", b"PK\x01\x03")])
def test_damaged_document_is_refused_in_words(damage):
    with pytest.raises(ImportRefused) as refused:
        read(damage(word.work_plan()), "要点.docx")

    assert "另存" in refused.value.message


@pytest.mark.parametrize(
    ("kind", "text", "count", "label"),
    [
        ("decimal", "%1．", 3, "3．"),
        ("decimal", "第%1条", 12, "第12条"),
        ("chineseCountingThousand", "第%1条 ", 21, "第二十一条 "),
        ("chineseCounting", "%1、", 19, "十九、"),
        ("japaneseCounting", "（%1）", 10, "（十）"),
        ("ideographDigital", "%1、", 10, "一〇、"),
        ("chineseLegalSimplified", "%1、", 2, "贰、"),
        ("decimalEnclosedCircle", "%1", 11, "⑪"),
        ("decimalEnclosedParen", "%1", 2, "⑵"),
        ("decimalFullWidth", "%1．", 12, "１２．"),
        ("ideographTraditional", "%1、", 3, "丙、"),
        ("upperRoman", "%1)", 4, "IV)"),
        ("lowerLetter", "%1)", 3, "c)"),
        ("decimalZero", "%1.", 7, "07. "),
        ("none", "附：%1", 1, "附："),
        ("bullet", "——", 2, "——"),
        ("bullet", "\uf06c", 1, "•"),
        ("aFormatOfTomorrow", "%1、", 2, "2、"),
    ],
)
def test_number_is_written_in_its_format(kind, text, count, label):
    found = lines(*[p("修渠", num=1, level=0)] * count, numbering=numbering([(1, level(0, kind, text))], [(1, 1, "")]))

    assert found[-1] == label + "修渠"


def test_deeper_levels_begin_anew_and_show_the_ones_above():
    levels = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2")

    found = lines(
        p("甲", num=1, level=0),
        p("乙", num=1, level=1),
        p("丙", num=1, level=1),
        p("丁", num=1, level=0),
        p("戊", num=1, level=1),
        numbering=numbering([(1, levels)], [(1, 1, "")]),
    )

    assert found == ["1 甲", "1.1 乙", "1.2 丙", "2 丁", "2.1 戊"]


def test_level_that_never_restarts_counts_through():
    levels = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2.", more='<w:lvlRestart w:val="0"/>')

    found = lines(
        p("甲", num=1, level=0),
        p("乙", num=1, level=1),
        p("丙", num=1, level=0),
        p("丁", num=1, level=1),
        numbering=numbering([(1, levels)], [(1, 1, "")]),
    )

    assert found == ["一、甲", "1. 乙", "二、丙", "2. 丁"]


def test_lists_of_one_definition_count_on_unless_told_to_start_again():
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    nums = [(1, 1, ""), (2, 1, ""), (3, 1, again)]

    found = lines(
        *(p("修渠", num=num, level=0) for num in (1, 2, 3, 3)),
        numbering=numbering([(1, level(0, "decimal", "%1、"))], nums),
    )

    assert [line[0] for line in found] == ["1", "2", "1", "2"]


def test_list_starts_where_it_says():
    found = lines(p("修渠", num=1), numbering=numbering([(1, level(0, "decimal", "%1、", start=5))], [(1, 1, "")]))

    assert found == ["5、修渠"]


def test_legal_numbering_writes_the_levels_above_in_figures():
    levels = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2、", more="<w:isLgl/>")

    found = lines(p("甲", num=1, level=0), p("乙", num=1, level=1), numbering=numbering([(1, levels)], [(1, 1, "")]))

    assert found == ["一、甲", "1.1、乙"]


def test_style_brings_its_number_and_a_paragraph_may_refuse_it():
    levels = level(0, "chineseCounting", "%1、", more='<w:pStyle w:val="H1"/>') + level(
        1, "chineseCounting", "（%2）", more='<w:pStyle w:val="H2"/>'
    )
    styles = (
        f"<w:styles {W}>{style('Base', num=1)}{style('H1', based_on='Base')}{style('H2', based_on='Base')}</w:styles>"
    )

    found = lines(
        p("甲", style="H1"),
        p("乙", style="H2"),
        p("无号", style="H1", num=0),
        p("丙", style="H1"),
        styles=styles,
        numbering=numbering([(1, levels)], [(1, 1, "")]),
    )

    assert found == ["一、甲", "（一）乙", "无号", "二、丙"]


def test_styles_in_a_circle_end():
    styles = f"<w:styles {W}>{style('A', based_on='B')}{style('B', based_on='A')}</w:styles>"

    assert lines(p("修渠", style="A"), styles=styles) == ["修渠"]


def test_deleted_and_hidden_words_are_gone_and_inserted_ones_stay():
    tracked = (
        run("市水利局")
        + f"<w:del><w:r><w:delText>牵头</w:delText></w:r>{run('旧词')}</w:del>"
        + f"<w:ins>{run('负责')}</w:ins><w:moveFrom>{run('搬走')}</w:moveFrom><w:moveTo>{run('。')}</w:moveTo>"
        + run("看不见", "<w:rPr><w:vanish/></w:rPr>")
    )

    assert lines(p(inside=tracked)) == ["市水利局负责。"]


def test_paragraphs_whose_mark_was_deleted_are_one():
    assert lines(p("上半", mark="<w:del/>"), p("下半"), p("另段")) == ["上半下半", "另段"]


def test_deleted_row_is_gone():
    source = read(docx(table(row("序号", "任务"), row("1", "旧事", properties="<w:del/>"), row("2", "新事"))), "a.docx")

    assert cells(source) == [["序号", "任务"], ["2", "新事"]]


def test_merged_cells_are_none_and_columns_keep_their_place():
    source = read(
        docx(
            table(
                row(cell("任务分工表", span=3)),
                row("序号", "任务", "单位"),
                row("1", "修渠", cell("县水利局", merge="restart")),
                row("2", "架桥", cell(merge="continue")),
                row("县交通局", properties='<w:gridBefore w:val="2"/>'),
            )
        ),
        "a.docx",
    )

    assert cells(source) == [
        ["任务分工表", None, None],
        ["序号", "任务", "单位"],
        ["1", "修渠", "县水利局"],
        ["2", "架桥", None],
        [None, None, "县交通局"],
    ]
    assert source.text.splitlines()[3] == "2\t架桥\t"


def test_cell_of_several_paragraphs_keeps_them_and_a_table_inside_is_flattened():
    inner = table(row("县水利局", "县财政局"))
    source = read(docx(table(row("1", cell("修渠", "架桥")), row("2", cell("单位", inner)))), "a.docx")

    assert cells(source) == [["1", "修渠\n架桥"], ["2", "单位\n县水利局 县财政局"]]


def test_frame_around_text_is_no_table():
    source = read(docx(table(row(cell("一、水库", "1.加固大坝。")))), "a.docx")

    assert (source.text, source.tables) == ("一、水库\n1.加固大坝。\n", ())


def test_line_breaks_tabs_and_links_are_kept_and_field_codes_are_not():
    inside = (
        run("上") + "<w:r><w:br/></w:r>" + run("下") + "<w:r><w:tab/></w:r>"
        + f"<w:hyperlink>{run('链接')}</w:hyperlink>"
        + '<w:r><w:instrText>PAGEREF x</w:instrText></w:r><w:r><w:br w:type="page"/></w:r>'
        + f'<w:fldSimple w:instr="DATE">{run("2032年")}</w:fldSimple>'
    )  # fmt: skip

    assert read(docx(p(inside=inside)), "a.docx").text == "上\n下\t链接2032年\n"


def test_table_of_contents_is_left_out():
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('一、水库 3')}</w:sdtContent></w:sdt>"
    )
    styles = f"<w:styles {W}>{style('11', title='toc 1')}</w:styles>"

    assert lines(contents, p("一、水库 3", style="11"), p("一、水库"), styles=styles) == ["一、水库"]


def test_controls_are_looked_into():
    assert lines(f"<w:sdt><w:sdtContent>{p('一、水库')}</w:sdtContent></w:sdt>") == ["一、水库"]


def test_text_box_follows_its_paragraph_once():
    box = f"<wps:txbx><w:txbxContent>{p('框内文字')}</w:txbxContent></wps:txbx>"
    both = (
        f'<w:r><mc:AlternateContent xmlns:mc="m" xmlns:wps="s" xmlns:v="v"><mc:Choice><w:drawing>{box}</w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{p('框内文字')}</w:txbxContent></v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert lines(p(inside=both + run("正文"))) == ["正文", "框内文字"]


def test_footnotes_stand_at_the_end():
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator">{p("——")}</w:footnote>'
        f"<w:footnote>{p('注：列第一位的为牵头单位。')}</w:footnote></w:footnotes>"
    )

    assert lines(p("一、水库"), p("末段"), footnotes=notes) == ["一、水库", "末段", "注：列第一位的为牵头单位。"]


def test_strict_standard_reads_alike():
    assert read(docx(p("一、水库"), namespace=STRICT), "a.docx").text == "一、水库\n"


def test_doctype_is_refused_in_whatever_encoding():
    bomb = '<?xml version="1.0" encoding="cp037"?><!DOCTYPE a><a/>'.encode("cp037")

    with pytest.raises(ImportRefused):
        read(docx(p("一、水库"), numbering=bomb.decode("latin-1")), "a.docx")


def test_table_beyond_all_measure_is_refused():
    varied = (row(sha256(b"%d" % n).hexdigest()) for n in range(5_001))

    with pytest.raises(ImportRefused, match="5000 行"):
        read(docx(table(*varied)), "a.docx")
