from django import template

from accounts.choices import Role

register = template.Library()


@register.filter
def role_labels(codes) -> str:
    """Office words of granted roles, in the order in which the office lists them."""
    return "、".join(role.label for role in Role if role in codes)


@register.filter
def masked_phone(phone: str) -> str:
    """A number as lists show it: enough to recognise, too little to misuse (138****5678)."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else phone or "—"
