"""Fonts, fills and formats of the office table, made once per workbook and shared by all its cells."""

from __future__ import annotations

from copy import copy
from enum import StrEnum

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from tasks.choices import GLYPHS, Light

HAIR = Side(style="thin", color="FF7F7F7F")
BOX = Border(left=HAIR, right=HAIR, top=HAIR, bottom=HAIR)
GREY, PALE = "FFD9D9D9", "FFF2F2F2"
DATE, COUNT, PERCENT = "yyyy-mm-dd", "#,##0", "0%"
# Foreground and fill of each light; in grey print the glyph and the word carry the meaning, and ■ stays darkest.
LIGHT_COLOURS = {
    Light.NORMAL: ("FF0B5A3C", "FFBFE5D2"),
    Light.BEHIND: ("FF5C3500", "FFFFD466"),
    Light.FAR_BEHIND: ("FFFFFFFF", "FFB3121D"),
    Light.DONE: ("FF163F70", "FFD5E4F5"),
    Light.UNASSESSED: ("FF1F2329", None),
    Light.NOT_APPLICABLE: ("FF5B6470", "FFEEF0F3"),
}


class Style(StrEnum):
    TITLE = "title"
    LINE_LEFT = "line_left"
    LINE_RIGHT = "line_right"
    HEAD = "head"
    TEXT = "text"
    MIDDLE = "middle"
    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"
    SECTION = "section"
    BLOCK = "block"
    SIGN = "sign"
    PLAIN = "plain"


def light_words(code: str) -> str:
    return f"{GLYPHS[Light(code)]}{Light(code).label}" if code else "—"


class Styles:
    """Ready-made style arrays: `styles[Style.TEXT]` and `styles.light(code)`."""

    def __init__(self, workbook: Workbook):
        self._sheet = workbook.create_sheet("样式")
        self._arrays = {name: self._array(**parts) for name, parts in _parts().items()}
        self._lights = {code: self._light(code) for code in Light.values}
        workbook.remove(self._sheet)

    def __getitem__(self, name: Style):
        return self._arrays[name]

    def light(self, code: str):
        return self._lights[code]

    def _light(self, code: str):
        colour, fill = LIGHT_COLOURS[Light(code)]
        return self._array(
            font=Font(name="宋体", size=10.5, color=colour, bold=code == Light.FAR_BEHIND),
            fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
            alignment=Alignment(horizontal="center", vertical="top", wrap_text=True),
            border=BOX,
        )

    def _array(self, **parts):
        cell = WriteOnlyCell(self._sheet)
        for name, part in parts.items():
            setattr(cell, name, part)
        return copy(cell._style)


def _parts() -> dict[str, dict]:
    body, head = Font(name="宋体", size=10.5), Font(name="黑体", size=11)
    left = Alignment(horizontal="left", vertical="top", wrap_text=True)
    centre = Alignment(horizontal="center", vertical="top", wrap_text=True)
    right = Alignment(horizontal="right", vertical="top")
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    line = Alignment(horizontal="left", vertical="center")
    grey, pale = PatternFill("solid", fgColor=GREY), PatternFill("solid", fgColor=PALE)
    return {
        Style.TITLE: {"font": Font(name="方正小标宋简体", size=20), "alignment": middle},
        Style.LINE_LEFT: {"font": body, "alignment": line},
        Style.LINE_RIGHT: {"font": body, "alignment": Alignment(horizontal="right", vertical="center")},
        Style.HEAD: {"font": head, "alignment": middle, "fill": grey, "border": BOX},
        Style.TEXT: {"font": body, "alignment": left, "border": BOX},
        Style.MIDDLE: {"font": body, "alignment": centre, "border": BOX},
        Style.COUNT: {"font": body, "alignment": right, "border": BOX, "number_format": COUNT},
        Style.PERCENT: {"font": body, "alignment": right, "border": BOX, "number_format": PERCENT},
        Style.DATE: {"font": body, "alignment": centre, "border": BOX, "number_format": DATE},
        Style.SECTION: {"font": head, "alignment": line, "fill": pale, "border": BOX},
        Style.BLOCK: {"font": head, "alignment": line},
        Style.SIGN: {"font": body, "alignment": line},
        Style.PLAIN: {},
    }
