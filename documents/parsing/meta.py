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

LETTER = r"(?:通知|函|意见|决定|公告|通报|批复|报告|请示|通告|命令|方案|措施|要点|计划|办法|清单|分工|规定)"
COVER_TITLE = re.compile(
    rf"[^。;]{{0,80}}?关于[^。;]{{2,160}}?的?{LETTER}(?:\((?:试行|暂行|修订|征求意见稿|草案)\))?(?![\u4e00-\u9fff《”])"
)
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,14}[〔\[(【](?:19|20)\d\d[〕\])】]第?\d{1,5}号")
BEHIND_ISSUER = re.compile("关于|印发|转发|批转|公布")
META = re.compile(
    r"(?:发文机[关构]|发布机构|制发机关|公开主体|发文单位|发文字号|文号|文件编号|成文日期|发布日期|发布时间|发文日期|印发日期|生成日期|来源|信息来源|索引号|关键[字词]|主题词|标题|信息名称|文件名称|名称|主题分类|分类"
    r"|政策类型|政策层级|有效性|时效性|作者|浏览|体裁分类|公开方式|组配分类|公开范围|公开时限|信息分类)[:|]"
)
ISSUER_LINE = re.compile(r"(?:发文机[关构]|制发机关|发文单位|公开主体)[:]([\u4e00-\u9fff、,]{4,40})")
NUMBER_LINE = re.compile(r"(?:发文字号|文号|文件编号)[:](.{4,40})")
DATE_OF_LINE = re.compile(
    r"(?:成文日期|发文日期|印发日期|制发日期)[:|]\D{0,2}((?:19|20)\d\d)[年./-](\d{1,2})[月./-](\d{1,2})"
)
ARABIC = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
CHINESE = re.compile(
    r"([一二][〇○零Oo0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
REMARK = re.compile(r"[-—(]{0,3}此件.*|\((?:20\d\d|二).{4,14}日.{0,24}\)$|已?宣布失效。?$")
YEAR = re.compile(r"((?:19|20)\d\d)(?=年|[-—–~至])")
YEARS = re.compile(r"((?:19|20)\d\d)年?[-—–~至到]{1,2}((?:19|20)\d\d)年")
YEARS_LINE = re.compile(r"\((?:(?:19|20)\d\d年?[-—–~至]{1,2})?(?:19|20)\d\d年度?\)")
PLAN_YEAR = re.compile(r"((?:19|20)\d\d)年?度?[^。,;]{0,30}?(?:要点|方案|计划|措施|清单|分工|任务)")
SALUTATION = re.compile(r".{2,}:$")
DATED_SALUTATION = re.compile(r"\(?(?:19|20)\d\d年\d{1,2}月\d{1,2}日\)?[^。,;]{0,12}:$")
OWN_SUBJECT = re.compile("(?!关于)[\u4e00-\u9fff]{2,20}关于")
TITLE_VERB = re.compile("关于|印发|转发|批转|公布|的")
WHOLE_TITLE = re.compile(
    rf"(?:{LETTER}|任务|工作|安排|行动|规划|重点|讲话|总结|解读|一览表|分解表|任务书)(?:\(.{{1,20}}\))?$"
)
FROM_YEAR = re.compile(r"(?<![自从到至截])(20\d\d)年起(?=[^,。;]{0,4}(?:年内|[,全在实开组]))")
# Not 截至2030年底, 较2030年底, nor 2030年底已.
LIMIT_YEAR = re.compile(
    r"(?<![较比截至与同自])(20\d\d)年(?:\d{1,2}月(?:[\d底末上中下旬日]{1,3}|份)?|年?[底末])(?:之?前|以前)(?!的|已|[^,。;]{0,6}了)"
)
LONGEST_LOOK = 60_000
TITLE_LINE = 60
LONGEST_HEAD = 400  # a title with what is glued to it; longer paragraphs are not looked at


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
        cover = self._cover()
        body = self._run(self.parts[self.main]) if self.parts and (self.main or not cover) else None
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
            year=(stated := self._year(words, dated)) or self._year_of_limits(),
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

    def _cover(self) -> tuple[int, int] | None:
        """The title of the letter: 「…关于…的通知」, perhaps over several lines."""
        if not self.parts:
            return None
        run = self._run(self.parts[0])
        if run:
            match = COVER_TITLE.match(self.normal.text[slice(*run)].replace("\n", ""))
            if match or len(self.parts) == 1 or self.main == 0:
                return run
        return run

    def _run(self, part: Part) -> tuple[int, int] | None:
        """The first lines of a part that can be its title."""
        start = end = None
        head = self._head(part)
        for at, (low, high) in enumerate(head):
            words = self.normal.text[low:high]
            cut = self._title_end(words)
            if cut is not None and self._is_body_beside(
                head[at:], self.normal.text[start:end] if start is not None else ""
            ):
                if start is not None:
                    break
                continue
            if start is not None and YEARS_LINE.fullmatch(words):
                end = high
                break
            if cut is None:
                if start is not None and META.match(words) and is_unit(self.normal.text[start:end]):
                    start = None  # the name of a web site above what a crawler wrote down
                elif start is not None:
                    break
                if len(words) > 90 and not META.match(words):
                    return None
                continue
            start = low if start is None else start
            end = low + cut
            if (
                COVER_TITLE.fullmatch(self.normal.text[start:end].replace("\n", ""))
                or cut < len(words)
                or end - start > 150
            ):
                break
        return self._without_issuer(start, end) if start is not None and end is not None else None

    def _is_body_beside(self, lines: list[tuple[int, int]], title: str) -> bool:
        """Whether the first line names a body that stands over or under the title and is no part of it."""
        words = self.normal.text[slice(*lines[0])]
        if not _is_body(words):
            return False
        behind = next((line for line in lines if not _is_body(self.normal.text[slice(*line)])), None)
        follows = self.normal.text[slice(*behind)] if behind else ""
        goes_on = bool(follows) and self._title_end(follows) is not None and not YEARS_LINE.fullmatch(follows)
        if title:
            return bool(WHOLE_TITLE.search(title)) or not goes_on
        return goes_on and not TITLE_VERB.match(follows)

    def _title_end(self, words: str) -> int | None:
        """How far `words` can be a title's, None when they cannot."""
        if (
            len(words) > LONGEST_HEAD
            or META.match(words)
            or words.count("|") > 1
            or DATE_LINE.match(words)
            or NUMBER.fullmatch(words)
            or SALUTATION.match(words)
        ):
            return None
        if re.match(r"附件|\(此件|目录$|各[省市县区乡]|机密|秘密|特急|\(.{0,80}\)$", words):
            return None
        whole = COVER_TITLE.match(words)
        remark = REMARK.search(words)
        number = NUMBER.search(words)
        if number and number.end() < len(words) - 2:
            number = None
        cut = min([len(words), *(found.start() for found in (remark, number) if found)])
        if whole and whole.end() in (cut, len(words)):
            return whole.end()
        if cut < 3 or cut > TITLE_LINE or any(char in "。;!?:" for char in words[:cut]):
            return None
        return cut

    def _without_issuer(self, start: int, end: int) -> tuple[int, int]:
        """A letterhead above the title is no part of it: 「…文件」, or a body where the title has its own subject."""
        words = self.normal.text[start:end]
        first, _, rest = words.partition("\n")
        if rest and (first.endswith("文件") or (is_unit(first) and OWN_SUBJECT.match(rest))):
            return start + len(first) + 1, end
        return start, end

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
        for title in titles:
            span = YEARS.search(title)
            if span:
                return issued if issued and int(span[1]) <= issued <= int(span[2]) else int(span[1])
            match = YEAR.search(title)
            if match and not (issued and int(match[1]) > issued + 1):  # 2035年远景目标 is not the plan's year
                return int(match[1])
        if issued:
            return issued
        for start, end in self._everything():
            if DATEISH.match(self.normal.text[start:end]) and (match := YEAR.match(self.normal.text, start)):
                return int(match[1])  # a signature whose day cannot be read
        return self._year_of_text()

    def _year_of_text(self) -> int | None:
        """The year the preamble gives the plan, else the first one a heading line or the text speaks of."""
        for part in self.parts:
            for start, end in self._head(part):
                line = self.normal.text[start:end]
                if line.startswith("(") and (match := YEAR.search(line)):
                    return int(match[1])
        for part in self.parts:
            for start, end in self._head(part):
                match = PLAN_YEAR.search(self.normal.text, start, end)
                if match:
                    return int(match[1])
        return None

    def _year_of_limits(self) -> int | None:
        """The year the work starts (2031年起), else the only one its limits name (2031年6月底前); never an aim's."""
        text = self.normal.text[:LONGEST_LOOK]
        first = FROM_YEAR.search(text)
        if first:
            return int(first[1])
        years = {int(match[1]) for match in LIMIT_YEAR.finditer(text)}
        return years.pop() if len(years) == 1 else None


def _is_body(words: str) -> bool:
    """A line that names a body alone."""
    return 4 <= len(words) < 30 and is_unit(words) and not TITLE_VERB.search(words) and not YEAR.search(words)


def valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
