"""A workbook cell as its reader sees it: the value in its number format."""

import re
from datetime import date, datetime, time, timedelta

CONDITION = re.compile(r"\[[^\]]{0,40}\]")  # colour, locale, condition in front of a format
TOKEN = re.compile(r'"[^"]*"|\\.|y+|m+|d+|h+|s+|AM/PM|.', re.IGNORECASE)
DECIMALS = re.compile(r"0\.(0+)")
UNCLEAR = re.compile(r"mmm|(?<![ye])(?:yy|ee?)(?![ye])", re.IGNORECASE)  # names of months, years of two figures
FORMAT_LENGTH = 80  # characters looked at; formats of dates are short


def shown(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date):
        return _date(value, number_format)
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float, number_format: str) -> str:
    if "%" in number_format:
        decimals = DECIMALS.search(number_format)
        return f"{value * 100:.{min(len(decimals[1]), 9) if decimals else 0}f}%"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _date(value: date, number_format: str) -> str:
    """Year, month and day in the order and with the words of the format; a time of day is left out."""
    plain = CONDITION.sub("", number_format.split(";")[0][:FORMAT_LENGTH])
    if UNCLEAR.search(plain):
        return value.strftime("%Y-%m-%d")
    text = ""
    for token in TOKEN.findall(plain):
        kind = token[0].lower()
        if kind in "hs":
            break
        if kind in "ymd":
            text += _part(value, kind, len(token))
        elif token[0] == '"':
            text += token[1:-1]
        else:
            text += token.removeprefix("\\").replace("_", "").replace("@", "")
    text = text.strip()
    return text if any(sign.isdecimal() for sign in text) else value.strftime("%Y-%m-%d")


def _part(value: date, kind: str, width: int) -> str:
    number = {"y": value.year, "m": value.month, "d": value.day}[kind]
    if kind == "y":
        return str(number)
    return f"{number:02}" if width == 2 else str(number)
