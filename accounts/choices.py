from django.db import models


class Role(models.TextChoices):
    """Roles that are granted. Liaisons are not granted: they follow from posts held."""

    OFFICE_ADMIN = "office_admin", "处室管理员"
    OFFICE_STAFF = "office_staff", "处室人员"
    LEADER = "leader", "厅领导"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


# 三权分立 (GB/T 22239-2019 8.1.4.2): each excludes every other role and every business right.
EXCLUSIVE_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class PostKind(models.TextChoices):
    PRIMARY = "primary", "A角"
    BACKUP = "backup", "B角"


class SuggestionState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
