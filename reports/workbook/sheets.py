"""The sheets of the monthly report: columns, widths and rows, from the snapshot alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from openpyxl import Workbook

from reports.workbook.edition import Edition
from reports.workbook.sheet import A3, A4, NOTHING, Light, Sheet, day
from reports.workbook.styles import Style, Styles, light_words
from tasks.choices import GLYPHS
from tasks.choices import Light as Code

T, M, N, D = Style.TEXT, Style.MIDDLE, Style.COUNT, Style.DATE
COUNTED = (Code.NORMAL, Code.BEHIND, Code.FAR_BEHIND, Code.DONE)
NOTE, LAGGING = ((7, 9),), ((3, 4), (6, 7), (8, 9))  # columns merged on the first sheet
FIRST = 10  # lines of the list of ■ and ▲ on the first sheet


def start(
    workbook: Workbook, styles: Styles, edition: Edition, name: str, widths: Sequence[float], *,
    paper: int = A4, landscape: bool = True, titled: bool = True, **page,
) -> Sheet:  # fmt: skip
    sheet = Sheet(workbook, styles, name, widths)
    sheet.page(paper=paper, landscape=landscape, mark=edition.mark, **page)
    if titled:
        sheet.top(edition.title if name == "总览" else edition.title_of(name), edition.left, edition.right)
    return sheet


def finish(sheet: Sheet, edition: Edition) -> None:
    sheet.gap()
    sheet.merged(edition.signatures, Style.SIGN, height=20)


# --- 总览 ------------------------------------------------------------------------------------------------------------


def summary(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    widths = (8, 32, 12, 12, 12, 12, 12, 12, 12)
    sheet = start(workbook, styles, edition, "总览", widths, freeze="A3", one_page=True)
    _summary_counts(sheet, edition)
    sheet.gap()
    _summary_sections(sheet, edition)
    sheet.gap()
    _summary_lagging(sheet, edition)
    finish(sheet, edition)


def _summary_counts(sheet: Sheet, edition: Edition) -> None:
    """Filing figures and lights, each beside last month's and the difference."""
    sheet.merged("一、报送情况与进展灯", Style.BLOCK)
    before = edition["previous"] or {}
    sheet.head(("序号", "指标", "单位", "本月", "上月", "增减", "说明", "", ""), height=22, spans=NOTE)
    counts, old = edition["counts"], before.get("counts") or {}
    rows = [(label, "份", counts[name], old.get(name), note) for label, name, note in _count_lines(counts)]
    for at, row in enumerate(rows, 1):
        _summary_line(sheet, at, *row)
    _rate_line(sheet, len(rows) + 1, counts, old)
    lights, old = edition["lights"], before.get("lights") or {}
    for at, code in enumerate((*COUNTED, Code.UNASSESSED), len(rows) + 2):
        _summary_line(sheet, at, light_words(code), "项", lights[code], old.get(code), "")


def _count_lines(counts: dict) -> list[tuple[str, str, str]]:
    optional = f"另有“有则报”事项{counts['open_items']}项，收到{counts['optional_filed']}份"
    return [
        ("应报", "expected", optional if counts["open_items"] else ""),
        ("已报", "filed", f"其中无新进展{counts['nil']}份" if counts["nil"] else ""),
        ("按时", "on_time", ""),
        ("补报", "late", "提交日期晚于截止日期"),
        ("未报", "missing", "名单见“逾期清单”和“填报说明”"),
        ("退回未改", "returned", ""),
        ("免报", "waived", "不计入应报"),
    ]


def _summary_line(sheet: Sheet, at: int, label: str, unit: str, now: int, before: int | None, note: str) -> None:
    known = before is not None
    values = (at, label, unit, now, before if known else NOTHING, now - before if known else NOTHING, note, "", "")
    sheet.line(values, (M, T, M, N, N, N, T, T, T), spans=NOTE)


