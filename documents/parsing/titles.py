"""Which lines at the head of a document, or of what it encloses, are its title."""

from __future__ import annotations

import re

from documents.parsing.names import is_unit
from documents.parsing.outline import DATE_LINE
from documents.parsing.years import YEAR

LETTER = r"(?:通知|函|意见|决定|公告|通报|批复|报告|请示|通告|命令|方案|措施|要点|计划|办法|清单|分工|规定)"
COVER_TITLE = re.compile(
    rf"[^。;]{{0,80}}?关于[^。;]{{2,160}}?的?{LETTER}(?:\((?:试行|暂行|修订|征求意见稿|草案)\))?(?![\u4e00-\u9fff《”])"
)
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,14}[〔\[(【](?:19|20)\d\d[〕\])】]第?\d{1,5}号")
META = re.compile(
    r"(?:发文机[关构]|发布机构|制发机关|公开主体|发文单位|发文字号|文号|文件编号|成文日期|发布日期|发布时间|发文日期|印发日期|生成日期|来源|信息来源|索引号|关键[字词]|主题词|标题|信息名称|文件名称|名称|主题分类|分类"
    r"|政策类型|政策层级|有效性|时效性|作者|浏览|体裁分类|公开方式|组配分类|公开范围|公开时限|信息分类)[:|]"
)
REMARK = re.compile(r"[-—(]{0,3}此件.*|\((?:20\d\d|二).{4,14}日.{0,24}\)$|已?宣布失效。?$")
YEARS_LINE = re.compile(r"\((?:(?:19|20)\d\d年?[-—–~至]{1,2})?(?:19|20)\d\d年度?\)")
SALUTATION = re.compile(r".{2,}:$")
OWN_SUBJECT = re.compile("(?!关于)[\u4e00-\u9fff]{2,20}关于")
TITLE_VERB = re.compile("关于|印发|转发|批转|公布|的")
WHOLE_TITLE = re.compile(
    rf"(?:{LETTER}|任务|工作|安排|行动|规划|重点|讲话|总结|解读|一览表|分解表|任务书)(?:\(.{{1,20}}\))?$"
)
TITLE_LINE = 60
LONGEST_HEAD = 400  # a title with what is glued to it; longer paragraphs are not looked at


def title_run(text: str, head: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The first lines of the head of a part that can be its title."""
    start = end = None
    for at, (low, high) in enumerate(head):
        words = text[low:high]
        cut = _title_end(words)
        if cut is not None and _is_body_beside(text, head[at:], text[start:end] if start is not None else ""):
            if start is not None:
                break
            continue
        if start is not None and YEARS_LINE.fullmatch(words):
            end = high
            break
        if cut is None:
            if start is not None and META.match(words) and is_unit(text[start:end]):
                start = None  # the name of a web site above what a crawler wrote down
            elif start is not None:
                break
            if len(words) > 90 and not META.match(words):
                return None
            continue
        start = low if start is None else start
        end = low + cut
        if COVER_TITLE.fullmatch(text[start:end].replace("\n", "")) or cut < len(words) or end - start > 150:
            break
    return _without_letterhead(text, start, end) if start is not None and end is not None else None


def _is_body_beside(text: str, lines: list[tuple[int, int]], title: str) -> bool:
    """Whether the first line names a body that stands over or under the title and is no part of it."""
    words = text[slice(*lines[0])]
    if not _is_body(words):
        return False
    behind = next((line for line in lines if not _is_body(text[slice(*line)])), None)
    follows = text[slice(*behind)] if behind else ""
    goes_on = bool(follows) and _title_end(follows) is not None and not YEARS_LINE.fullmatch(follows)
    if title:
        return bool(WHOLE_TITLE.search(title)) or not goes_on
    return goes_on and not TITLE_VERB.match(follows)


def _title_end(words: str) -> int | None:
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


def _without_letterhead(text: str, start: int, end: int) -> tuple[int, int]:
    """A letterhead above the title is no part of it: 「…文件」, or a body where the title has its own subject."""
    words = text[start:end]
    first, _, rest = words.partition("\n")
    if rest and (first.endswith("文件") or (is_unit(first) and OWN_SUBJECT.match(rest))):
        return start + len(first) + 1, end
    return start, end


def _is_body(words: str) -> bool:
    """A line that names a body alone."""
    return 4 <= len(words) < 30 and is_unit(words) and not TITLE_VERB.search(words) and not YEAR.search(words)
