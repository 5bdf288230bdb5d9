"""What was read of a deadline or a target, in few words."""

from django import template

from imports.models import ImportProposal

register = template.Library()
RECURRENCES = {"yearly": "每年", "quarterly": "每季", "monthly": "每月", "weekly": "每周", "daily": "每日"}
COMPARATORS = {"=": "=", ">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "约"}


@register.filter
def proposal_words(proposal: ImportProposal) -> str:
    """What was read, in few words: 2024-12-31; 每季; ≥ 90 %; 相对目标，无数字."""
    content = proposal.content
    date = content.get("date") or ""
    if recurrence := content.get("recurrence"):
        return RECURRENCES.get(recurrence.get("freq", ""), "按事件计时")
    if "comparator" not in content:
        return date
    if content.get("value") is None:
        return "相对目标，无数字"
    number = f"{COMPARATORS.get(content['comparator'], '')} {content['value']:g} {content.get('unit') or ''}".strip()
    return f"{number}，{date}" if date else number