def _rate_line(sheet: Sheet, at: int, counts: dict, before: dict) -> None:
    now, old = _rate(counts), _rate(before)
    percent = Style.PERCENT
    gap = NOTHING if now is None or old is None else f"{round(now * 100) - round(old * 100):+d}个百分点"
    values = (
        at,
        "按时率",
        "%",
        NOTHING if now is None else now,
        NOTHING if old is None else old,
        gap,
        "按时÷应报",
        "",
        "",
    )
    sheet.line(values, (M, T, M, percent, percent, N, T, T, T), spans=NOTE)


def _rate(counts: dict) -> float | None:
    return counts["on_time"] / counts["expected"] if counts and counts["expected"] else None


def _summary_sections(sheet: Sheet, edition: Edition) -> None:
    sheet.merged("二、各板块进展灯（项）", Style.BLOCK)
    codes = (*COUNTED, Code.UNASSESSED, Code.NOT_APPLICABLE)
    sheet.head(("序号", "板块", "事项数", *(f"{GLYPHS[code]}{code.label}" for code in codes)), height=22)
    for section in edition["sections"]:
        counts = [section["lights"][code] for code in codes]
        sheet.line((section["number"], section["title"], section["items"], *counts), (M, T, *[N] * 7))
    total = [edition["lights"][code] for code in codes]
    sheet.line(("", "合计", edition["counts"]["items"], *total), (M, T, *[N] * 7))


def _summary_lagging(sheet: Sheet, edition: Edition) -> None:
    lagging = [item for code in (Code.FAR_BEHIND, Code.BEHIND) for item in edition["items"] if item["light"] == code]
    more = f"（共{len(lagging)}项，列前{FIRST}项，其余见“分事项进展”）" if len(lagging) > FIRST else ""
    sheet.merged(f"三、滞后事项{more}", Style.BLOCK)
    sheet.head(("序号", "工作任务", "责任单位", "", "进展灯", "原因", "", "请求协调", ""), height=22, spans=LAGGING)
    for item in lagging[:FIRST]:
        reason = item["light_reason"] or item["problems"]
        values = (
            item["number"],
            item["title"],
            item["units"],
            "",
            Light(item["light"]),
            reason,
            "",
            item["coordination"],
            "",
        )
        sheet.line(values, (M, T, T, T, M, T, T, T, T), spans=LAGGING)
    if not lagging:
        sheet.merged("本月没有认定为滞后或严重滞后的事项。", Style.TEXT)


# --- 分事项进展 ------------------------------------------------------------------------------------------------------

ITEM_COLUMNS = {
    "序号": 5, "工作任务": 42, "责任单位（牵头/分工）": 18, "进展灯": 8, "较上月": 7, "本月进展（采用稿）": 50,
    "关键数据（含截至）": 24, "存在问题": 22, "下一步打算": 22, "报送": 10,
}  # fmt: skip


