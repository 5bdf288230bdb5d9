"""Characters as they are compared: one form for each, and a line without its white space."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Radicals that stand for a whole character in PDF text. NFKC folds the Kangxi block but leaves the supplement alone;
# the pairs are those of the Unicode data file EquivalentUnifiedIdeograph.txt.
RADICALS = dict(
    zip(
        "⺁⺒⺓⺔⺙⺝⺠⺢⺬⺮⺶⺷⺸⺼⺾⻁⻃⻄⻅⻆⻇⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂巳幺彑攵月民氺示竹羊羊羊肉艹虎覀西见角角贝车長镸长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
ALNUM = dict.fromkeys(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


class _Fold(dict):
    """The folded form of a character by its code point, worked out once; empty for what carries no meaning."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        self[code] = folded
        return folded


def _fold(char: str) -> str:
    if char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"}:
        return ""
    if char in RADICALS:
        return RADICALS[char]
    if unicodedata.category(char) == "No":
        # A circled figure stays one, a bracketed numeral such as the single character for (一) is written out.
        spelt = unicodedata.normalize("NFKC", char)
        return spelt if spelt[:1] == "(" else char
    if char == "∶":
        return ":"
    if char == "…":
        return char
    return "".join(part for part in unicodedata.normalize("NFKC", char) if not part.isspace())


FOLD = _Fold()


@dataclass(slots=True)
class Line:
    """A line without its white space: `origins` are offsets of the source, `gaps` where white space stood."""

    text: str
    origins: list[int]
    gaps: list[int]

    def width(self) -> float:
        """In Chinese characters; a Latin letter or a figure takes half the room of one."""
        return (len(self.text) + len(self.text.translate(ALNUM))) / 2


def squash_line(text: str, start: int, end: int) -> Line:
    piece = text[start:end]
    folded = piece.translate(FOLD)
    if len(folded) == len(piece) and " " not in piece and piece.isprintable():  # nothing left out, nothing spelt out
        return Line(folded, list(range(start, end)), [])
    return _squash_slowly(text, start, end)


def _squash_slowly(text: str, start: int, end: int) -> Line:
    chars, origins, gaps = [], [], []
    gap = False
    for at in range(start, end):
        folded = FOLD[ord(text[at])]
        if not folded:
            gap = gap or text[at].isspace()
            continue
        if gap and chars:
            if _is_word(chars[-1]) and _is_word(folded[0]):
                chars.append(" ")
                origins.append(at - 1)
            else:
                gaps.append(len(chars))
        gap = False
        chars.extend(folded)
        origins.extend([at] * len(folded))
    return Line("".join(chars), origins, gaps)


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
