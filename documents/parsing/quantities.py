"""Numbers with a measure: 5000万元, 5个, 80%, 1.78万人, 三分之一, 5-8家; what they mean is decided in targets.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.parsing.numerals import ARABIC, CHINESE, number

_PER = r"(?:/(?:立方米|平方公里|平方米|万人|学年|公里|小时|千人|人次|[人亩户吨年月日次天秒升度台套件项]))?"
# Longer words first: 个百分点 before 个, 场次 before 场.
_UNITS = (
    "个百分点|百分点|个工作日|工作日|个小时|个月|标准立方米|空方|微克|毫克|平方公里|平方千米|平方米|立方米|吨标准煤|千瓦时|千伏安|标箱|"
    "兆瓦时|兆瓦|吉瓦|千瓦|公里|千米|公顷|公斤|千克|毫米|厘米|分贝|美元|港元|人次|人天|人日|场次|批次|频次|班次|班列|架次|车次|航次|学时|课时|"
    "台套|台次|户次|亩次|家次|件次|辆次|艘次|次|株|羽|条|张床位|张床|张|个|家|项|户|人|名|位|元|亩|米|吨|座|所|处|场|期|篇|件|台|套|辆|艘|架|部|款|种|"
    "组|对|支|队|间|栋|幢|只|头|棵|口|眼|盏|块|片|册|本|枚|宗|例|份|班|届|站|床|斤|度|株|盒|瓶|根|匹|尾|桩|起|尊|卷|升|倍|%|‰|"
    "小时|分钟|天|日|周岁|岁|年|月|ms|毫秒|秒|EFLOPS|PFLOPS|TB|PB"
)
_HEAD = r"(?<![\dA-Za-z.+:∶/第零一二两三四五六七八九十百千])"
QUANTITY = re.compile(
    rf"(?:{_HEAD}(?:(?P<low>{ARABIC})(?P<low_unit>%)?(?:-|—|–|~|至|到)(?=\d))?(?P<value>{ARABIC})(?P<vague>余|多)?"
    rf"(?P<scale>万亿|千万|百万|亿|万|千|百)?(?P<more>余|多)?(?P<unit>{_UNITS})(?P<per>{_PER}))"
    rf"|(?:{_HEAD}(?P<chinese>{CHINESE})(?:(?P<tenths>成)(?=以上|左右|[,。;、)以])|(?P<chinese_scale>万亿|亿|万)?(?P<chinese_unit>{_UNITS})))"
    r"|百分之(?P<percent>[一二三四五六七八九十百零]{1,5}|\d{1,3})"
    r"|(?<![一二三四五六七八九十百\d])(?P<under>[二三四五六七八九十]|\d{1,3})分之(?P<over>[一二三四五六七八九]|\d{1,3})"
)


@dataclass(frozen=True)
class Quantity:
    """A number with its measure. `value` and `unit` are as written; a fraction is given in per cent."""

    start: int
    end: int
    value: float
    unit: str
    chinese: bool = False

    @property
    def kind(self) -> str:
        """percent, money, time or count."""
        if self.unit.startswith(("%", "‰", "个百分点", "百分点", "倍")):
            return "percent"
        if "元" in self.unit.split("/")[0]:
            return "money"
        return "time" if self.unit.lstrip("个万") in _TIME else "count"


_TIME = frozenset(("工作日", "小时", "月", "分钟", "天", "日", "周岁", "岁", "年", "毫秒", "ms", "秒"))


def quantities(text: str) -> Iterator[Quantity]:
    """Every number with a measure, from left to right."""
    for found in QUANTITY.finditer(text):
        quantity = _quantity(found)
        if quantity is not None:
            yield quantity


def _quantity(found: re.Match[str]) -> Quantity | None:
    parts = found.groupdict()
    if parts["percent"]:
        value = number(parts["percent"])
        return None if value is None else Quantity(found.start(), found.end(), value, "%", True)
    if parts["under"]:
        whole, part = number(parts["under"]), number(parts["over"])
        if not whole or part is None or part > whole:
            return None
        return Quantity(found.start(), found.end(), round(100 * part / whole, 2), "%", True)
    if parts["chinese"]:
        value = number(parts["chinese"])
        if value is None:
            return None
        if parts["tenths"]:
            return Quantity(found.start(), found.end(), value * 10, "%", True)
        unit = (parts["chinese_scale"] or "") + parts["chinese_unit"]
        return Quantity(found.start(), found.end(), value, unit, True)
    value = number(parts["low"] or parts["value"])
    unit = (parts["scale"] or "") + parts["unit"] + (parts["per"] or "")
    return None if value is None else Quantity(found.start(), found.end(), value, unit)