def items(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    sheet = start(workbook, styles, edition, "分事项进展", tuple(ITEM_COLUMNS.values()), paper=A3, freeze="C4",
                  repeat="1:3", outline=True)  # fmt: skip
    sheet.head(tuple(ITEM_COLUMNS))
    for at, group in groupby(edition["items"], key=lambda item: item["section"]):
        section = edition["sections"][at]
        sheet.merged(f"{section['number']}、{section['title']}", Style.SECTION, height=22)
        for item in group:
            sheet.long_line(_item_values(item), (M, T, T, M, M, T, T, T, T, M), outline=1)
    sheet.filter_from(3)
    finish(sheet, edition)


def _item_values(item: dict) -> tuple:
    return (
        item["number"], item["title"], item["units"], Light(item["light"]), compared(item), item["text"] or NOTHING,
        NOTHING, item["problems"] or NOTHING, item["next_step"] or NOTHING, item["filing"],
    )  # fmt: skip


def compared(item: dict) -> str:
    """Last month's glyph → this month's, with the direction; 持平 when they are the same."""
    if not item["arrow"]:
        return NOTHING
    if item["arrow"] == "→":
        return "持平"
    return f"{GLYPHS[Code(item['previous_light'])]}→{GLYPHS[Code(item['light'])]}{item['arrow']}"


# --- 分部门 ----------------------------------------------------------------------------------------------------------

DEPARTMENT_COLUMNS = {
    "单位": 22, "应报（份）": 7, "已报（份）": 7, "按时（份）": 7, "补报（份）": 7, "退回（次）": 7,
    "●正常（项）": 7, "▲滞后（项）": 7, "■严重滞后（项）": 9, "◆已完成（项）": 8, "主要进展": 56, "需协调": 30,
}  # fmt: skip


def departments(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    sheet = start(workbook, styles, edition, "分部门", tuple(DEPARTMENT_COLUMNS.values()), freeze="B4", repeat="1:3")
    sheet.head(tuple(DEPARTMENT_COLUMNS), height=48)
    for department in edition["departments"]:
        counts = [department[name] for name in ("expected", "filed", "on_time", "late", "return_times")]
        lights = [department["lights"][code] for code in COUNTED]
        texts = [department["progress"] or NOTHING, department["coordination"] or NOTHING]
        sheet.long_line((department["name"], *counts, *lights, *texts), (T, *[N] * 9, T, T))
    sheet.filter_from(3)
    finish(sheet, edition)


# --- 逾期清单 --------------------------------------------------------------------------------------------------------

OVERDUE_COLUMNS = {
    "单位": 22, "事项": 36, "类型": 11, "应完成日": 12,
    "逾期天数（天）": 10, "催办次数与时间": 16, "联络员": 10, "说明": 40,
}  # fmt: skip


def overdue(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    """Two blocks that are never mixed: what was filed late or not at all, and what work lags."""
    sheet = start(workbook, styles, edition, "逾期清单", tuple(OVERDUE_COLUMNS.values()), freeze="A4", repeat="1:3")
    sheet.head(tuple(OVERDUE_COLUMNS))
    sheet.merged("一、报送逾期", Style.SECTION, height=22)
    for row in edition["overdue"]["filing"]:
        what = f"第{row['number']}项 {row['title']}"
        values = (
            row["department"],
            what,
            row["kind"],
            day(row["due_on"]),
            row["days"],
            NOTHING,
            row["liaison"],
            row["note"],
        )
        sheet.line(values, (T, T, M, D, N, M, M, T))
    if not edition["overdue"]["filing"]:
        sheet.merged("没有逾期的报送。", Style.TEXT)
    sheet.merged("二、工作滞后", Style.SECTION, height=22)
    for row in edition["overdue"]["work"]:
        what = f"第{row['number']}项 {row['title']}"
        values = (row["department"], what, Light(row["light"]), NOTHING, NOTHING, NOTHING, NOTHING, row["note"])
        sheet.long_line(values, (T, T, M, M, M, M, M, T))
    if not edition["overdue"]["work"]:
        sheet.merged("没有认定为滞后或严重滞后的事项。", Style.TEXT)
    sheet.filter_from(3)
    finish(sheet, edition)


# --- 填报说明 --------------------------------------------------------------------------------------------------------


def notes(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    sheet = start(workbook, styles, edition, "填报说明", (16, 76), landscape=False, freeze="A3", repeat="1:2")
    for name, text in (*_rules(edition), ("未报名单", _missing(edition)), *_versions(edition)):
        sheet.long_line((name, text), (T, T))
    finish(sheet, edition)


def _rules(edition: Edition) -> list[tuple[str, str]]:
    behind, far = edition["settings"]["behind_gap"], edition["settings"]["far_behind_gap"]
    return [
        ("进展灯规则",
         f"●正常：与序时目标差距小于{behind}个百分点，且没有逾期的时间节点。\n"
         f"▲滞后：与序时目标差距{behind}至{far}个百分点，或时间节点逾期30天以内。\n"
         f"■严重滞后：与序时目标差距大于{far}个百分点，或时间节点逾期超过30天。\n"
         "◆已完成：必须报送的单位都已办结并经审核。\n"
         "○待认定：尚未认定。  /不适用：本月不要求报送。\n"
         "没有量化目标和时间节点的事项，由单位自评、编制单位认定。"),
        ("报送状态",
         "已通过：报送已经审核通过。已提交：报送待审。未报：定稿时没有报送。退回未改：退回后没有重新提交，保留退回前最后一次提交的文字。\n"
         "补报：提交日期晚于截止日期。免报：经编制单位同意本月不报。有则报：没有必须报送的单位，有进展时报送。"),
        ("口径",
         "应报＝必须报送且未免报的份数；已报＝应报中已提交的份数；应报＝已报＋未报＋退回未改；按时率＝按时÷应报。\n"
         "逾期天数按自然日计算。较上月：“●→▲↓”表示上月正常、本月滞后，↓为变差，↑为好转。\n"
         "“—”表示本期没有这项数据。一项工作由几个单位分别负责的，分别报送、分别列出。"),
        ("数据来源",
         f"《{edition['plan']['title']}》各责任单位{edition.month}报送，经本单位审签、编制单位审核；“本月进展”为编制单位采用稿，"
         "没有采用稿的，按文件顺序列各单位原报文字。"),
    ]  # fmt: skip


def _missing(edition: Edition) -> str:
    if not edition["missing"]:
        return "本月应报全部报送。"
    return "\n".join(f"第{row['number']}项　{row['department']}　{row['words']}" for row in edition["missing"])


def _versions(edition: Edition) -> list[tuple[str, str]]:
    return [("版本与修订记录" if at == 0 else "", _version(version)) for at, version in enumerate(edition.versions)]


def _version(version: dict) -> str:
    head = (
        f"{version['label']}　{version['issued_on']}　签发人：{version['signer']}"
        if version["signer"]
        else version["label"]
    )
    lines = [head]
    if version["reason"]:
        lines.append(f"原因：{version['reason']}")
    if version["changes"]:
        lines.append(f"与上一版相比变了{len(version['changes'])}处：")
        lines += [
            f"{row['item']} {row['what']}：{row['before'] or '（空）'} → {row['after'] or '（空）'}"
            for row in version["changes"]
        ]
    return "\n".join(lines)


# --- 数据 ------------------------------------------------------------------------------------------------------------

DATA_COLUMNS = {
    "month": ("月份", 9), "section": ("板块", 24), "number": ("序号", 6), "title": ("事项", 32),
    "department": ("单位", 20), "scope": ("所涉部分", 12), "role": ("分工代码", 12),
    "role_label": ("分工", 11), "required": ("应报", 6), "state": ("状态代码", 11),
    "state_label": ("状态", 9), "kind": ("本月情况代码", 13), "kind_label": ("本月情况", 10),
    "due_on": ("截止日", 11), "filed_on": ("首次提交日", 11), "days_late": ("补报天数", 9),
    "return_times": ("退回次数", 9), "self_light": ("自评灯代码", 12), "self_light_label": ("自评灯", 9),
    "light": ("事项进展灯代码", 14), "light_label": ("事项进展灯", 11), "text": ("进展情况", 60),
    "problems": ("存在问题", 30), "coordination": ("需省级协调", 30), "next_step": ("下一步打算", 30),
    "approver": ("审签人", 10), "approved_on": ("审签日期", 11),
}  # fmt: skip


def data(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    """One row per department and item, codes beside words, dates as ISO text: for filters and pivot tables."""
    widths = tuple(width for _, width in DATA_COLUMNS.values())
    sheet = start(workbook, styles, edition, "数据", widths, paper=A3, titled=False, freeze="B2", repeat="1:1")
    sheet.head([name for name, _ in DATA_COLUMNS.values()], height=22)
    for row in edition["rows"]:
        sheet.plain([_flat(row[name]) for name in DATA_COLUMNS])
    sheet.filter_from(1)


def _flat(value):
    return ("是" if value else "否") if isinstance(value, bool) else value
