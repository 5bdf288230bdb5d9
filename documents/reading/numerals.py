"""Writes a number as Word's automatic numbering does."""

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def written(number: int, style: str) -> str:
    """`number` in the numbering format `style` (ST_NumberFormat); an unknown one is written as decimal."""
    if not 0 <= number < 10_000:
        return str(number)
    return STYLES.get(style, str)(number)


def counted(number: int, digits: str = DIGITS, units: tuple[str, ...] = ("", "十", "百", "千")) -> str:
    """123 as 一百二十三, 11 as 十一, 105 as 一百零五."""
    if number == 0:
        return digits[0]
    text = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            text = digits[int(digit)] + units[place] + text
        elif text and not text.startswith("零"):
            text = "零" + text
    return text.removeprefix("一") if 10 <= number < 20 and digits is DIGITS else text


def _digits(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def _counting(number: int) -> str:
    """Like speech up to ninety-nine, digit by digit above."""
    return counted(number) if number < 100 else _digits(number)


def _roman(number: int) -> str:
    text = ""
    for worth, letters in ROMAN:
        text += letters * (number // worth)
        number %= worth
    return text


def _letters(number: int) -> str:
    """27 is AA, 28 BB: Word repeats the letter."""
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9) if number else ""


def _from(first: str, last: int) -> Callable[[int], str]:
    """One letter per number, from `first` for 1 up to `last`; beyond, decimal."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= last else str(number)


def _circled(number: int) -> str:
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    return _from("①", 20)(number)


def _cycle(letters: str) -> Callable[[int], str]:
    return lambda number: letters[(number - 1) % len(letters)] if number else ""


STYLES: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "decimalFullWidth": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "japaneseCounting": counted,
    "chineseCountingThousand": counted,
    "taiwaneseCountingThousand": counted,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "chineseLegalSimplified": lambda number: counted(number, FORMAL, ("", "拾", "佰", "仟")),
    "ideographLegalTraditional": lambda number: counted(number, FORMAL, ("", "拾", "佰", "仟")),
    "ideographTraditional": _cycle(STEMS),
    "ideographZodiac": _cycle(BRANCHES),
}
