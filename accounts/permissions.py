"""Permission names, and the roles that bundle them (design: who sees what).

Code asks for a permission, never for a role. A liaison's right to file is not here: it follows from the posts held.
"""

from accounts.choices import Role

READ_ALL = frozenset({"plan.read", "report.read_all", "item.read_all", "county.read_all", "monthly.read"})
OFFICE = READ_ALL | {
    "draft.read_state",
    "report.review",
    "report.file_for",
    "item.assess",
    "period.manage",
    "period.read",
    "reminder.send",
    "monthly.issue",
    "monthly.read_drafts",
    "coordination.manage",
    "suggestion.answer",
    "plan.import",
}

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OFFICE_STAFF: frozenset(OFFICE),
    Role.OFFICE_ADMIN: frozenset(OFFICE | {"plan.manage", "plan.settings", "user.manage"}),
    Role.LEADER: READ_ALL,
    Role.SYSTEM_ADMIN: frozenset({"operations.view", "system.settings"}),
    Role.SECURITY_ADMIN: frozenset({"grant.manage", "lockout.manage"}),
    Role.AUDITOR: frozenset({"audit.read"}),
}

# What a current post in a department or a county gives, beside the own rows that querysets decide.
LIAISON_PERMISSIONS = frozenset({"plan.read", "report.file", "monthly.read"})
COUNTY_LIAISON_PERMISSIONS = frozenset({"county.read_own", "county.note"})
