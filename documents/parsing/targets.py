"""Which numbers of an item are targets: 不低于65%, 新增5个, 达到19198元, and not 奖励50万元 or 16周岁以上."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.draft import Deadline, Span, Target
from documents.parsing.dates import calendar_words
from documents.parsing.quantities import Quantity, quantities

_CLAUSE = 60  # how far back a clause is read
_STOPS = ",。;:!?\n\t"

_COMPARATORS = (
    (">=", r"(?:不低于|不少于|不小于|不得少于|不得低于|不得小于|至少|最少|保底|达到|达成|达至|达|不下于)"),
    (">", r"(?:突破|超过|高于|大于|多于|超)"),
    (
        "<=",
        r"(?:不超过|不高于|不大于|不多于|不得超过|不得高于|控制在|控制到|限制在|压降[到至]|压减[到至]|(?:降低|下降|降|减少|缩短|压缩|缩减|精简|压)[到至为])",
    ),
    ("<", r"(?:低于|少于|小于|不足|不到)"),
    (
        ">=",
        r"(?:(?:提高|提升|增加|增长|扩大|增|升|上升|发展|扩展|拓展|恢复)[到至]|(?:稳定|保持|维持|巩固|保)在|[比率量额数]至|率[在为]|占比为?)",
    ),
)
_LEFT = tuple(
    (sign, re.compile(words + r"(?:每[人户村年月][每月年]*|全[省市县区]|到|约|近)?$")) for sign, words in _COMPARATORS
)
_REACHED = re.compile(
    r"(?:达到|达成|达至|达|提高到|提高至|提升到|提升至|增加到|增加至)(?:每[人户村年月][每月年]*|约|近)?$"
)
_RIGHT = (
    (">=", re.compile(r"(?:及)?以上|起(?!草|步)")),
    ("~", re.compile(r"左右|上下")),
    ("<=", re.compile(r"以内|之内|以下|及以下|内")),
)

_VERBS = (
    "新增|新建|新认定|新培育|新引进|新开工|新改扩建|改扩建|扩建|续建|建设|建成|建立|兴建|修建|修缮|维修|筹建|共建|完成|改造|提升|培育|培养|打造|创建|争创|"
    "举办|承办|召开|开展|组织|发动|推广|支持|扶持|配备|配建|配置|投放|实施|落实|解决|推动|推进|争取|安排|发放|投入|投资|设立|制定|修订|出台|编制|形成|认定|"
    "遴选|选树|选派|选聘|选拔|评选|评定|选取|选择|引进|招引|引育|签约|招聘|招录|培训|轮训|服务|惠及|覆盖|帮扶|帮助|带动|吸纳|转移|输出|提供|开发|筹集|募集|"
    "治理|整治|清理|清退|淘汰|退出|关停|压减|化解|消除|处置|销号|办理|办结|走访|检查|抽查|抽检|监测|检测|排查|巡查|执法|查处|曝光|公布|发布|推出|推介|印发|"
    "新植|种植|造林|营造|绿化|修复|补植|治沙|播种|生产|产出|供应|储备|收购|销售|出栏|收储|保障|供地|盘活|腾退|征收|拆除|整理|流转|复垦|恢复|增殖|放流|"
    "开通|新开|开行|通车|贯通|铺设|敷设|架设|更新|更换|购置|采购|置换|加装|安装|增设|增加|扩大|扩充|建档|签订|受理|调解|申报|申请|获批|入选|纳入|列入|"
    "实现|确保|力争|保证|任务|目标|指标|计划|推荐|宣传|报送|上报|撰写|刊发|刊播|制作|拍摄|创作|演出|巡演|放映|征集|推送|联系|对接|挖掘|打通|构建|建好|"
    "落地|开工|竣工|投产|上市|挂牌|孵化|运营|上线|接入|归集|汇聚|梳理|补充|招募|发展|新发展|创办|救助|资助|抢救|保护|普查|登记|确权|授牌|命名|表彰|"
    "达标|创成|创评|培植|壮大|做强|做大|整合|优化|精简|取消|减少|缩减|关闭|迁建|搬迁|安置|回迁|交付|配售|筹措|收集|新筹|融资|授信|放贷|投保|参保|推选|"
    "建|增|办|引|种|修|栽植|栽种|抚育|封育|管护|防治|免疫|采集|筛查|接种|体检|签约服务|加快|规划|布局|重点"
)
_VERB = re.compile(_VERBS)
_GROWTH = re.compile(
    r"(?:增长|增速|提高|提升|上升|增加|下降|降低|减少|压减|压降|缩短|压缩|精简|递增|增幅|降幅|增|降|减|翻)(?:率|幅|速|了)?(?:为|在|约|近|再|各)?$"
)
_RATIO_NOUN = re.compile(
    r"(?:率|占比|比例|比重|进度|增速|幅度|增幅|降幅|水平|程度|覆盖面|满意度|知晓度|合格|达标)(?:均|都|分别|要|为|在|约|各|是|全部|保持|实现|:)*$"
)
_AMOUNT_NOUN = re.compile(
    r"(?:金额|规模|总量|产值|收入|投资|面积|产量|总额|余额|人数|数量|里程|装机|总数|户数|资金|利润|营收|销售额|交易额|零售额|总值|增加值|进出口|旅客|"
    r"吞吐量|运量|储量|存量|容量|户|任务|目标|指标|基金|企业|人才|案例)(?:均|都|分别|要|为|在|约|各|是|全部|实现|:)*$"
)

_SUBSIDY = re.compile(
    r"奖励|奖补|补助|补贴|贴息|资助|贴费|罚款|处罚|赔偿|最高|限额|额度|封顶|上限|免除|减免|优惠|返还|抵扣|扣减|扣分|加分|计分|得分|利率|LPR|分担|工资|津贴|"
    r"给予|予以|注册资本|授信额|单笔|单户|每笔|每户|每人|每个项目|单个|报销|押金|起付|保费|门槛|税率|费率|收费"
)
_SUBSIDY_AFTER = re.compile(
    r"[^,。;\n、]{0,8}?(?:奖励|奖补|补助|补贴|贴息|资助|罚款|一次性|经费补|予以|给予|标准|的比例(?:给予|予以|补|分担|奖)|返还|奖金|津贴)"
)
_STOCK_BEFORE = re.compile(
    r"(?:等|现有|原有|已有|原|共有|共计?|拥有|现|上述|该|这|其他|其余|其它|另外|前|后|本次|首批次|余下|剩余|各|任|同为|所辖|下辖|辖|"
    r"(?<!覆盖)全(?:省|市|县|区|国|州|旗)|以下|如下|下列|划分为|分为|分成|分|近|过去|连续|满|年满|未满|每|逾|每隔|间隔|第)$"
)
_DONE = re.compile(
    r"(?:已经?|目前|截至|截止|去年|上年|以来|此前|曾|累计已)[^,。;\n]{0,30}$|(?:成|建|增|设|到|展|施|行|加|长|高|供|放|训|办|出|了)了$"
)
_QUALIFIES = re.compile(
    r"(?:以上|以下|以内|左右|及以上|及以下)?(?:\([^()]{0,20}\))?(?:的|且|或者?|并且)(?!比例|占比|比重|目标|任务|规模|速度|标准|增速|增长|增幅)"
)
_OPEN_ENDED = re.compile(r"(?:[^,。;\n]{0,30})的(?=[,)])")
_ENTITY_AFTER = re.compile(
    r"(?:方面|领域|层级|等级|环节|阶段|步骤|维度|类别|子项|原则|坚持|确保|关系|统筹|结合|意识|专项行动|行动计划)"
)
_SHORT_TIME = re.compile(
    r"(?:压缩|缩短|压减|缩减|控制|减少|提速|提前)(?:到|至|在|为)?(?:平均)?$|(?:压缩|缩短|压减|缩减|控制|减少)(?:到|至|在)[^,。;]{0,4}$"
)
_LIFE = re.compile(r"(?:寿命|学历|教育年限|受教育)[^,。;]{0,8}$|(?:寿命|年限)(?:达到|提高到|提升至|达)$")
_EVERY_UNIT = re.compile(r"每(?:个|家|户|人|名|所|县|村|镇|乡|年|季度|月|省|市|区|州|校|企)[^,。;]{0,14}$")


@dataclass(frozen=True)
class _Verdict:
    comparator: str
    rule: str


def targets_in(text: str, deadlines: list[Deadline], *, year: int | None) -> list[Target]:
    """The targets of one item in order, each with the date of the deadline it stands under."""
    outer = _outer(text)
    quoted = _quoted(text)
    targets: list[Target] = []
    last: tuple[Quantity, _Verdict] | None = None
    for group in _groups(text, [quantity for quantity in quantities(text) if not quoted[quantity.start]]):
        verdict = _judge(text, outer, group, last)
        if verdict is None:
            last = None if "。" in text[group[0].start : group[-1].end] else last
            continue
        for quantity in group:
            own = (
                _comparator(_before(text, outer, quantity), text[quantity.end : quantity.end + 6]) or verdict.comparator
            )
            targets.append(_target(text, outer, quantity, _Verdict(own, verdict.rule), deadlines, year))
        last = (group[-1], verdict)
    return targets


def _outer(text: str) -> str:
    """`text` with what stands in brackets blanked, so that a clause is read over 自动体外除颤器(AED)600台."""
    characters, depth = [], 0
    for char in text:
        if char in "(〔[":
            depth += 1
        characters.append(" " if depth and char != "\n" else char)
        if char in ")〕]" and depth:
            depth -= 1
        elif char == "\n":
            depth = 0
    return "".join(characters)


def _quoted(text: str) -> list[bool]:
    """For each character whether it stands within “…”, 《…》 or 〔…〕, where numbers are parts of names."""
    within, closing = [], ""
    pairs = {"“": "”", "《": "》", "〔": "〕", "「": "」"}
    opened = 0
    for place, char in enumerate(text):
        if not closing and char in pairs:
            closing, opened = pairs[char], place
        elif closing and (char == closing or char == "\n" or place - opened > 60):
            closing = ""
        within.append(bool(closing))
    return within


def _groups(text: str, found: list[Quantity]) -> list[list[Quantity]]:
    """Quantities that follow each other directly (1820元、1360元和1360元) are judged as one."""
    groups: list[list[Quantity]] = []
    for quantity in found:
        between = text[groups[-1][-1].end : quantity.start] if groups else ""
        if groups and between in ("、", "和", "及", "与", "以及") and quantity.kind == groups[-1][-1].kind:
            groups[-1].append(quantity)
        else:
            groups.append([quantity])
    return groups


def _before(text: str, outer: str, quantity: Quantity) -> str:
    """The clause up to the quantity; brackets in it are skipped unless the quantity stands in them."""
    lower = max(0, quantity.start - _CLAUSE)
    if outer[quantity.start] == " ":
        clause = text[max(lower, text.rfind("(", 0, quantity.start) + 1) : quantity.start]
    else:
        clause = outer[lower : quantity.start]
    cut = max(clause.rfind(stop) for stop in _STOPS)
    return clause[cut + 1 :].replace(" ", "")


def _after(text: str, place: int) -> str:
    clause = text[place : place + _CLAUSE]
    ends = [where for where in (clause.find(stop) for stop in _STOPS + ")") if where >= 0]
    return clause[: min(ends)] if ends else clause


def _comparator(before: str, after: str) -> str | None:
    for sign, words in _LEFT:
        if words.search(before):
            if sign == "<=" or not after.startswith("左右"):
                return sign
            return "~"
    for sign, words in _RIGHT:
        if words.match(after):
            return sign
    return None


def _judge(text: str, outer: str, group: list[Quantity], last: tuple[Quantity, _Verdict] | None) -> _Verdict | None:
    """Whether the numbers of a group are targets, and by which rule."""
    first, final = group[0], group[-1]
    before = _before(text, outer, first)
    after = text[final.end : final.end + _CLAUSE]
    if _is_decoy(text, before, after, first):
        return None
    sign = _comparator(before, after[:6])
    rule = _rule(before, after, first, sign)
    if rule is None and last is not None and not first.chinese and _continues(text, last[0], first, before):
        rule = "listed"
    return _Verdict(sign or "=", rule) if rule else None


def _is_decoy(text: str, before: str, after: str, quantity: Quantity) -> bool:
    reached = bool(_REACHED.search(before))
    if quantity.kind == "time":
        return not (_SHORT_TIME.search(before) or (quantity.unit.endswith("岁") and _LIFE.search(before)))
    if _DONE.search(before) or _STOCK_BEFORE.search(before) or after.startswith("工作日"):
        return True
    if quantity.kind != "count" and not reached and (_SUBSIDY.search(before[-24:]) or _SUBSIDY_AFTER.match(after)):
        return True
    if (
        quantity.kind == "money"
        and re.match(r"(?:以上|以下|以内)?的", after)
        and not re.match(r"(?:以上)?的(?:目标|规模|任务)", after)
    ):
        return not re.match(r"的?规模|规模", after)
    if _OPEN_ENDED.match(after) and re.match(r"(?:对|凡|符合|对于|其中对)", before):
        return True
    return quantity.kind == "count" and bool(re.match(r"(?:以上|以下|以内)(?:的)", after)) and not _VERB.search(before)


def _rule(before: str, after: str, quantity: Quantity, sign: str | None) -> str | None:
    """Why the quantity counts, or None."""
    left = any(words.search(before) for _, words in _LEFT)
    if left:
        return "compared"
    if quantity.kind == "time":
        return "shortened"
    if quantity.kind == "percent":
        return _percent_rule(before, after, sign)
    if quantity.chinese:
        return _chinese_rule(before, quantity)
    if re.search(r"(?:将|把|对|为|给|向)$", before) and re.match(
        r"[^。;\n]{0,50}?(?:纳入|列入|培育|打造|实施|开展|进行|完成|提供|升级|改造)", after
    ):
        return "acted-on"
    ends = not _after(after, 2 if sign else 0)
    if _GROWTH.search(before) or (_AMOUNT_NOUN.search(before) and (sign or ends)):
        return "amount"
    if _VERB.search(before):
        return "verb"
    return "at-least" if sign == ">=" and ends and before else None


def _percent_rule(before: str, after: str, sign: str | None) -> str | None:
    if _GROWTH.search(before):
        return "growth"
    if _RATIO_NOUN.search(before):
        return "ratio"
    if re.search(r"[人户个家元项名吨]的$", before) and _VERB.search(before):
        return "share-of"
    if sign and not re.search(r"(?:持股|占股|股权|出资|股份)", before):
        return "at-least" if sign in (">=", "~") else None
    return "ratio" if re.search(r"(?:完成|实现|占)[^,。;]{0,16}的?$", before) else None


_CHINESE_VERB = re.compile(
    r"(?:新增|新建|建设|建成|完成|改造|培育|打造|创建|举办|召开|开展|组织|实施|引进|推广|认定|遴选|形成|开通|争创|争取|推出|发布|印发|出台|选树|布局)"
    r"(?:不同|全国|全省|国家级|省级|市级|县级)?$"
)


def _chinese_rule(before: str, quantity: Quantity) -> str | None:
    """三个 counts only right behind a verb, and 一个 not even there: 建立一个机制 is no quantity."""
    if quantity.value < 2 or quantity.unit in ("项", "种", "条", "位", "件", "部", "起"):
        return None
    return "verb" if _CHINESE_VERB.search(before) else None


def _continues(text: str, last: Quantity, quantity: Quantity, before: str) -> bool:
    """A further member of a list whose verb stands at the first: 造林5万亩,封育3万亩."""
    between = text[last.end : quantity.start]
    if len(between) > 40 or re.search(r"[。\n;]", between) or len(before) > 26:
        return False
    return not re.search(r"(?:对|按|给予|在|与|向|从|于|的(?=[^,]*$))[^,]{0,10}$", before) and not _SUBSIDY.search(
        before
    )


def _target(
    text: str, outer: str, quantity: Quantity, verdict: _Verdict, deadlines: list[Deadline], year: int | None
) -> Target:
    before = _before(text, outer, quantity)
    after = text[quantity.end : quantity.end + 8]
    end = quantity.end
    for _, words in _RIGHT[:3]:
        found = words.match(after)
        if found and found.group() != "内":
            end = quantity.end + found.end()
    start = quantity.start - _lead(text, quantity.start)
    words = text[start:end]
    whole = re.search(r"(\d[\d.]*(?:万|亿)?[人户个家元项名吨])的$", before)
    return Target(
        text=words,
        at=Span(start, end),
        rule=verdict.rule,
        metric=_metric(before, text, end, quantity),
        comparator=verdict.comparator,
        value=quantity.value,
        unit=quantity.unit,
        date=_date(text, quantity, deadlines, year),
        of=whole.group(1) if whole and quantity.kind == "percent" else None,
    )


def _lead(text: str, start: int) -> int:
    """How many characters of a comparator stand right in front."""
    before = text[max(0, start - 8) : start]
    for _, words in _LEFT:
        found = words.search(before)
        if found:
            return len(found.group())
    return 0


_TRIM = re.compile(r"(?:分别|均|都|要|力争|实现|达|不|约|为|在|到|至|由|从|再|各|和|及|使|将|把|对|完成|确保|以|占)+$")
_LEADING = re.compile(r"^(?:(?:并|要|力争|确保|使|实现|到|在|于|其中|推动|争取|持续|加快|和|及|、)+)")
_NOUN = re.compile(r"[^,。;:\n\t、()的和及并]{1,20}")


def _metric(before: str, text: str, end: int, quantity: Quantity) -> str:
    """What is measured: the noun behind a count, the noun in front of a share or an amount."""
    noun = _NOUN.match(text, end)
    if quantity.kind == "count" and noun:
        return noun.group().lstrip("以上左右")
    plain = before
    for _, words in _LEFT:
        plain = words.sub("", plain)
    for word in reversed(list(calendar_words(plain))):
        plain = plain[: word.start] + plain[word.end :]
    return _LEADING.sub("", _TRIM.sub("", plain))[-30:] or (noun.group() if noun else "")


def _date(text: str, quantity: Quantity, deadlines: list[Deadline], year: int | None) -> str | None:
    """The nearest deadline in front within the sentence, else the end of a year named in the clause."""
    opening = max(text.rfind(stop, 0, quantity.start) for stop in "。\n") + 1
    dated = [one for one in deadlines if one.date and opening <= one.at.start < quantity.start]
    if dated:
        return dated[-1].date
    words = [
        word
        for word in calendar_words(text[max(opening, quantity.start - _CLAUSE) : quantity.start])
        if word.kind == "year"
    ]
    return words[-1].iso(year) if words and words[-1].year and words[-1].year >= (year or 0) else None
