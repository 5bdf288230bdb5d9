"""Names of units: what looks like one, which are a class of units, where two were written as one."""

from __future__ import annotations

import re

# What the name of a body ends with. 和 and its like part two names only between two such endings, so that
# 住房和城乡建设局 stays whole.
ENDING = re.compile(
    r"(?:厅|局|委|办|部|院|署|署|会|司|处|室|社|站|所|台|校|行|馆|库|团|队|处|网|联|联社|科协|文联|侨联|作协|协|中心|公司|集团|政府|法院|检察院"
    r"|大学|学院|学校|小组|指挥部|专班|人大|政协|中央|海关|税务|气象|邮政|电力|移动|联通|电信|铁塔|烟草|银行|分行|新区|高新区|经开区|开发区|园区|示范区|试验区|管理区"
    r"|保税区|度假区|合作区|街道|省委|市委|县委|区委|州委|党委|党工委|组织部|宣传部|武装部|军分区|消防|总队|支队|大队|协会|商会|学会|联盟|基金|机关|医院|机场|港|厂|场|矿|铁路|基地|平台)$"
)
PLACE = re.compile(r"[\u4e00-\u9fff]{1,8}(?:省|市|县|区|州|旗|盟|镇|乡|街道|自治区|兵团|师)$")
CLASS_WORDS = re.compile(
    r"各|有关|相关|其他|其它|所有|全体|涉及|上述|沿线|属地|当地|所在地|辖区|(?:试点|项目|重点|脱贫|帮扶|实施)(?:县|市|区|乡|镇|村)"
)
_LEVELS = r"(?:设区的?|自治)?(?:省|市|州|县|区|旗|盟|乡|镇|街道|村|社区|地|师|团|办事处|街|园区|开发区|[()、/,])"
CLASS = re.compile(
    rf"(?:{_LEVELS}){{2,10}}(?:两级|三级|级|直|属)?(?:人民)?(?:政府|党委|党组织|党工委|部门|单位|机关|管委会|办事处|行业主管部门|行业部门|主管部门)?(?:\(.{{1,12}}\))?$"
    r"|(?:省|市|州|县|区|乡镇?|镇|地方|中央|基层|省市|市县)[级直属](?:和?[省市县区]级?)?(?:机关)?(?:行业)?(?:主管)?(?:部门|单位|机关|企业|政府|医疗机构|行业部门|行业主管部门)$"
    r"|(?:地方|乡镇|镇|乡|街道|村|基层)(?:级)?(?:人民)?(?:政府|党委|党组织|党委政府|办事处|街道|村|两委)?$"
    r"|.{0,8}[省市县区州旗乡镇]\((?:[市县区旗州盟镇街道]|、){1,7}\)(?:级)?(?:人民)?(?:政府|党委|党委政府|部门|[\u4e00-\u9fff]{2,8}局)?$"
    r"|(?:沿海|沿江|沿河|沿边|沿线|沿黄|山区|库区|牧区|边境|产粮|主产|老区)(?:市|县|区|州|旗|乡镇|镇)(?:人民)?(?:政府|党委)?$"
    r"|.{0,8}驻[\u4e00-\u9fff]{1,3}(?:单位|部门|机构|企业)$"
    r"|(?:县级市|县市区|单位|部门|机构|开发区|园区|管委会|产业园区?|金融机构|银行业金融机构|商业银行|保险机构|企业|高校|科研院所|高等院校|行业协会|成员单位|牵头单位|责任单位|主管部门|行业主管部门|行业部门|村\(社区\)|村|社区|医疗机构|项目单位|建设单位|业主单位|项目业主)$"
)
REST = re.compile(
    r"等(?:[\u4e00-\u9fff()]{0,14}?(?:部门|单位|机构|企业|地区|地方|成员|组织|院校|高校|银行|公司|政府|行业|处室|科室|各市|县|区|市|州))?(?:\(.{1,10}\))?$|等$"
)
PLAIN_GOVERNMENT = re.compile(r"(?:人民)?政府$|(?:党委)?政府$|管委会$")
CONJUNCTION = re.compile(r"以及|和|与|及|暨|或")
DEFINITION = re.compile(r"\((?:(?:以下)?(?:简称|统称|合称)|下同|以下|除|[排列]).{0,60}\)$")
VERBS = re.compile(
    r"[“”《》。!?%;:]|\d{3}|(?:建立|推进|完善|加强|开展|组织实施|落实|推动|确保|制定|强化|做好|提升|构建|实施|按照)"
)
LONGEST = 32


def is_unit(name: str) -> bool:
    """Whether `name` ends as the names of bodies do and is not a piece of a sentence."""
    name = strip_brackets(name)
    if not 2 <= len(name) <= LONGEST or VERBS.search(name):
        return False
    return bool(ENDING.search(name) or PLACE.match(name))


def is_class(name: str) -> bool:
    """各乡镇, 有关部门, 市(州)政府: a class of bodies, whoever they may be."""
    return bool(CLASS_WORDS.search(name[:8]) or CLASS.match(name))


def strip_brackets(name: str) -> str:
    return name[: name.rindex("(")] if name.endswith(")") and "(" in name[1:] else name


def rest_at(name: str) -> int | None:
    """Where 等, 等部门, 等有关单位 begins in a name that ends with it."""
    at = name.rfind("等")
    if at < 0 or name[at - 1 : at] in ("高", "中", "初", "平", "同", "优"):
        return None
    return at if REST.match(name, at) else None


def parted(words: str) -> list[tuple[int, int]]:
    """Stretches of `words` that are names of their own where 和, 与 or 及 stands between two complete names."""
    found, start = [], 0
    for match in CONJUNCTION.finditer(words[:400]):
        left, right = words[start : match.start()], words[match.end() :]
        if match.start() > start and (_complete(left) or rest_at(left) is not None) and _begins_name(right):
            found.append((start, match.start()))
            start = match.end()
    return [*found, (start, len(words))]


def _complete(name: str) -> bool:
    bare = strip_brackets(name)
    return len(name) >= 2 and (bool(ENDING.search(bare)) or is_class(name) or bool(PLACE.match(bare)))


def _begins_name(words: str) -> bool:
    if PLAIN_GOVERNMENT.fullmatch(words):
        return False
    return len(words) >= 2
