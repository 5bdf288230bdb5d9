import pytest

from documents.folding import RADICALS
from documents.normal import normalise


def words(text: str) -> list[str]:
    return normalise(text).text.split("\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("（一）修渠，２０３１年完成。", "(一)修渠,2031年完成。"),
        ("⼭⻓⽔阔", "山长水阔"),  # radicals from PDF text
        ("㈠修渠", "(一)修渠"),
        ("①修渠", "①修渠"),  # a circled figure is not the figure
        ("“ 三农 ”工 作", "“三农”工作"),
        ("pilot zone 建设", "pilot zone建设"),
        ("修\u200b渠\ufeff", "修渠"),
        ("4∶6", "4:6"),
    ],
)
def test_letters_are_folded_and_white_space_goes(written, read):
    assert words(written) == [read]


def test_every_radical_stands_for_one_character():
    assert all(len(radical) == len(char) == 1 and radical != char for radical, char in RADICALS.items())


@pytest.mark.parametrize(
    "line", ["— 3 —", "-3-", "第3页 共9页", "3/9", "文件下载", "打印本页", "分享到：", "【字体：大 中 小】"]
)
def test_page_numbers_and_web_residue_go(line):
    assert words(f"修好水渠。\n{line}\n种好林子。") == ["修好水渠。", "种好林子。"]


def test_bare_page_numbers_that_count_up_go_but_figures_of_a_list_stay():
    page = "".join(f"第{char}件事情要办好。\n" for char in "甲乙丙丁戊己庚辛壬癸")

    assert "2" not in words(f"{page}1\n{page}2\n{page}3\n")
    assert words("1\n修渠。\n2\n种树。\n3\n架桥。\n").count("2") == 1


def test_a_line_broken_in_mid_sentence_goes_on():
    long = "积极推进高标准农田建设和水利设施改造以及农村道路畅通工程并持续改善群众的生产和生活条件切实"

    assert words(f"{long}\n增进民生福祉。") == [f"{long}增进民生福祉。"]


def test_lines_wrapped_at_one_width_are_joined_to_paragraphs():
    paragraph = "各地要抓住农时做好春耕备耕确保粮食播种面积稳中有增单产稳步提高并管好水渠"
    text = "".join(f"{number}、{paragraph}。\n" for number in "一二三四五六")
    wrapped = "\n".join(line[at : at + 20] for line in text.split("\n") for at in range(0, len(line), 20))

    assert words(wrapped) == text.split()


@pytest.mark.parametrize("below", ["二、种好林子。", "（二）种好林子。", "2.种好林子。", "责任单位：县林草局", "附件1"])
def test_a_number_a_label_or_an_attachment_begins_a_line_of_its_own(below):
    long = "积极推进高标准农田建设和水利设施改造以及农村道路畅通工程并持续改善群众的生产和生活条件切实"

    assert len(words(f"{long}\n{below}")) == 2


def test_every_character_knows_where_it_stood():
    text = "（一） 修 渠，\r\n\r\n造福　百姓。㈠"
    normal = normalise(text)

    for at, char in enumerate(normal.text):
        span = normal.span(at, at + 1)
        if char != "\n":
            assert normalise(text[span.start : span.end]).text.startswith(char) or char in "(一)"
    assert normal.span(0, len(normal.text)).end == len(text)
