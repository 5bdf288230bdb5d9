"""The open item as a form: its own columns, its units, what is undecided."""

from __future__ import annotations

from django import forms

from counties.models import County
from departments.models import Department
from imports.choices import DETOURS, OpenUnitsDecision
from imports.finding import find_department, offered
from imports.matching import DepartmentRegister
from imports.models import ImportItem, ImportUnit
from tasks.choices import AssignmentRole, CountyScope
from tasks.errors import NotReady, Refused
from tasks.forms.office import longest, sentence_field, version_field
from tasks.models import WorkItem

NAMED = "named"  # a coordinating unit is named
SAID_OF_ROLE = 30  # characters after a name within which its role is said
# The first that is there counts: 按职责分工负责 and 共同负责 also say 负责.
ROLE_WORDS = (
    ("分工", AssignmentRole.SHARED),
    ("共同", AssignmentRole.SHARED),
    ("牵头", AssignmentRole.LEAD),
    ("配合", AssignmentRole.COOPERATE),
    ("负责", AssignmentRole.RESPONSIBLE),
)


class ItemForm(forms.Form):
    """Fields beside the fixed ones: `role_3` of unit 3, `department_3` and `other_3` where none was found for it,
    `proposal_5` of deadline or target 5.
    """

    version = version_field()
    number = sentence_field("序号", longest(ImportItem, "number"), "请填写序号。")
    title = sentence_field("事项名称", longest(ImportItem, "title"), "请填写事项名称。")
    optional = forms.BooleanField(label="有则报", required=False)
    county_scope = forms.ChoiceField(label="涉及县", choices=CountyScope.choices, widget=forms.RadioSelect)
    counties = forms.MultipleChoiceField(label="所列县", required=False, widget=forms.CheckboxSelectMultiple)
    added = sentence_field("补充单位", 300, "", required=False)
    added_role = forms.ChoiceField(label="补充单位的分工", choices=AssignmentRole.choices, required=False)

    def __init__(self, item: ImportItem, data=None, *, counties: list[County], items: list[WorkItem] = ()):
        self.item = item
        self.units = list(item.units.all())
        self.proposals = list(item.proposals.all())
        self.counties = {str(county.pk): county for county in counties}
        self.work_items = {str(one.pk): one for one in items}
        self.candidates = offered(self.units)
        super().__init__(data, initial=self._initial(), prefix=f"i{item.pk}", auto_id="%s")
        self.fields["counties"].choices = [(key, county.name) for key, county in self.counties.items()]
        for unit in self.units:
            self._add_unit_fields(unit)
        for proposal in self.proposals:
            self.fields[f"proposal_{proposal.pk}"] = _choice(
                proposal.text[:40], [("yes", "采纳"), ("no", "不采纳")], _said(proposal.accepted)
            )
        self._add_decisions()

    def _initial(self) -> dict:
        item = self.item
        return {
            "version": item.version,
            "number": item.number,
            "title": item.title,
            "optional": item.optional,
            "county_scope": item.county_scope,
            "counties": [str(county.pk) for county in item.counties.all()],
            "added_role": role_of_added(item, self.units),
        }

    def _add_unit_fields(self, unit: ImportUnit) -> None:
        role = forms.ChoiceField(label=f"{unit.name}的分工", choices=AssignmentRole.choices, initial=unit.role)
        self.fields[f"role_{unit.pk}"] = role
        if unit.department_id is None:
            offered = [(str(key), self.candidates[key].name) for key in unit.candidates if key in self.candidates]
            self.fields[f"department_{unit.pk}"] = _choice(f"“{unit.name}”对应的单位", offered, "")
            self.fields[f"other_{unit.pk}"] = sentence_field(f"“{unit.name}”对应的其他单位", 120, "", required=False)

    def _add_decisions(self) -> None:
        item = self.item
        if item.open_units:
            keep = f"只保留这 {len(self.units)} 家" if self.units else "只保留原文写法"
            choices = [(OpenUnitsDecision.KEEP, keep), (OpenUnitsDecision.ADD, "补充单位")]
            self.fields["open_units"] = _choice("“等”怎么办", choices, item.open_units_decision)
        if item.has_no_lead or item.coordinator_id:
            choices = [("", "共同负责，各报各的"), (NAMED, "指定综合单位（记为本厅决定）")]
            self.fields["shared"] = _choice("角色", choices, NAMED if item.coordinator_id else "")
            named = {str(unit.department_id): unit.department.name for unit in self.units if unit.department_id}
            choices = [("", "请选择"), *named.items()]
            self.fields["coordinator"] = forms.ChoiceField(
                label="综合单位", required=False, choices=choices, initial=str(item.coordinator_id or "")
            )
            self.fields["coordinator_reason"] = sentence_field(
                "指定理由", longest(ImportItem, "coordinator_reason"), "", required=False
            )
            self.fields["coordinator_reason"].initial = item.coordinator_reason
        if self.work_items:
            choices = [
                ("", "新增事项"),
                *((key, f"{one} {one.revision.title}") for key, one in self.work_items.items()),
            ]
            self.fields["matched"] = forms.ChoiceField(
                label="对应原有事项", required=False, choices=choices, initial=str(item.matched_id or "")
            )

    # What the template walks through

    @property
    def unit_rows(self) -> list[dict]:
        return [
            {
                "unit": unit,
                "role": self[f"role_{unit.pk}"],
                "candidates": self._field(f"department_{unit.pk}"),
                "other": self._field(f"other_{unit.pk}"),
            }
            for unit in self.units
        ]

    @property
    def is_plain(self) -> bool:
        """Whether the units need no look one by one: all found under their own names, nothing refused."""
        roles = (f"role_{unit.pk}" for unit in self.units)
        known = all(unit.department_id and unit.matched_by not in DETOURS and not unit.scope for unit in self.units)
        return bool(self.units) and known and not any(name in self.errors for name in roles)

    @property
    def role_lines(self) -> list[str]:
        """牵头：甲、乙; one line a role, in the order of the document."""
        lines: dict[str, list[str]] = {}
        for unit in self.units:
            lines.setdefault(unit.get_role_display(), []).append(unit.name)
        return [f"{role}：{'、'.join(names)}" for role, names in lines.items()]

    @property
    def proposal_rows(self) -> list[dict]:
        return [{"proposal": one, "field": self[f"proposal_{one.pk}"]} for one in self.proposals]

    def _field(self, name: str):
        return self[name] if name in self.fields else None

    # Names of departments are looked up once, when there are any

    def clean(self):
        data = super().clean()
        if data.get("county_scope") != CountyScope.LISTED:
            data["counties"] = []
        self.chosen: dict[str, list[Department]] = {}
        typed = {
            name: value for name, value in data.items() if value and (name == "added" or name.startswith("other_"))
        }
        register = DepartmentRegister.load() if typed else None
        for name, value in typed.items():
            try:
                names = value.replace("，", "、").replace(",", "、").split("、") if name == "added" else [value]
                self.chosen[name] = [find_department(part, register) for part in names if part.strip()]
            except forms.ValidationError as error:
                self.add_error(name, error)
        if data.get("open_units") == OpenUnitsDecision.ADD and not data.get("added") and not self._was_added():
            self.add_error("added", "请写明补充哪些单位，或选择只保留。")
        if data.get("shared") == NAMED and not data.get("coordinator"):
            self.add_error("coordinator", "请选择综合单位。")
        if data.get("shared") == NAMED and not data.get("coordinator_reason"):
            self.add_error("coordinator_reason", "请写明指定综合单位的理由。")
        return data

    def _was_added(self) -> bool:
        return any(unit.start is None for unit in self.units)

    def take(self, refusal: Refused) -> None:
        """Show a refusal of the rules beside the fields it is about."""
        if not isinstance(refusal, NotReady):
            self.add_error(None, refusal.message)
            return
        for name, sentences in refusal.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def over(self, data) -> ItemForm:
        """This unbound form with what was posted from an older page laid over it: its version is today's."""
        posted = {self.add_prefix("version"): self.item.version}
        for name in self.fields:
            key = self.add_prefix(name)
            posted.setdefault(key, data.getlist(key) if name == "counties" else data.get(key))
            if posted[key] is None and name != "optional":  # a question the older page did not have
                posted[key] = self.get_initial_for_field(self.fields[name], name)
        counties, items = list(self.counties.values()), list(self.work_items.values())
        return ItemForm(self.item, posted, counties=counties, items=items)

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """(label, as typed, as it stands now) of every field that differs, for whoever comes second."""
        names = [name for name in self.fields if name != "version" and self[name].value() != self[name].initial]
        pairs = [(name, self._words(name, self[name].value()), self._words(name, self[name].initial)) for name in names]
        return [(self.fields[name].label, typed, now) for name, typed, now in pairs if typed != now]

    def _words(self, name: str, value) -> str:
        """A value as the page says it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "是" if value else "否"
        if isinstance(field, forms.ChoiceField):
            chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
            return "、".join(str(label) for key, label in field.choices if str(key) in chosen and key != "")
        return str(value or "")


def role_of_added(item: ImportItem, units: list[ImportUnit]) -> str:
    """What units added by hand do: what the document says after the open ones, else what most of the named ones do."""
    if item.open_units:
        words = item.open_units.split("、")[0]
        _, _, after = item.text.partition(words)
        said = after[:SAID_OF_ROLE].split("。")[0].split("；")[0].split("，")[0]
        for word, role in ROLE_WORDS:
            if word in said:
                return role
    roles = [unit.role for unit in units]
    return max(dict.fromkeys(roles), key=roles.count) if roles else AssignmentRole.RESPONSIBLE


def _choice(label: str, choices, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, initial=initial, widget=forms.RadioSelect)


def _said(accepted: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[accepted]
