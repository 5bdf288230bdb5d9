import subprocess
import sys

import pytest

from documents.child import ROOT
from documents.reading import read
from documents.refusal import ImportRefused
from tests.documents.samples.others import cut, flipped
from tests.documents.samples.pdf import Page, pdf

COLUMNS = [72, 120, 300, 420, 520]
HEADER = ["序号", "任务", "责任单位", "时限"]


def cells(source, at=0):
    return [[span and source.text[span.start : span.end] for span in row] for row in source.tables[at].rows]


def refusal(data):
    with pytest.raises(ImportRefused) as refused:
        read(data, "a.pdf")
    return refused.value


def printed(n):
    """A page as an office prints it: running header, page number."""
    return Page().text(240, 800, "青垣县人民政府文件").text(280, 50, f"— {n} —")


def turned(data):
    return data.replace(b"/MediaBox", b"/Rotate 90/MediaBox")


def test_text_comes_line_by_line_without_header_and_page_number():
    first = printed(1).lines(["青垣县2032年交通工作要点", "一、修路", "1.改造𠮷村道路5公里。"], top=700)
    second = printed(2).lines(["2.架设便桥3座。", "2032"], top=700)

    source = read(pdf(first, second), "要点.pdf")

    assert source.format == "pdf"
    assert source.text == "青垣县2032年交通工作要点\n一、修路\n1.改造𠮷村道路5公里。\n2.架设便桥3座。\n2032\n"


@pytest.mark.parametrize("mark", ["12", "- 3 -", "—4—", "第 5 页", "第5页 共12页", "5/12", "Page 3 of 9", "·7·"])
def test_page_numbers_of_many_shapes_are_dropped(mark):
    assert read(pdf(Page().lines(["一、修路"], top=600).text(280, 40, mark)), "a.pdf").text == "一、修路\n"


@pytest.mark.parametrize("mark", ["11/28/32, 2:47 PM", "2032/3/1 14:05 青垣县人民政府", "https://www.example.cn/a 1/2"])
def test_what_a_browser_prints_around_a_page_is_dropped(mark):
    assert read(pdf(Page().lines(["一、修路"], top=600).text(72, 820, mark)), "a.pdf").text == "一、修路\n"


@pytest.mark.parametrize("line", ["2032年", "3.修路5公里", "10", "第5条"])
def test_lines_of_the_text_are_never_taken_for_page_numbers(line):
    assert read(pdf(Page().lines(["一、修路", line], top=600)), "a.pdf").text == f"一、修路\n{line}\n"


def test_ruled_table_stands_between_the_lines_around_it():
    page = Page().lines(["一、任务分工"], top=700)
    rows = [["1", "修路\n到村", "县交通局、县\n财政局", "6月底前"], ["2", "架桥", "", "年底前"]]
    page.table([HEADER, *rows], COLUMNS, 680, 40)
    page.text(72, 500, "二、保障措施")

    source = read(pdf(page), "a.pdf")

    assert cells(source) == [HEADER, *rows]
    assert source.text.startswith("一、任务分工\n序号\t任务\t责任单位\t时限\n")
    assert source.text.endswith("年底前\n二、保障措施\n")


def test_merged_cells_are_none():
    page = Page()
    for y in (700, 670, 610):
        page.rule(72, y, 460, y)
    page.rule(72, 640, 330, 640)  # the unit's cell goes over both rows
    for x in (72, 460):
        page.rule(x, 700, x, 610)
    for x in (200, 330):
        page.rule(x, 670, x, 610)  # the title goes over all columns
    page.text(75, 682, "分工表")
    page.text(75, 652, "修路").text(203, 652, "6月").text(333, 652, "县交通局")
    page.text(75, 622, "架桥").text(203, 622, "9月")

    assert cells(read(pdf(page), "a.pdf")) == [
        ["分工表", None, None],
        ["修路", "6月", "县交通局"],
        ["架桥", "9月", None],
    ]


def test_rules_drawn_as_thin_shapes_and_in_pieces_count_as_well():
    page = Page()
    for y in (700, 670, 640):
        for x in (72, 130, 260):
            page.operators.append(b"%d %d 130 0.6 re f" % (x, y))
    for x in (72, 200, 390):
        page.operators.append(b"%d 640 0.6 60 re f" % x)
    for x, y, words in ((75, 682, "任务"), (205, 682, "单位"), (75, 652, "修路"), (205, 652, "县交通局")):
        page.text(x, y, words)

    assert cells(read(pdf(page), "a.pdf")) == [["任务", "单位"], ["修路", "县交通局"]]


def test_table_open_at_its_sides_keeps_its_outer_columns():
    page = Page()
    for y in (700, 670, 640):
        page.rule(72, y, 460, y)
    for x in (200, 330):
        page.rule(x, 700, x, 640)
    for x, words in ((75, "任务"), (203, "单位"), (333, "时限")):
        page.text(x, 680, words).text(x, 650, words * 2)

    assert cells(read(pdf(page), "a.pdf")) == [["任务", "单位", "时限"], ["任务任务", "单位单位", "时限时限"]]


