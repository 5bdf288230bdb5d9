import codecs

import pytest

from documents.reading import read, read_pasted
from documents.refusal import ImportRefused
from tests.documents.samples.others import RARE, TEXT


def refusal(data, name="要点.txt"):
    with pytest.raises(ImportRefused) as refused:
        read(data, name)
    return refused.value


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16-le", "utf-16-be", "windows", "old mac"],
)
def test_every_encoding_gives_the_same_text(data):
    source = read(data, "要点.TXT")

    assert (source.text, source.format, source.tables) == (TEXT, "txt", ())


def test_hundred_thousand_bytes_of_rare_letters_equal_their_utf_8_twin():
    text = "".join(f"{n}.修{RARE[n % len(RARE)] * 6}村的渠。\r\n" for n in range(1, 2_600))
    rare = text.encode("gb18030")
    assert len(rare) > 100_000
    assert {len(letter.encode("gb18030")) for letter in RARE} == {4}

    assert read(rare, "a.txt").text == read(text.encode(), "a.txt").text == read_pasted(text).text


def test_bad_byte_of_utf_8_is_shown_with_its_place():
    data = TEXT.encode()
    at = data.index("清淤".encode()) + 1  # the middle of a letter

    refused = refusal(data[:at] + b"\xff" + data[at + 1 :])

    assert refused.code == "encoding"
    assert refused.message.startswith("第 5 行在“2.6月底前完成𠀋洼塘坝”之后")
    assert f"（文件的第 {at} 个字节）" in refused.message
    assert "另存为 UTF-8" in refused.message


def test_bad_byte_of_gb18030_is_shown_with_its_place():
    data = TEXT.encode("gb18030")
    at = data.index("清淤".encode("gb18030"))

    refused = refusal(data[:at] + b"\xff" + data[at + 1 :])

    assert refused.message.startswith("第 5 行在“")
    assert f"（文件的第 {at + 1} 个字节）" in refused.message


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_letter_cut_at_the_end_is_refused(encoding):
    whole = f"一、{TEXT.strip()}县".encode(encoding)

    assert "第 8 行" in refusal(whole[:-1]).message


def test_damaged_utf_8_is_never_read_as_gb18030():
    """Two halves of letters side by side make a valid byte pair there, and the whole file valid nonsense."""
    data = "修渠架桥植树县".encode()
    damaged = data[:3] + data[4:]
    assert damaged.decode("gb18030") == "淇\ue18f犳灦妗ユ\ue632鏍戝幙"

    assert refusal(damaged).code == "encoding"


def test_damaged_utf_16_is_refused():
    assert refusal(codecs.BOM_UTF16_LE + "修渠".encode("utf-16-le")[:-1]).code == "encoding"


def test_utf_16_without_a_mark_is_refused_with_the_remedy():
    assert "UTF-16" in refusal("一、修渠架桥".encode("utf-16-le")).message
    assert "UTF-16" in refusal("一、修渠架桥".encode("utf-16-be")).message


def test_nul_is_refused_with_its_line():
    refused = refusal("一、修渠\n二、架\0桥".encode())

    assert refused.code == "control"
    assert refused.message.startswith("第 2 行有空字符")


@pytest.mark.parametrize(("text", "code"), [("修\0渠", "control"), ("修\ud842渠", "control"), (" \n\u3000", "empty")])
def test_pasted_words_pass_the_same_checks(text, code):
    with pytest.raises(ImportRefused) as refused:
        read_pasted(text)

    assert refused.value.code == code


def test_pasted_words_have_line_feeds_only():
    source = read_pasted("\ufeff一、修渠\r\n二、架桥\r三、植树")

    assert (source.text, source.format) == ("一、修渠\n二、架桥\n三、植树", "pasted")


def test_a_million_letters_are_the_most():
    longest = "渠" * 1_000_000

    assert read_pasted(longest).text == longest
    for data in (longest.encode() + b"a", b"a" * 4_000_001):
        assert refusal(data).code == "too_long"
    with pytest.raises(ImportRefused, match="100 万字"):
        read_pasted(longest + "a")
