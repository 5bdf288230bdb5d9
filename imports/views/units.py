"""A unit of an item: which department is meant, as another name of it, or as a new one of the register."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calendars import clock
from departments.choices import Level
from departments.models import Department
from imports import services
from imports.finding import find_department
from imports.forms import NewDepartmentForm
from imports.matching import DepartmentRegister
from imports.models import ImportUnit
from imports.pieces import marked
from imports.places import Place, place_of
from imports.services import AlreadyMoved, Refused
from imports.views.common import overtaken, review_url, unit_or_404
from imports.views.items import version_of
from tasks.forms.office import sentence_field, version_field
from tasks.models import Assignment
from tasks.views.office.common import office_page


class UnitForm(forms.Form):
    """The department a name stands for, here or wherever the document uses it, and the part it answers for."""

    version = version_field()
    department = sentence_field("对应单位", 120, "", required=False)
    scope = sentence_field("所涉部分", Assignment._meta.get_field("scope").max_length, "", required=False)

    def clean_department(self) -> Department | None:
        text = self.cleaned_data["department"]
        return find_department(text, DepartmentRegister.load()) if text.strip() else None


@office_page("plan.import")
@require_http_methods(["GET", "POST"])
def import_unit(request, pk):
    unit = unit_or_404(request, pk)
    act = request.POST.get("act", "set")
    place = place_of(unit.item.document.issuer or unit.item.document.title)
    namesake = namesake_of(unit, place)
    initial = {"version": unit.item.version, "scope": unit.scope, "department": namesake or ""}
    form = UnitForm(request.POST if request.method == "POST" and act != "create" else None, initial=initial)
    new = NewDepartmentForm(
        request.POST if act == "create" else None, initial=new_department(unit, place if namesake else Place())
    )
    if request.method == "POST":
        if act not in ACTS:
            raise SuspiciousOperation("no such act")
        used = new if act == "create" else form
        if used.is_valid():
            back = review_url(unit.item.document_id, item=unit.item_id)
            try:
                said = ACTS[act](unit, used, request)
            except AlreadyMoved as refusal:
                return overtaken(request, unit.item.document, refusal, back_url=back)
            except Refused as refusal:
                used.add_error(None, refusal.message)
            else:
                messages.success(request, said)
                return redirect(back)
    return render(
        request, "imports/unit.html", page_of(request, unit, form, new) | {"namesake": namesake, "place": place}
    )


def namesake_of(unit, place: Place) -> Department | None:
    """The department of that very name, which was not taken because the document is of another province."""
    if unit.department_id:
        return None
    return DepartmentRegister.load(place).namesake(unit.name, unit.full_name)


def new_department(unit, place: Place) -> dict:
    """What the name itself says of a department that is not there yet, with its `place` where the bare one is taken."""
    full = next((form for form in place.completions(unit.name) if form.startswith(place.name)), "")
    if full:
        return {"name": full, "full_name": full, "level": Level.PROVINCIAL}
    level = Level.COUNTY if unit.name.startswith(("县", "乡", "镇", "区")) else Level.PROVINCIAL
    return {"name": unit.name, "full_name": unit.full_name or unit.name, "level": level}


def page_of(request, unit, form, new) -> dict:
    item, text = unit.item, unit.item.document.text
    marks = [(unit.start, unit.end)] if unit.start is not None else []
    candidates = Department.objects.in_bulk(unit.candidates)
    alike = ImportUnit.objects.filter(item__document=item.document_id, name=unit.name).count()
    return {
        "unit": unit,
        "item": item,
        "document": item.document,
        "pieces": marked(text, item.start, item.end, marks),
        "candidates": [candidates[key] for key in unit.candidates if key in candidates],
        "departments": Department.objects.current(clock.today()).in_protocol_order(),
        "alike": alike,
        "form": form,
        "new": new,
        "may_manage": request.user.may("plan.manage"),
        "back_url": review_url(item.document_id, item=item.pk),
    }


def _set(unit, form, request) -> str:
    department = form.cleaned_data["department"]
    services.set_unit(
        unit, by=request.user, version=form.cleaned_data["version"], scope=form.cleaned_data["scope"],
        department=department,
    )  # fmt: skip
    return f"已保存：“{unit.name}”" + (f"对应{department}。" if department else "。")


def _set_all(unit, form, request) -> str:
    department = form.cleaned_data["department"]
    if department is None:
        raise Refused("请写明对应哪个单位。", code="no_department")
    count = services.set_units_named_alike(
        unit, department, by=request.user, version=form.cleaned_data["version"], scope=form.cleaned_data["scope"]
    )
    return f"本文件中{count}处“{unit.name}”都对应{department}。"


def _alias(unit, form, request) -> str:
    department = form.cleaned_data["department"]
    if department is None:
        raise Refused("请写明是哪个单位的别称。", code="no_department")
    services.add_alias(unit, department, by=request.user)
    return f"已把“{unit.name}”登记为{department}的别称，本文件中的同名单位一并对应。"


def _create(unit, form, request) -> str:
    department = services.create_department(unit, by=request.user, **form.cleaned_data)
    return f"已新增单位{department}，本文件中的同名单位一并对应。"


def _remove(unit, form, request) -> str:
    services.remove_unit(unit, by=request.user, version=version_of(request))
    return f"已从{unit.item}移除“{unit.name}”。"


ACTS = {"all": _set_all, "set": _set, "alias": _alias, "create": _create, "remove": _remove}