def test_table_open_at_its_sides_keeps_cells_that_go_over_rows():
    page = Page()
    for y in (700, 640):
        page.rule(72, y, 460, y)
    page.rule(200, 670, 460, 670)
    for x in (200, 330):
        page.rule(x, 700, x, 640)
    for x, y, words in ((75, 680, "修路"), (203, 680, "单位"), (333, 680, "时限"), (203, 650, "县水利局")):
        page.text(x, y, words)

    assert cells(read(pdf(page), "a.pdf")) == [["修路", "单位", "时限"], [None, "县水利局", ""]]


def test_table_cut_at_the_end_of_a_page_keeps_its_last_row():
    page = Page()
    for y in (700, 670):
        page.rule(72, y, 460, y)
    for x in (72, 200, 460):
        page.rule(x, 700, x, 640)
    for y, words in ((680, "任务"), (650, "修路")):
        page.text(75, y, words).text(203, y, words * 2)

    assert cells(read(pdf(page), "a.pdf")) == [["任务", "任务任务"], ["修路", "修路修路"]]


def test_tables_open_at_their_sides_do_not_swallow_the_line_between():
    page = Page().text(72, 600, "二、架桥")
    for top in (700, 580):
        for y in (top, top - 30, top - 60):
            page.rule(72, y, 460, y)
        page.rule(200, top, 200, top - 60)
        for y in (top - 20, top - 50):
            page.text(75, y, "任务").text(203, y, "单位")

    source = read(pdf(page), "a.pdf")

    assert source.text == "任务\t单位\n任务\t单位\n二、架桥\n任务\t单位\n任务\t单位\n"
    assert len(source.tables) == 2


def test_shades_and_slanting_lines_part_no_cells():
    page = Page().table([["任务", "单位"], ["修路", "县交通局"]], [72, 200, 330], 700)
    page.operators.append(b"0.9 g 90 600 20 95 re f 110 600 20 95 re f 0 g")
    page.rule(72, 700, 200, 670)

    assert cells(read(pdf(page), "a.pdf")) == [["任务", "单位"], ["修路", "县交通局"]]


def test_table_over_two_pages_is_one_and_its_header_stands_once():
    first = printed(1).table([HEADER, ["1", "修路", "县交通局", "6月"]], COLUMNS, 700)
    second = printed(2).table([HEADER, ["2", "架桥", "县水利局", "9月"]], COLUMNS, 700)

    source = read(pdf(first, second), "a.pdf")

    assert [row[0] for row in cells(source)] == ["序号", "1", "2"]
    assert len(source.tables) == 1


def test_frames_underlines_and_drawings_are_no_tables():
    page = Page().lines(["一、修路", "二、架桥"], top=700)
    page.grid([60, 500], [730, 600])  # a frame
    page.rule(72, 500, 400, 500).rule(72, 480, 400, 480)  # two rules
    for n in range(700):
        page.rule(72, 50 + n * 0.5, 400, 50 + n * 0.5).rule(72 + n * 0.4, 50, 72 + n * 0.4, 400)

    source = read(pdf(page), "a.pdf")

    assert (source.text, source.tables) == ("一、修路\n二、架桥\n", ())


@pytest.mark.parametrize(
    ("drawing", "tables"),
    [
        (Page().grid([60 + 5 * n for n in range(70)], [790 - 5 * n for n in range(70)]), 0),
        (Page().grid([72 + 5 * (n % 50) for n in range(15_000)], [700, 600]), 0),
        (Page().grid([60 + 8 * n for n in range(62)], [700, 650, 600]), 1),
    ],
    ids=["crossings", "strokes", "columns"],
)
def test_words_in_a_drawing_of_very_many_lines_are_read_as_lines(drawing, tables):
    """A page that would take too long is not searched at all; what is far too wide is no table beside others."""
    drawing.text(72, 660, "一、修路").text(72, 620, "二、架桥")
    drawing.table([["任务", "单位"], ["修路", "县交通局"]], [72, 200, 330], 300)

    source = read(pdf(drawing), "a.pdf")

    assert source.text.startswith("一、修路\n二、架桥\n")
    assert len(source.tables) == tables


def test_lines_drawn_in_any_order_come_from_top_to_bottom():
    page = Page()
    for n in (5, 2, 6, 1, 4, 3):
        page.text(72, 700 - 24 * n, f"{n}.修路")
        page.text(300, 700 - 24 * n, "县交通局负责")

    assert read(pdf(page), "a.pdf").text == "".join(f"{n}.修路 县交通局负责\n" for n in range(1, 7))


