from __future__ import annotations

from django import forms

from accounts.choices import PostKind, Role
from accounts.models import Suggestion, User
from calendars import clock
from counties.models import County
from departments.models import Department

LIAISON = "liaison"  # not a granted role: it follows from posts
STATES = (("", "全部状态"), ("active", "启用"), ("disabled", "停用"))


class DayInput(forms.DateInput):
    """The browser's own date field; it sends and expects 2024-10-25 whatever the language."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class OfficeWords:
    """A form whose errors say what to do, in the office's words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
            field.error_messages["required"] = f"请{'选择' if chosen else '填写'}{field.label}。"
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = "请填日期，如 2024-10-25。"
            elif isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = "格式不对，应如 name@example.gov.cn；没有可不填。"


class ContactForm(OfficeWords, forms.ModelForm):
    class Meta:
        model = User
        fields = ["phone", "email"]
        help_texts = {"phone": "办公电话或手机，催办时由处室人员使用", "email": "可不填"}
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})}


class UserForm(ContactForm):
    class Meta(ContactForm.Meta):
        fields = ["name", "phone", "email"]


class NewUserForm(ContactForm):
    class Meta(ContactForm.Meta):
        fields = ["username", "name", "phone", "email"]
        help_texts = ContactForm.Meta.help_texts | {
            "username": "登录时使用，建立后不能改；不区分大小写，可用字母、数字、中文和 @ . + - _"
        }
        widgets = ContactForm.Meta.widgets | {"username": forms.TextInput(attrs={"autocapitalize": "none"})}

    def clean_username(self):
        username = self.cleaned_data["username"].strip()
        if User.objects.named(username).exists():
            raise forms.ValidationError(f"“{username}”已被使用（不区分大小写），请换一个。")
        return username


class UserFilter(forms.Form):
    q = forms.CharField(label="姓名、用户名或电话", required=False, max_length=60)
    department = forms.ModelChoiceField(Department.objects.none(), label="单位", required=False, empty_label="全部单位")
    role = forms.ChoiceField(label="角色", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search"})
        self.fields["department"].queryset = Department.objects.current(clock.today()).in_protocol_order()
        self.fields["role"].choices = [("", "全部角色"), (LIAISON, "联络员"), *Role.choices]

    def apply(self, users):
        """`users` narrowed to what was asked; a filter value that does not exist narrows nothing."""
        self.is_valid()
        asked, today = self.cleaned_data, clock.today()
        users = users.matching(asked.get("q", ""))
        if asked.get("department"):
            users = users.posted_in(asked["department"], on=today)
        if asked.get("role"):
            role = asked["role"]
            users = users.posted(on=today) if role == LIAISON else users.holding(role, on=today)
        if asked.get("state"):
            users = users.filter(is_active=asked["state"] == "active")
        return users


class PersonField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(User.objects.none(), empty_label="请选择", **kwargs)

    def label_from_instance(self, user):
        return f"{user.name}（{user.username}）"


class PostForm(OfficeWords, forms.Form):
    """Appoint somebody; the place comes from the list page or is chosen here."""

    user = PersonField(label="人员", help_text="找不到时请先新建用户")
    department = forms.ModelChoiceField(Department.objects.none(), label="单位", required=False, empty_label="不选")
    county = forms.ModelChoiceField(
        County.objects.none(), label="县（市、区）", required=False, empty_label="不选", help_text="单位与县区只选一个"
    )
    kind = forms.ChoiceField(
        label="角色", choices=PostKind, initial=PostKind.PRIMARY, widget=forms.RadioSelect,
        help_text="A角负责填报；B角权限相同，截止日起或A角离岗期间一并提醒",
    )  # fmt: skip
    valid_from = forms.DateField(label="任职日期", widget=DayInput, help_text="当天起生效")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["user"].queryset = User.objects.free_for_posts(on=today).order_by("name", "pk")
        self.fields["department"].queryset = Department.objects.current(today).in_protocol_order()
        self.fields["county"].queryset = County.objects.current(today).order_by("position", "pk")
        self.fields["valid_from"].initial = today

    def clean(self):
        cleaned = super().clean()
        if "department" in cleaned and "county" in cleaned:
            chosen = [place for place in (cleaned["department"], cleaned["county"]) if place]
            if len(chosen) != 1:
                self.add_error("department", "请选择一个单位，或者一个县（市、区），二者只选其一。")
        return cleaned


class HandOverForm(OfficeWords, forms.Form):
    to = PersonField(label="接任人员", help_text="找不到时请先新建用户")
    on = forms.DateField(label="接任日期", widget=DayInput, help_text="当天起由接任人员负责，原联络员到前一天为止")

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        people = User.objects.free_for_posts(on=today).exclude(pk=post.user_id)
        self.fields["to"].queryset = people.order_by("name", "pk")
        self.fields["on"].initial = today


class AbsenceForm(OfficeWords, forms.Form):
    away_from = forms.DateField(label="离岗自", widget=DayInput, required=False, help_text="首日，含当天")
    away_to = forms.DateField(
        label="离岗至", widget=DayInput, required=False, help_text="末日，含当天；两项都清空即为取消"
    )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("away_from"), cleaned.get("away_to")
        if bool(first) != bool(last) and not self.errors:
            self.add_error("away_to" if first else "away_from", "开始和结束日期要同时填写。")
        elif first and last and last < first:
            self.add_error("away_to", "不能早于开始日期。")
        return cleaned


class GrantForm(OfficeWords, forms.Form):
    user = PersonField(label="用户")
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    valid_from = forms.DateField(label="开始日期", widget=DayInput, help_text="当天起生效")
    valid_to = forms.DateField(label="结束日期", widget=DayInput, required=False, help_text="含当天；不填为长期有效")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.active().exclude(pk=by.pk).order_by("name", "pk")
        self.fields["valid_from"].initial = clock.today()

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "不能早于开始日期。")
        return cleaned


class ReleaseForm(forms.Form):
    username = forms.CharField(max_length=255)
    ip_address = forms.CharField(max_length=60, required=False)


class SuggestionForm(OfficeWords, forms.ModelForm):
    class Meta:
        model = Suggestion
        fields = ["text", "page"]
        labels = {"text": "意见或建议"}
        help_texts = {"text": "哪一页、什么情况、希望怎样；请勿填写涉密信息"}
        widgets = {"page": forms.HiddenInput, "text": forms.Textarea(attrs={"rows": 5})}


class AnswerForm(OfficeWords, forms.Form):
    answer = forms.CharField(
        label="答复",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="提出人能看到答复和答复人姓名",
    )
