from django.db import models


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    READING = "reading", "读取中"
    REVIEW = "review", "核对中"
    PUBLISHED = "published", "已发布"
    REFUSED = "refused", "不能导入"
    DISCARDED = "discarded", "已放弃"


# Nothing of the draft is there yet.
UNREAD = (ImportState.UPLOADED, ImportState.READING)


class ItemState(models.TextChoices):
    """How far a person has come with an item. `check` and `agreed` are proposed by rules, the others decided."""

    CHECK = "check", "需确认"
    AGREED = "agreed", "一致"
    CONFIRMED = "confirmed", "已确认"
    LATER = "later", "稍后"
    EXCLUDED = "excluded", "不导入"


# Publishing waits for these.
UNDECIDED = (ItemState.CHECK, ItemState.LATER)


class OpenUnitsDecision(models.TextChoices):
    """What to do about 等有关部门: keep the wording alone, or the wording and the units added by the reviewer."""

    KEEP = "keep", "只保留已列出的单位"
    ADD = "add", "已补充单位"


class Change(models.TextChoices):
    """What an item means for the plan imported into (再次导入)."""

    ADDED = "added", "新增"
    CHANGED = "changed", "改动"
    SAME = "same", "不变"


class MatchedBy(models.TextChoices):
    """How a name of the document led to a row of the register."""

    NAME = "name", "简称"
    FULL_NAME = "full_name", "全称"
    PREFIX = "prefix", "补全省市县名"
    ALIAS = "alias", "别称"
    FORMER = "former", "旧称"
    SPELLING = "spelling", "写法相近"
    PERSON = "person", "人工选定"


# A name that led there by a detour: a person should look once.
DETOURS = (MatchedBy.ALIAS, MatchedBy.FORMER, MatchedBy.SPELLING)


class Verb(models.TextChoices):
    """Steps of a review, in the words of its record."""

    FACTS_SET = "facts_set", "填写计划信息"
    ITEM_EDITED = "item_edited", "修改事项"
    UNIT_SET = "unit_set", "修改责任单位"
    UNIT_ADDED = "unit_added", "补充责任单位"
    UNIT_REMOVED = "unit_removed", "移除责任单位"
    MERGED = "merged", "合并事项"
    SPLIT = "split", "拆分事项"
    RENUMBERED = "renumbered", "重新编号"
    CONFIRMED = "confirmed", "确认事项"
    AGREED_ACCEPTED = "agreed_accepted", "接受全部一致项"
    POSTPONED = "postponed", "标为稍后"
    EXCLUDED = "excluded", "不导入事项"
    RECALLED = "recalled", "恢复待核对"
    OPEN_UNITS_DECIDED = "open_units_decided", "处理未具名单位"
    COORDINATOR_NAMED = "coordinator_named", "指定综合单位"
    DOUBT_SETTLED = "doubt_settled", "消除疑点"
    PROPOSAL_DECIDED = "proposal_decided", "处理时限或目标"
    COUNTY_SET = "county_set", "核对县区"
    REMOVAL_DECIDED = "removal_decided", "处理文件中已删除的事项"
    PAIRED = "paired", "对应原有事项"
    REMATCHED = "rematched", "重新匹配名录"
    DEPARTMENT_CREATED = "department_created", "新增单位并匹配"
    ALIAS_ADDED = "alias_added", "新增别称并匹配"
