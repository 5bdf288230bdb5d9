"""Numbers as official documents write them: 5000, 1,200, 1.78, 二十一, 三百五十, 百分之八十, 三分之一, 九成."""

from __future__ import annotations

import re

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PLACES = {"十": 10, "百": 100, "千": 1000}

# Lengths are bounded so that a hostile run of digits costs one look at each character.
ARABIC = r"\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,9}(?:\.\d{1,4})?(?!\d)"
CHINESE = r"[一二两三四五六七八九十][零一二两三四五六七八九十百千]{0,7}"


def chinese_number(text: str) -> int | None:
    """三百零五 is 305, 二○二四 is 2024; None when the characters form no number."""
    if not text or any(char not in DIGITS and char not in PLACES for char in text):
        return None
    if not any(char in PLACES for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in PLACES:
            total += (1 if digit is None else digit) * PLACES[char]
            digit = None
        elif digit:  # two digits in a row, as in 三五十
            return None
        else:
            digit = DIGITS[char]
    return total + (digit or 0)


def number(text: str) -> float | None:
    """The value of an Arabic or Chinese numeral; None when it is neither."""
    plain = text.replace(",", "")
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,4})?", plain, re.ASCII):
        return float(plain)
    value = chinese_number(text)
    return None if value is None else float(value)
