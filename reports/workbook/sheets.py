"""The sheets of the monthly report: columns, widths and rows, from the snapshot alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from openpyxl import Workbook

from reports.wording import brief
from reports.workbook.edition import Edition
from reports.workbook.sheet import A3, A4, NOTHING, Light, Sheet, day
from reports.workbook.styles import Style, Styles
from tasks.choices import GLYPHS
from tasks.choices import Light as Code

T, M, N, D = Style.TEXT, Style.MIDDLE, Style.COUNT, Style.DATE
COUNTED = (Code.NORMAL, Code.BEHIND, Code.FAR_BEHIND, Code.DONE)
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
    """The last lines: who made it, who checked it, whom to call, the date."""
    sheet.gap()
    for line in sheet.packed(edition.signatures):
        sheet.merged(line, Style.SIGN, height=20)


# --- 总览 ------------------------------------------------------------------------------------------------------------


SUMMARY_WIDTHS = (6, 42, 8, 10, 10, 14, 16, 10, 10, 10, 44)
SUMMARY_SPANS = ((3, 6), (8, 10))  # columns merged in the list of lagging items
LIGHT_STYLES = (M, N, N, N, T)


def summary(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    sheet = start(workbook, styles, edition, "总览", SUMMARY_WIDTHS, freeze="A3", one_page=True)
    sheet.merged("一、报送情况与进展灯", Style.BLOCK)
    _summary_figures(sheet, edition)
    sheet.gap()
    sheet.merged("二、各板块进展灯（项）", Style.BLOCK)
    _summary_sections(sheet, edition)
    sheet.gap()
    _summary_lagging(sheet, edition)
    finish(sheet, edition)


def _summary_figures(sheet: Sheet, edition: Edition) -> None:
    """Filing figures on the left, lights on the right, each beside last month's and the difference."""
    sheet.head(
        ("序号", "报送指标", "单位", "本月", "上月", "增减", "进展灯（项）", "本月", "上月", "增减", "说明"), height=22
    )
    before = edition["previous"] or {}
    counts = _count_lines(edition["counts"], before.get("counts") or {})
    lights = _light_lines(edition["lights"], before.get("lights") or {})
    notes = _count_notes(edition["counts"])
    for at, line in enumerate(counts):
        light = lights[at] if at < len(lights) else ("", "", "", "")
        share = Style.PERCENT if line[1] == "%" else N
        styles = (M, T, M, share, share, N, *LIGHT_STYLES)
        sheet.line((at + 1, *line, *light, notes.get(line[0], "")), styles)


def _count_lines(now: dict, before: dict) -> list[tuple]:
    names = {"应报": "expected", "已报": "filed", "按时": "on_time", "补报": "late", "未报": "missing",
             "退回未改": "returned", "免报": "waived"}  # fmt: skip
    lines = [(label, "份", *_beside(now[name], before.get(name))) for label, name in names.items()]
    rate, old = _rate(now), _rate(before)
    points = NOTHING if rate is None or old is None else f"{round(rate * 100) - round(old * 100)}个百分点"
    return [*lines, ("按时率", "%", _or_nothing(rate), _or_nothing(old), points)]


def _light_lines(now: dict, before: dict) -> list[tuple]:
    codes = (*COUNTED, Code.UNASSESSED, Code.NOT_APPLICABLE)
    return [(Light(code), *_beside(now[code], before.get(code))) for code in codes]


def _beside(now: int, before: int | None) -> tuple:
    return (now, NOTHING, NOTHING) if before is None else (now, before, now - before)


def _or_nothing(value: float | None) -> float | str:
    return NOTHING if value is None else value


def _rate(counts: dict) -> float | None:
    return counts["on_time"] / counts["expected"] if counts and counts["expected"] else None


def _count_notes(counts: dict) -> dict[str, str]:
    return {
        "应报": f"另有“有则报”事项{counts['open_items']}项，收到{counts['optional_filed']}份"
        if counts["open_items"]
        else "",
        "已报": f"其中无新进展{counts['nil']}份" if counts["nil"] else "",
        "补报": "提交日期晚于截止日期",
        "未报": "名单见“逾期清单”“填报说明”",
        "免报": "不计入应报",
        "按时率": "按时÷应报",
    }


def _summary_sections(sheet: Sheet, edition: Edition) -> None:
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
    names = ("序号", "工作任务", "责任单位", "", "", "", "进展灯", "原因", "", "", "请求协调")
    sheet.head(names, height=22, spans=SUMMARY_SPANS)
    for item in lagging[:FIRST]:
        values = (
            item["number"], item["title"], item["units"], "", "", "", Light(item["light"]),
            item["light_reason"] or brief(item["problems"]), "", "", brief(item["coordination"]),
        )  # fmt: skip
        sheet.line(values, (M, T, T, T, T, T, M, T, T, T, T), spans=SUMMARY_SPANS)
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
    "单位": 22, "应报\n（份）": 7, "已报\n（份）": 7, "按时\n（份）": 7, "补报\n（份）": 7, "退回\n（次）": 7,
    "●正常\n（项）": 7, "▲滞后\n（项）": 7, "■严重滞后\n（项）": 11, "◆已完成\n（项）": 9, "主要进展": 56, "需协调": 30,
}  # fmt: skip


def departments(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    sheet = start(workbook, styles, edition, "分部门", tuple(DEPARTMENT_COLUMNS.values()), freeze="B4", repeat="1:3")
    sheet.head(tuple(DEPARTMENT_COLUMNS), height=34)
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
    "逾期天数\n（天）": 10, "催办次数与时间": 16, "联络员": 10, "说明": 40,
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
    sheet = start(workbook, styles, edition, "填报说明", (14, 32, 48), landscape=False, freeze="A3", repeat="1:2")
    for name, text in (*_rules(edition), ("未报名单", _missing(edition)), *_versions(edition)):
        sheet.long_line((name, text, ""), (T, T, T), spans=((2, 3),))
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
