from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.utils.functional import cached_property

from tasks.forms.office import longest, sentence_field
from tasks.models import ReportEvent
from tasks.services.chasing import EMAIL, INBOX
from tasks.views.posted import whole_number


class OnceForm(forms.Form):
    """A form that acts once: `key` is new for every page drawn, and posted twice it names the same act."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    @cached_property
    def batch(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()


class ChaseForm(OnceForm):
    """What a click on the desk says: whom, over which channels, and whether a repeat was confirmed.

    `pick` is "all" for everybody of the tab, a department's key for one row; without it the ticked ones are meant.
    Departments that owe nothing any more are passed over: they filed while the page stood open.
    """

    pick = forms.CharField(required=False, max_length=12)
    email = forms.BooleanField(required=False)
    confirm = forms.BooleanField(required=False)

    def __init__(self, data, *, owing: Collection[int]):
        super().__init__(data)
        self.owing = set(owing)
        self.ticked = [whole_number(text) for text in data.getlist("departments")]

    @property
    def departments(self) -> list[int]:
        pick = self.cleaned_data["pick"]
        if pick == "all":
            return sorted(self.owing)
        wanted = self.ticked if not pick else [whole_number(pick)]
        return sorted(self.owing & set(wanted))

    @property
    def channels(self) -> list[str]:
        return [INBOX, EMAIL] if self.cleaned_data["email"] and settings.MAIL_READY else [INBOX]


class CallForm(OnceForm):
    words = sentence_field(
        "说了什么", longest(ReportEvent, "reason"), "", required=False, lines=3, help_text="可不填，如“答应今天下午报”"
    )
