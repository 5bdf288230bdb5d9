"""Title, issuing body, number, date and year, from the head of the document, its signature or a crawler's lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from documents.draft import DatedFound, Found
from documents.marks import chinese_value, mark_at
from documents.normal import Normal
from documents.parsing.names import ENDING, is_unit
from documents.parsing.outline import DATE_LINE, DATEISH, Part
from documents.parsing.titles import COVER_TITLE, LETTER, META, NUMBER, SALUTATION, title_run
from documents.parsing.years import YEAR, year_of_head, year_of_limits, year_of_titles

BEHIND_ISSUER = re.compile("关于|印发|转发|批转|公布")
ISSUER_LINE = re.compile(r"(?:发文机[关构]|制发机关|发文单位|公开主体)[:]([\u4e00-\u9fff、,]{4,40})")
NUMBER_LINE = re.compile(r"(?:发文字号|文号|文件编号)[:](.{4,40})")
DATE_OF_LINE = re.compile(
    r"(?:成文日期|发文日期|印发日期|制发日期)[:|]\D{0,2}((?:19|20)\d\d)[年./-](\d{1,2})[月./-](\d{1,2})"
)
ARABIC = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
CHINESE = re.compile(
    r"([一二][〇○零Oo0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
DATED_SALUTATION = re.compile(r"\(?(?:19|20)\d\d年\d{1,2}月\d{1,2}日\)?[^。,;]{0,12}:$")


@dataclass(frozen=True)
class Meta:
    title: Found | None
    cover: str
    body: str
    issuer: Found | None
    number: Found | None
    issued_on: DatedFound | None
    year: int | None
    year_stated: bool = True  # by the head of the document, not by its limits alone


class Heads:
    """Reads the head of each part; `parts` are the document's, `main` the one that holds the plan."""

    def __init__(self, source: str, normal: Normal, parts: list[Part], main: int):
        self.source, self.normal, self.parts, self.main = source, normal, parts, main

    def read(self) -> Meta:
        cover = self._title_of(0)
        body = self._title_of(self.main) if self.main or not cover else None
        title = body or cover
        dated = self._date()
        words = [self.normal.text[slice(*run)] if run else "" for run in (body, cover)]
        return Meta(
            title=self._found(*title, "title_body" if body else "title_cover") if title else None,
            cover=words[1],
            body=words[0],
            issuer=self._issuer(cover),
            number=self._number(),
            issued_on=dated,
            year=(stated := self._year(words, dated)) or year_of_limits(self.normal.text),
            year_stated=stated is not None,
        )

    def _found(self, start: int, end: int, rule: str) -> Found:
        at = self.normal.span(start, end)
        return Found(self.source[at.start : at.end], at, rule)

    def _head(self, part: Part) -> list[tuple[int, int]]:
        head = []
        for start, end in part.paragraphs[:40]:
            if mark_at(self.normal.text, start) and not YEAR.match(self.normal.text, start):
                break
            head.append((start, end))
        return head

    def _title_of(self, part: int) -> tuple[int, int] | None:
        return title_run(self.normal.text, self._head(self.parts[part])) if self.parts else None

    def _issuer(self, cover: tuple[int, int] | None) -> Found | None:
        if cover:
            words = self.normal.text[slice(*cover)]
            before = BEHIND_ISSUER.split(words, maxsplit=1)[0].rstrip("\n") if BEHIND_ISSUER.search(words) else ""
            if 3 <= len(before) <= 60 and not YEAR.search(before) and ENDING.search(before):
                return self._found(cover[0], cover[0] + len(before), "issuer_title")
        return self._signed() or self._issuer_line() or self._letterhead()

    def _letterhead(self) -> Found | None:
        """A body alone on a line of the head."""
        for start, end in self._head(self.parts[0])[:4] if self.parts else ():
            words = self.normal.text[start:end].removesuffix("文件")
            if len(words) < 30 and is_unit(words) and not SALUTATION.match(words):
                return self._found(start, start + len(words), "issuer_letterhead")
        return None

    def _issuer_line(self) -> Found | None:
        for start, end in self._everything():
            match = ISSUER_LINE.match(self.normal.text[start:end])
            if match:
                return self._found(start + match.start(1), start + match.end(1), "issuer_meta")
        return None

    def _signed(self) -> Found | None:
        """The body named above the date, or in front of it on the same line."""
        before: tuple[int, int] | None = None
        for start, end in self._everything():
            words = self.normal.text[start:end]
            if DATE_LINE.match(words) or DATEISH.match(words):
                read = ARABIC.search(words) or CHINESE.search(words)
                date_at = read.start() if read else 0
                if date_at >= 4 and is_unit(words[:date_at]):
                    if words.endswith("印发"):  # who had it printed, below the document
                        continue
                    return self._found(start, start + date_at, "issuer_signature")
                if before and end - start < 24 and is_unit(self.normal.text[slice(*before)]):
                    return self._found(*before, "issuer_signature")
            before = (start, end)
        return None

    def _everything(self) -> list[tuple[int, int]]:
        return [paragraph for part in self.parts for paragraph in part.paragraphs]

    def _number(self) -> Found | None:
        for start, end in self._everything():
            words = self.normal.text[start:end]
            line = NUMBER_LINE.match(words)
            match = NUMBER.search(words, line.start(1) if line else 0)
            if match and (line or (match.end() == len(words) and (match.start() == 0 or COVER_TITLE.match(words)))):
                at = self._number_start(words, match)
                return self._found(start + at, start + match.end(), "number_meta" if line else "number_head")
        return None

    def _number_start(self, words: str, match: re.Match[str]) -> int:
        """A number glued to the title begins behind the title's last word."""
        cover = COVER_TITLE.match(words)
        if cover and cover.end() > match.start():
            return cover.end() if cover.end() < match.end() - 8 else match.start()
        glued = re.search(rf"的{LETTER}", words[match.start() : match.end()])
        return match.start() + glued.end() if glued else match.start()

    def _date(self) -> DatedFound | None:
        for start, end in self._everything():
            words = self.normal.text[start:end]
            if not DATE_LINE.match(words) or META.match(words):
                continue
            found = self._iso(words, start, "date_signature")
            if found:
                return found
        for part in self.parts:
            for start, end in self._head(part):
                words = self.normal.text[start:end]
                if words.startswith("(") and words.endswith(")") and (found := self._iso(words, start, "date_adopted")):
                    return found
            for start, end in self._head(part):
                words = self.normal.text[start:end]
                if DATED_SALUTATION.fullmatch(words) and (found := self._iso(words, start, "date_salutation")):
                    return found
        for start, end in self._everything():
            words = self.normal.text[start:end]
            match = DATE_OF_LINE.search(words[:200]) if META.match(words) else None
            if match:
                iso = valid(int(match[1]), int(match[2]), int(match[3]))
                if iso:
                    at = self._found(start + match.start(1), start + match.end(3), "")
                    return DatedFound(iso, at.text, at.at, "date_meta")
        return None

    def _iso(self, words: str, start: int, rule: str) -> DatedFound | None:
        match = ARABIC.search(words)
        if match:
            iso = valid(int(match[1]), int(match[2]), int(match[3]))
        else:
            match = CHINESE.search(words)
            if not match:
                return None
            year = re.sub(r"[Oo0]", "〇", match[1])
            iso = valid(chinese_value(year), chinese_value(match[2]), chinese_value(match[3]))
        if not iso:
            return None
        found = self._found(start + match.start(), start + match.end(), rule)
        return DatedFound(iso, found.text, found.at, rule)

    def _year(self, titles: list[str], dated: DatedFound | None) -> int | None:
        issued = int(dated.iso[:4]) if dated else None
        found = year_of_titles(titles, issued) or issued
        if found:
            return found
        for start, end in self._everything():
            if DATEISH.match(self.normal.text[start:end]) and (match := YEAR.match(self.normal.text, start)):
                return int(match[1])  # a signature whose day cannot be read
        return year_of_head([self.normal.text[slice(*line)] for part in self.parts for line in self._head(part)])


def valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
