"""Where a document was issued, and the full name of a body that is named without its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACE_OF = re.compile(
    r"(?:中共|中国共产党)?([\u4e00-\u9fff]{2,12}?(?:省|自治区|自治州|自治县|市|州|盟|地区|县|区|旗))(?=[\u4e00-\u9fff])"
)
PARTY = re.compile(r"组织部|宣传部|统战部|政法委|政研室|改革办|网信办|编办|社会工作部|巡察办|老干部局|农办|办公室")
PARTY_OF = re.compile(r"(?:[\u4e00-\u9fff]{0,6}?)([省市县区州旗]委)(?=[\u4e00-\u9fff])")
# What departments of a government are for. A name made of nothing else is one of them; any other (云栖银保监局,
# 民航监管局, 电信分公司, 理工学院) has a place or a line of command of its own. An invented name is worse than none.
_MATTERS = (
    "教育|科学技术|科技|工业和信息化|工业信息化|工信|经济和信息化|经济信息化|经信|公安|民政|司法|财政|人力资源和?社会保障|人社|自然资源|规划|"
    "生态环境|环境保护|环保|住房和?城乡建设|住房城乡建设|城乡建设|住建|住房保障|房产|交通运输|交通|水利|水务|农业农村|农业|商务|文化和?旅游|文旅|"
    "卫生健康|卫健|退役军人事务|退役军人|应急管理|应急|审计|外事|国有资产监督管理|国资|市场监督管理|市场监管|广播电视|广电|体育|统计|"
    "医疗保障|医保|信访|林业和?草原|林业|林草|乡村振兴|粮食和?物资储备|粮食|能源|药品监督管理|药监|知识产权|大数据发展|大数据|数据|政务服务|"
    "机关事务|地方金融|金融|发展和?改革|发改|民族宗教|民族|宗教|民宗|城市管理|城管|园林|绿化|行政审批|海洋|渔业|畜牧|投资促进|招商"
)
LOCAL = re.compile(
    rf"(?P<matter>(?:{_MATTERS})(?:(?:和|与)?(?:{_MATTERS})){{0,2}})(?:监督管理|监管|发展|管理|服务|事务|执法)?(?P<body>厅|局|委员会|委|办公室|办)$"
)
# At the province these are 厅: there is no 省教育局.
_HALLS = re.compile(
    "教育|科|工业|工信|公安|民政|司法|财政|人力|人社|自然资源|生态|住房和?城乡|住建|交通|水利|农业|商务|文化|文旅|退役|应急|审计"
)
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
        bare = LOCAL.fullmatch(unit) if self.name else None
        if not bare or not self._has(bare):
            return ""
        return self.name + unit

    def _has(self, bare: re.Match[str]) -> bool:
        """Whether a government of this level has such a body."""
        of_province = self.name.endswith(("省", "自治区"))
        if bare["body"] == "厅":
            return of_province
        return not (of_province and bare["body"] == "局" and _HALLS.match(bare["matter"]))


def place_of(issuer: str | None) -> Place:
    """The place an issuing body is named after."""
    if not issuer or CENTRAL.search(issuer[:12]):
        return Place()
    match = PLACE_OF.match(issuer)
    return Place(match[1]) if match else Place()
