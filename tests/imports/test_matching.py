"""Names as offices write them, and the departments and counties they stand for."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counties.loading import load_counties
from departments.loading import load_departments
from departments.models import Department
from imports.matching import CountyRegister, DepartmentRegister, Match, key_of
from imports.models import ImportUnit
from imports.places import Place, place_of, province_of
from imports.services import linking
from tests.imports.drafts import item_of

pytestmark = pytest.mark.django_db

OURS = place_of("安徽省农业农村厅")


@pytest.fixture
def register(db):
    load_departments()
    return DepartmentRegister.load(OURS)


@pytest.mark.parametrize(
    ("issuer", "place"),
    [
        ("安徽省农业农村厅", Place("安徽省", "省", "安徽")),
        ("中共江苏省委办公厅", Place("江苏省", "省", "江苏")),
        ("内蒙古自治区人民政府", Place("内蒙古自治区", "自治区", "内蒙古")),
        ("重庆市财政局", Place("重庆市", "市", "重庆")),
        ("淮安市人民政府办公室", Place("淮安市", "市")),
        ("云南省维西傈僳族自治县人民政府", Place("维西傈僳族自治县", "自治县")),
        ("临泉县农业农村局", Place("临泉县", "县")),
        ("国务院办公厅", Place()),
        ("", Place()),
    ],
)
def test_an_issuer_tells_its_place(issuer, place):
    assert place_of(issuer) == place


def test_a_name_tells_its_province_only_when_it_names_one():
    assert province_of("金融监管总局安徽监管局") == "安徽"
    assert province_of("苏浙沪协作办") == ""
    assert province_of("江苏浙江联合办") == ""


@pytest.mark.parametrize(
    ("name", "department", "by"),
    [
        ("省水利厅", "省水利厅", "name"),
        ("安徽省水利厅", "省水利厅", "full_name"),
        ("省 水\n利厅", "省水利厅", "name"),
        ("省水利厅（省河长办）", "省水利厅", "name"),
        ("水利厅", "省水利厅", "prefix"),
        ("安徽省工商联", "省工商联", "prefix"),
        ("省人社厅", "省人力资源社会保障厅", "alias"),
        ("人社厅", "省人力资源社会保障厅", "alias"),
        ("省国土资源厅", "省自然资源厅", "former"),
        ("发展和改革委员会", "省发展改革委", "prefix"),
        ("省交通运输和厅", "省交通运输厅", "spelling"),
    ],
)
def test_names_lead_to_departments(register, name, department, by):
    match = register.match(name)

    assert (match.department and match.department.name, match.by) == (department, by)


def test_the_completed_name_of_the_reader_helps(register):
    assert register.match("水利", "省水利厅").department.name == "省水利厅"


def test_an_unknown_name_gets_close_ones_and_no_department(register):
    match = register.match("省水利局")

    assert match.department is None
    assert match.candidates[0].name == "省水利厅"
    assert len(match.candidates) <= 5


@pytest.mark.parametrize("name", ["省监委", "省委", "省侨办", "县委办公室"])
def test_sharing_place_and_ending_alone_is_not_close(register, name):
    assert register.match(name).candidates == ()


@pytest.mark.parametrize(
    ("name", "candidates"),
    [("省财政局", ["省财政厅"]), ("省交通局", ["省交通运输厅"]), ("省能源办", ["省能源局"]), ("sslt", ["省水利厅"])],
)
def test_what_tells_offices_apart_makes_them_close(register, name, candidates):
    assert [one.name for one in register.match(name).candidates] == candidates


def test_nothing_close_is_nothing(register):
    assert register.match("某某有限责任公司筹备组") == Match()


def test_a_name_that_two_go_by_is_asked(register):
    twins = [
        Department(pk=901 + number, name=f"某委{number}", full_name="双名委", level="provincial", category="government")
        for number in range(2)
    ]
    for twin in twins:
        twin._prefetched_objects_cache = {"aliases": []}
    register = DepartmentRegister(twins)

    match = register.match("双名委")

    assert (match.department, [one.pk for one in match.candidates]) == (None, [901, 902])


def test_another_provinces_office_is_not_ours(db):
    load_departments()

    match = DepartmentRegister.load(place_of("江苏省农业农村厅")).match("省水利厅")

    assert match.department is None
    assert match.candidates[0].name == "省水利厅"


@pytest.mark.parametrize(
    ("issuer", "name", "namesake"),
    [
        ("江苏省农业农村厅", "省水利厅", "省水利厅"),
        ("江苏省农业农村厅", "水利厅", "省水利厅"),
        ("江苏省农业农村厅", "省人社厅", "省人力资源社会保障厅"),
        ("江苏省农业农村厅", "省水利局", None),
        ("安徽省农业农村厅", "省水利厅", None),
    ],
)
def test_an_office_of_the_same_name_in_another_province_is_told(db, issuer, name, namesake):
    load_departments()

    found = DepartmentRegister.load(place_of(issuer)).namesake(name)

    assert (found and found.name) == namesake


def test_a_merged_department_leads_to_its_successor(db):
    load_departments()
    old, new = Department.objects.get(name="省林业局"), Department.objects.get(name="省自然资源厅")
    Department.objects.filter(pk=old.pk).update(successor=new, valid_to=date(2024, 1, 1))

    match = DepartmentRegister.load(OURS).match("省林业局")

    assert (match.department, match.by) == (new, "former")


def test_a_closed_department_without_successor_is_not_found(db):
    load_departments()
    Department.objects.filter(name="省林业局").update(valid_to=date(2024, 1, 1))

    assert DepartmentRegister.load(OURS).match("省林业局").department is None


def test_full_width_and_brackets_make_no_difference():
    assert key_of(" 省\u3000水利〔厅〕") == key_of("省水利(厅)") == key_of("省水利（厅）")


def test_linking_asks_the_same_queries_for_any_number_of_units(world, document, django_assert_num_queries):
    row = item_of(document, "3")
    with CaptureQueriesContext(connection) as few:
        linking.link(document)
    ImportUnit.objects.bulk_create(
        ImportUnit(item=row, name=f"无名第{number}处", role="shared") for number in range(40)
    )

    with django_assert_num_queries(len(few)):
        linking.link(document)


@pytest.mark.parametrize(
    ("name", "county"),
    [
        ("利辛县", "利辛县"),
        ("阜阳市颍东区", "颍东区"),
        ("阜阳颍东区", "颍东区"),
        ("颍 东区", "颍东区"),
        ("六安市颍东区", None),
        ("无名县", None),
    ],
)
def test_counties_are_known_with_and_without_their_city(db, name, county):
    load_counties()

    found = CountyRegister.load().match(name)

    assert (found and found.name) == county
