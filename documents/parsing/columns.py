"""The columns of a table of work, found by the words of its header."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.draft import Span
from documents.folding import squash_line
from documents.roles import label_role

NO, TEXT, UNIT, DEADLINE, GROUP, OTHER = "no", "text", "unit", "deadline", "group", "other"
LEADERS = re.compile(r".{0,6}(?:领导|责任人|负责人)[及和与、]")  # 牵头领导及责任单位: it is the leader who leads
HEADERS = (
    (NO, r"(?:序号|编号|序|号|No\.?|项目?编号)$"),
    (
        OTHER,
        r"(?!.*(?:单位|部门)).*(?:领导|责任人|负责人|联系人|电话|备注|经办|得分|分值|完成情况|进展|资金|投资|依据|来源).*$",
    ),
    (UNIT, r".{0,10}(?:单位|部门|主体|处室|科室)(?:\(.{1,20}\))?$|(?:牵头|配合|责任|协办|主办|责任分工|分工)$"),
    (DEADLINE, r".{0,8}(?:时限|时间|期限|节点|进度)(?:要求|安排)?$"),
    (GROUP, r".{0,4}(?:类别|领域|板块|分类|类型|方面|类)$"),
    (
        TEXT,
        r".{0,12}(?:任务|事项|内容|项目|工作|举措|措施|实事|目标|要求|要点|指标|名称|清单|问题|改革|政策)(?:名称|内容|事项|要点|分解|清单|目标|要求|举措|措施)?(?:\(.{1,12}\))?$",
    ),
)


@dataclass(frozen=True)
class Column:
    kind: str
    words: str
    role: str = ""


def columns_of(header: list[str]) -> tuple[Column, ...]:
    """The columns a header names, empty when it is not the header of a table of work."""
    columns = tuple(column_of(words) for words in header)
    kinds = [column.kind for column in columns]
    if kinds.count(UNIT) and (TEXT in kinds or GROUP in kinds or NO in kinds) and len(columns) >= 2:
        return columns
    return ()


def column_of(words: str) -> Column:
    for kind, pattern in HEADERS:
        if words and re.match(pattern, words):
            return Column(kind, words, label_role(LEADERS.sub("", words)) if kind == UNIT else "")
    return Column(OTHER, words)


def words_of(text: str, cell: Span | None) -> str:
    return squash_line(text, cell.start, cell.end).text if cell else ""
