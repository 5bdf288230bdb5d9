from datetime import timedelta

from django.db import models

UNDO_WINDOW = timedelta(seconds=60)  # an action undone within it has told nobody


class PlanKind(models.TextChoices):
    WORK_POINTS = "work_points", "工作要点"
    IMPLEMENTATION_PLAN = "implementation_plan", "实施方案"
    ACTION_PLAN = "action_plan", "行动方案"
    MEASURES = "measures", "若干措施"
    TASK_DIVISION = "task_division", "任务分工"
    TASK_LIST = "task_list", "任务清单"
    NOTICE = "notice", "通知"


class PlanState(models.TextChoices):
    DRAFT = "draft", "待发布"
    ACTIVE = "active", "执行中"
    CLOSED = "closed", "已结束"


class CountyScope(models.TextChoices):
    ALL = "all", "全部重点帮扶县"
    LISTED = "listed", "部分县"
    NONE = "none", "不分县"


class AssignmentRole(models.TextChoices):
    LEAD = "lead", "牵头"
    SHARED = "shared", "按职责分工"
    RESPONSIBLE = "responsible", "责任单位"
    COOPERATE = "cooperate", "配合"


class ProposalKind(models.TextChoices):
    """What a document states of an item beside its text, kept until an indicator or a milestone is made of it."""

    DEADLINE = "deadline", "时限"
    TARGET = "target", "目标"


class PeriodKind(models.TextChoices):
    MONTH = "month", "月"
    QUARTER = "quarter", "季度"
    HALF = "half", "半年"
    YEAR = "year", "年"


class PeriodState(models.TextChoices):
    PLANNED = "planned", "未开启"
    OPEN = "open", "填报中"
    FINALISED = "finalised", "已定稿"
    REVISING = "revising", "修订中"
    SKIPPED = "skipped", "未调度"


# States in which reports of the period may move.
MOVING = (PeriodState.OPEN, PeriodState.REVISING)
# States in which a month has been issued at least once.
ISSUED = (PeriodState.FINALISED, PeriodState.REVISING)


class ReportState(models.TextChoices):
    AWAITING = "awaiting", "未开始"
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已通过"
    WAIVED = "waived", "免报"
    LAPSED = "lapsed", "未报"


# The department still has something to do.
OWING = (ReportState.AWAITING, ReportState.DRAFT, ReportState.RETURNED)
# The office holds a text that counts as filed (已报).
FILED = (ReportState.SUBMITTED, ReportState.ACCEPTED)


class MonthKind(models.TextChoices):
    """What the month brought (本月情况)."""

    PROGRESS = "progress", "有新进展"
    NO_CHANGE = "no_change", "无新进展"
    COMPLETED = "completed", "已完成"


class Light(models.TextChoices):
    """How the work stands (进展灯): never whether a report was filed."""

    NORMAL = "normal", "正常"
    BEHIND = "behind", "滞后"
    FAR_BEHIND = "far_behind", "严重滞后"
    DONE = "done", "已完成"
    UNASSESSED = "unassessed", "待认定"
    NOT_APPLICABLE = "not_applicable", "不适用"

    @property
    def glyph(self) -> str:
        return GLYPHS[self]


GLYPHS = {
    Light.NORMAL: "●",
    Light.BEHIND: "▲",
    Light.FAR_BEHIND: "■",
    Light.DONE: "◆",
    Light.UNASSESSED: "○",
    Light.NOT_APPLICABLE: "/",
}
# Lights a department may give itself, worst first: an item takes the worst accepted one.
WORST_FIRST = (Light.FAR_BEHIND, Light.BEHIND, Light.NORMAL, Light.DONE)
SELF_RATED = (Light.NORMAL, Light.BEHIND, Light.FAR_BEHIND)


class EventVerb(models.TextChoices):
    """What happened to a report, in the words of the record (报送记录)."""

    SAVED = "saved", "开始填写"
    SUBMITTED = "submitted", "提交"
    WITHDRAWN = "withdrawn", "撤回"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "通过"
    UNDONE = "undone", "撤销"
    EXTENDED = "extended", "延期"
    UNEXTENDED = "unextended", "恢复原截止"
    WAIVED = "waived", "免报"
    UNWAIVED = "unwaived", "恢复应报"
    CHASED = "chased", "催办"
    LAPSED = "lapsed", "逾期未报"
    REOPENED = "reopened", "修订重开"
    RESTORED = "restored", "恢复原稿"


DECISIONS = (EventVerb.RETURNED, EventVerb.ACCEPTED)


class ReturnReason(models.TextChoices):
    """Reasons offered when a report is returned; the office may add words of its own."""

    MISSING_DATA = "missing_data", "缺少数据"
    MISMATCH = "mismatch", "口径不一致"
    SAME_AS_LAST = "same_as_last", "与上月雷同"
    NO_NEXT_STEP = "no_next_step", "缺下一步"
    ATTACHMENT = "attachment", "附件打不开"
    OTHER = "other", "其他"


class ReportField(models.TextChoices):
    """Fields a return may point at, by their names in the form."""

    KIND = "kind", "本月情况"
    PROGRESS = "progress_text", "进展情况"
    PROBLEMS = "problems", "存在问题"
    COORDINATION = "coordination", "需省级协调"
    NEXT_STEP = "next_step", "下一步打算"
    SELF_LIGHT = "self_light", "自评灯"
    APPROVER = "approver", "审签人"


class CoordinationState(models.TextChoices):
    RAISED = "raised", "已提出"
    ASSIGNED = "assigned", "已交办"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"


class NoteState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
