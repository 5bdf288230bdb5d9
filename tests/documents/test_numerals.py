import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.parsing.numerals import chinese_number, number

DIGITS = "零一二三四五六七八九"


def spelt(value: int) -> str:
    """The usual way to write a number below ten thousand, by another road than the parser's."""
    if value == 0:
        return "零"
    out, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            out += ("零" if gap and out else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = bool(out)
    return out.removeprefix("一") if 10 <= value < 20 else out


@given(st.integers(min_value=0, max_value=9999))
def test_every_number_below_ten_thousand_is_read_back(value):
    assert chinese_number(spelt(value)) == value


@given(st.integers(min_value=1900, max_value=2099))
def test_years_are_read_digit_by_digit(value):
    assert chinese_number("".join(DIGITS[int(digit)] for digit in str(value))) == value


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_none(text):
    assert chinese_number(text) is None or set(text) <= set("零〇○一二两三四五六七八九十百千")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5000", 5000),
        ("1,200", 1200),
        ("1.78", 1.78),
        ("二十一", 21),
        ("十", 10),
        ("两", 2),
        ("二○二四", 2024),
        ("三百零五", 305),
        ("三五十", None),
        ("个", None),
        ("", None),
        ("1.2.3", None),
    ],
)
def test_numbers_of_either_kind(text, expected):
    assert number(text) == expected
