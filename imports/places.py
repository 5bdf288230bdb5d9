"""Where a document comes from: the place its issuer's name begins with, for completing elided names."""

from __future__ import annotations

import re
from dataclasses import dataclass

# GB/T 2260: the first level. Short forms as they stand in names of offices (安徽省分行, 安徽监管局).
PROVINCES = {
    "北京": "市", "天津": "市", "上海": "市", "重庆": "市", "河北": "省", "山西": "省", "辽宁": "省", "吉林": "省",
    "黑龙江": "省", "江苏": "省", "浙江": "省", "安徽": "省", "福建": "省", "江西": "省", "山东": "省", "河南": "省",
    "湖北": "省", "湖南": "省", "广东": "省", "海南": "省", "四川": "省", "贵州": "省", "云南": "省", "陕西": "省",
    "甘肃": "省", "青海": "省", "台湾": "省", "内蒙古": "自治区", "广西": "自治区", "西藏": "自治区", "宁夏": "自治区",
    "新疆": "自治区",
}  # fmt: skip
LEVELS = ("自治区", "自治州", "自治县", "省", "市", "州", "县", "区", "旗")
PARTY = "中共"
BELOW = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:自治州|自治县|市|州|县|区|旗)")


@dataclass(frozen=True)
class Place:
    """A province, a city or a county. `level` is the word that offices put before their names: 省, 市, 县."""

    name: str = ""
    level: str = ""
    province: str = ""

    def completions(self, name: str) -> tuple[str, ...]:
        """Fuller and shorter ways to say a name of this place: 财政厅 → 省财政厅, 安徽省财政厅; and back."""
        if not self.name:
            return ()
        short = self.name.removesuffix(self.level)
        bare = name.removeprefix(self.name).removeprefix(short).removeprefix(self.level)
        forms = (f"{self.level}{bare}", f"{self.name}{bare}", f"{short}{self.level}{bare}", f"{short}{bare}")
        return tuple(form for form in dict.fromkeys(forms) if bare and form != name)


def place_of(issuer: str) -> Place:
    """安徽省农业农村厅 → 安徽省; 阜阳市人民政府 → 阜阳市; an issuer that names no place gives an empty one."""
    issuer = issuer.removeprefix(PARTY)
    province = province_of(issuer)
    if province and issuer.startswith(province):
        level = PROVINCES[province]
        rest = issuer.removeprefix(province).removeprefix(level)
        below = _below(rest)
        return below or Place(
            f"{province}{level}" if issuer.startswith(province + level) else province, level, province
        )
    return _below(issuer) or Place()


def province_of(name: str) -> str:
    """The province a name speaks of, by its short form; "" when it names none or several."""
    named = [province for province in PROVINCES if province in name[:30]]
    return named[0] if len(named) == 1 else ""


def _below(name: str) -> Place | None:
    found = BELOW.match(name[:20])
    if not found or found.end() == len(name):
        return None
    place = found.group()
    level = next(level for level in LEVELS if place.endswith(level))
    return Place(place, level) if len(place) > len(level) else None
