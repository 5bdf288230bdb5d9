"""Where a document was issued, and the full name of a body that is named without its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

PROVINCES = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
]
PLACE_OF = re.compile(
    r"(?:中共|中国共产党)?([\u4e00-\u9fff]{2,12}?(?:省|自治区|自治州|自治县|市|州|盟|地区|县|区|旗))(?=[\u4e00-\u9fff])"
)
WITH_PLACE = re.compile(
    r"(?:省|市|县|区|州|旗|盟|镇|乡|自治区|自治州|自治县|国家|中央|全国|中国|国网|国务院|团[省市县区州]|人民银行|人行|驻|各)"
    rf"|(?:{'|'.join(PROVINCES)})|[\u4e00-\u9fff]{{1,6}}[省市县区州旗盟](?=[\u4e00-\u9fff]{{2}})"
)
PARTY = re.compile(r"组织部|宣传部|统战部|政法委|政研室|改革办|网信办|编办|社会工作部|巡察办|老干部局|农办|办公室")
PARTY_OF = re.compile(r"(?:[\u4e00-\u9fff]{0,6}?)([省市县区州旗]委)(?=[\u4e00-\u9fff])")
LOCAL = re.compile(r"[\u4e00-\u9fff]{2,18}(?:厅|局|委|办|委员会|办公室|中心|部门|公司|分行|社|会|院)$")
CENTRAL = re.compile(r"国务院|中共中央|国家|中央|全国|财政部|教育部|工业和信息化部|农业农村部|部(?:办公厅)?$")
LEVELS = {
    "省": "省",
    "自治区": "省",
    "市": "市",
    "自治州": "州",
    "州": "州",
    "盟": "州",
    "县": "县",
    "自治县": "县",
    "区": "县",
    "旗": "县",
}


@dataclass(frozen=True)
class Place:
    """`name` is the place of the issuing body, empty where the document is of the centre or does not say."""

    name: str = ""

    def full(self, unit: str, before: str) -> str:
        """`unit` with the prefix the writer left out, empty where none is missing or none can be known.

        `before` is the unit named just before it: 「省委组织部、宣传部」.
        """
        party = PARTY_OF.match(before) if PARTY.fullmatch(unit) else None
        if party:
            return party.group() + unit
        if not self.name or WITH_PLACE.match(unit) or not LOCAL.match(unit):
            return ""
        return self.name + unit


def place_of(issuer: str | None) -> Place:
    """The place an issuing body is named after."""
    if not issuer or CENTRAL.search(issuer[:12]):
        return Place()
    match = PLACE_OF.match(issuer)
    return Place(match[1]) if match else Place()