def test_two_columns_are_read_one_after_the_other():
    page = Page()
    for x, words in ((72, "左"), (320, "右")):
        for n in range(4):
            page.text(x, 600 - 24 * n, f"{words}{n}")

    assert read(pdf(page), "a.pdf").text.split() == ["左0", "左1", "左2", "左3", "右0", "右1", "右2", "右3"]


def test_page_turned_by_a_quarter_reads_as_it_is_shown():
    page = Page()
    xs, ys = [100, 140, 180], [200, 400, 600]
    for x in xs:
        page.rule(x, ys[0], x, ys[-1])
    for y in ys:
        page.rule(xs[0], y, xs[-1], y)
    for x, y, words in ((120, 205, "任务"), (120, 405, "单位"), (160, 205, "修路"), (160, 405, "县交通局")):
        code = words.encode("utf-16-be").hex().encode()
        page.operators.append(b"BT /F1 12 Tf 0 1 -1 0 %d %d Tm <%s> Tj ET" % (x, y, code))

    assert cells(read(turned(pdf(page)), "a.pdf")) == [["任务", "单位"], ["修路", "县交通局"]]


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [b"/MediaBox[30 40 700 900]", b"/CropBox[50 60 500 800]/MediaBox[-10 -20 700 900]"])
def test_words_find_their_cells_wherever_the_page_begins(quarter, box):
    page = Page().grid([100, 200, 300], [400, 350, 300])
    for x, y, words in ((105, 360, "甲"), (205, 360, "乙"), (105, 310, "丙"), (205, 310, "丁")):
        page.text(x, y, words)
    data = pdf(page).replace(b"/MediaBox[0 0 595 842]", b"/Rotate %d%s" % (quarter, box))

    assert (
        cells(read(data, "a.pdf"))
        == {
            0: [["甲", "乙"], ["丙", "丁"]],
            90: [["丙", "甲"], ["丁", "乙"]],
            180: [["丁", "丙"], ["乙", "甲"]],
            270: [["乙", "丁"], ["甲", "丙"]],
        }[quarter]
    )


RULED = pdf(Page().table([HEADER, ["1", "修路", "县交通局", "6月"]], COLUMNS, 700))


def test_page_on_which_tables_cannot_be_sought_is_read_as_lines(caplog):
    source = read(RULED.replace(b"/MediaBox", b"/TrimBox[1]/MediaBox"), "a.pdf")

    assert "县交通局" in source.text
    assert source.tables == ()
    assert "not searched for tables: IndexError" in caplog.text


def test_libraries_write_nothing_about_a_file(caplog):
    assert read(RULED.replace(b"/FontBBox", b"/FontBBux"), "a.pdf").tables
    assert caplog.records == []


@pytest.mark.parametrize(
    ("data", "loaded"), [(pdf(Page().lines(["修路"]).rule(72, 80, 500, 80)), "no"), (RULED, "yes")]
)
def test_library_of_tables_is_loaded_for_pages_with_tables_only(data, loaded):
    code = (
        "import sys\nfrom documents.reading import read\nread(sys.stdin.buffer.read(), 'a.pdf')\n"
        "print('yes' if 'pdfplumber' in sys.modules else 'no')"
    )
    done = subprocess.run([sys.executable, "-c", code], input=data, cwd=ROOT, capture_output=True, check=True)

    assert done.stdout.decode().strip() == loaded


def test_scan_is_refused_with_reason_and_remedy():
    refused = refusal(pdf(Page().picture(), Page().picture()))

    assert refused.code == "scan"
    assert "扫描件" in refused.message
    assert "粘贴正文" in refused.message


def test_one_scanned_page_among_others_is_refused_by_its_number():
    assert "第 2 页里没有文字" in refusal(pdf(Page().lines(["一、修路"]), Page().picture())).message


def test_blank_page_is_no_scan():
    assert read(pdf(Page().lines(["一、修路"], top=600), Page()), "a.pdf").text == "一、修路\n"


def test_scan_with_recognised_text_is_read():
    assert read(pdf(Page().picture().lines(["一、修路"], top=600)), "a.pdf").text == "一、修路\n"


def test_password_is_refused_and_a_mere_restriction_is_not():
    page = Page().lines(["一、修路"], top=600)

    assert refusal(pdf(page, password="abc")).code == "encrypted"
    assert read(pdf(page, password=""), "a.pdf").text == "一、修路\n"


def test_letters_without_meaning_are_refused():
    assert refusal(pdf(Page().lines(["\ue001\ue002\ue003修", "\ue004\ue005路"]))).code == "garbled"


@pytest.mark.parametrize("damage", [cut, flipped])
def test_damaged_pdf_is_refused_in_words(damage):
    whole = pdf(Page().lines(["一、修路"], top=600))
    with pytest.raises(ImportRefused, match="请"):
        read(damage(whole), "a.pdf")


def test_too_many_pages_are_refused():
    assert "500 页" in refusal(pdf(*[Page()] * 501)).message
