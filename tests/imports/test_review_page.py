"""The review: the source beside what was read, one item open, everything about it saved by the button pressed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars import clock
from imports import services
from imports.models import ImportItem
from tests.imports import drafts
from tests.imports.drafts import MORNING, TEXT, item_of, reviewed, unit_of
from tests.imports.pages import HTMX, fields_of, form_of, long_document, long_draft, long_text, post_item
from tests.tasks.filing import browser_of

pytestmark = pytest.mark.django_db
LARGEST_PAGE = 300_000  # bytes


@pytest.fixture(autouse=True)
def morning():
    with clock.at(MORNING):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)


@pytest.fixture
def admin(world):
    return browser_of(world.admin)


def page_of(client, document, query="", **options):
    return client.get(f"/imports/{document.pk}/{query}", **options).content.decode()


def test_the_numbers_on_top_say_what_was_read(staff, document):
    page = page_of(staff, document)

    for words in ("<b>2</b> 一至二连续", "<b>4</b> 序号 1–4 连续", "<b>4</b> 5 条责任分工", "<b>2 / 2</b> 不推定牵头"):
        assert words in page
    assert "<b>3</b> 一致 1" in page
    assert "需确认 3" in page
    assert "接受全部一致项 1" in page


def test_the_first_doubtful_item_is_open_and_its_evidence_marked_in_the_source(staff, document):
    page = page_of(staff, document)

    assert "确认第2项，看下一条" in page
    assert "省财政厅、省林业局<mark>等有关部门</mark>按职责分工负责" in page
    assert "“等有关部门”没有指明具体单位" in page
    block = page.split(f'id="s{item_of(document, "2").pk}"')[1].split("</p>")[0]
    assert "<mark>等有关部门</mark>" in block
    assert 'class="is-on"' in block


def test_an_agreed_item_shows_where_its_units_and_proposals_stand(staff, document):
    page = page_of(staff, document, f"?item={item_of(document, '1').pk}")

    assert "<mark>省水利厅</mark>牵头，<mark>省财政厅</mark>配合" in page
    assert "<mark>年底前</mark>" in page
    assert "2024-12-31" in page
    assert "= 60 处" in page


def test_marks_count_code_points_beyond_the_basic_plane(world):
    text = TEXT.replace("1.改造", "1.𠮷村改造")
    first = drafts.line("1.", text)
    draft = drafts.DraftPlan(
        kind="work_points",
        trackable=True,
        items=(drafts.item("1", None, first, text, units=(drafts.unit("省水利厅", "lead", first, text),)),),
    )
    document = reviewed(world.staff, draft, text=text)

    assert "<mark>省水利厅</mark>牵头" in page_of(browser_of(world.staff), document)


def test_a_doubt_about_the_whole_document_is_said_first(staff, document):
    document.doubts.create(code="other_level", reason="责任单位均为县级，请核对。")

    page = page_of(staff, document)

    assert page.index("责任单位均为县级，请核对。") < page.index("解析结果")


def test_text_of_the_document_is_never_markup(world):
    text = TEXT.replace("改造老旧管网", "<script>alert(1)</script><b>管网</b>")
    first = drafts.line("1.", text)
    draft = drafts.DraftPlan(kind="work_points", trackable=True, items=(drafts.item("1", None, first, text),))
    page = page_of(browser_of(world.staff), reviewed(world.staff, draft, text=text))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;管网" in page


def test_confirm_saves_the_answers_and_opens_the_next_one(staff, world, document):
    answer = post_item(staff, item_of(document, "2"), "confirm", open_units="keep", title="落实管护经费")

    second = item_of(document, "2")
    assert (second.state, second.open_units_decision, second.title) == ("confirmed", "keep", "落实管护经费")
    assert second.checked_by == world.staff
    assert answer.url == f"/imports/{document.pk}/?item={item_of(document, '3').pk}&show=check"


def test_confirm_is_refused_while_a_question_is_open_and_keeps_what_was_typed(staff, document):
    answer = post_item(staff, item_of(document, "2"), "confirm", title="只改了名称")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "没有保存，请改好后再确认" in page
    assert 'value="只改了名称"' in page
    assert item_of(document, "2").state == "check"
    assert item_of(document, "2").title != "只改了名称"  # all of it or nothing


def test_a_unit_is_found_by_name_and_by_pinyin(staff, world, document):
    department = world.departments["省水利厅"]
    type(department).objects.filter(pk=department.pk).update(pinyin="shengshuiliting", initials="sslt")
    unit = unit_of(document, "3", "省水利局")

    post_item(staff, item_of(document, "3"), "confirm", **{f"other_{unit.pk}": "sslt"})

    assert unit_of(document, "3", "省水利局").department == department
    assert item_of(document, "3").state == "confirmed"


def test_an_unknown_unit_is_named_with_what_to_do(staff, document):
    unit = unit_of(document, "3", "省水利局")

    page = post_item(staff, item_of(document, "3"), "confirm", **{f"other_{unit.pk}": "省桥梁厅"}).content.decode()

    assert "名录中没有“省桥梁厅”，请写名录中的单位，或先新增单位。" in page
    assert 'value="省桥梁厅"' in page


def test_units_are_added_for_those_the_document_does_not_name(staff, world, document):
    post_item(staff, item_of(document, "4"), "confirm", open_units="add", added="省财政厅、省林业局")

    fourth = item_of(document, "4")
    assert fourth.state == "confirmed"
    assert fourth.open_units_decision == "add"
    assert [(unit.department.name, unit.role) for unit in fourth.units.all()] == [
        ("省财政厅", "shared"),
        ("省林业局", "shared"),
    ]


def test_the_heading_says_the_number_once_and_units_left_open_are_units(staff, document):
    page = page_of(staff, document, f"?item={item_of(document, '4').pk}")

    assert page.split('class="pane-head"')[1].split('<span class="tag">')[0].count("4") == 1
    assert "原文没有写责任单位" not in page


def test_to_add_units_one_must_name_them(staff, document):
    page = post_item(staff, item_of(document, "4"), "confirm", open_units="add").content.decode()

    assert "请写明补充哪些单位" in page


def test_a_coordinating_unit_needs_its_reason(staff, world, document):
    second = item_of(document, "2")
    forest = world.departments["省林业局"]
    chosen = {"open_units": "keep", "shared": "named", "coordinator": forest.pk}

    assert "请写明指定综合单位的理由" in post_item(staff, second, "confirm", **chosen).content.decode()
    post_item(staff, second, "confirm", **chosen, coordinator_reason="处室会议商定")

    second.refresh_from_db()
    assert (second.coordinator, second.coordinator_reason) == (forest, "处室会议商定")


def test_deadlines_and_targets_are_kept_or_dropped(staff, document):
    first = item_of(document, "1")
    deadline, target = first.proposals.order_by("kind")

    post_item(staff, first, "save", **{f"proposal_{deadline.pk}": "yes", f"proposal_{target.pk}": "no"})

    assert list(first.proposals.order_by("kind").values_list("accepted", flat=True)) == [True, False]


def test_roles_and_the_optional_mark_are_changed(staff, document):
    first = item_of(document, "1")
    unit = unit_of(document, "1", "省财政厅")

    post_item(staff, first, "confirm", optional="on", county_scope="all", **{f"role_{unit.pk}": "responsible"})

    first.refresh_from_db()
    assert (first.optional, first.county_scope) == (True, "all")
    assert unit_of(document, "1", "省财政厅").role == "responsible"


@pytest.mark.parametrize(("act", "state"), [("later", "later"), ("exclude", "excluded")])
def test_later_and_not_at_all(staff, document, act, state):
    post_item(staff, item_of(document, "2"), act)

    assert item_of(document, "2").state == state
    post_item(staff, item_of(document, "2"), "recall")
    assert item_of(document, "2").state == "check"


def test_a_doubt_is_settled_alone(staff, document):
    second = item_of(document, "2")
    doubt = other_doubt(second)

    post_item(staff, second, f"settle-{doubt.pk}", title="同时改的名称")

    doubt.refresh_from_db()
    assert not doubt.is_open
    assert (item_of(document, "2").state, item_of(document, "2").title) == ("check", "同时改的名称")


def other_doubt(item):
    return item.doubts.create(document=item.document, code="spans", reason="责任表述的范围不清楚。")


def test_units_left_open_are_not_called_no_problem(staff, document):
    second = item_of(document, "2")
    doubt = second.doubts.get()

    assert "没有问题" not in page_of(staff, document, f"?item={second.pk}")
    assert post_item(staff, second, f"settle-{doubt.pk}").status_code == 400


def test_enter_in_a_field_confirms(staff, document):
    second = item_of(document, "2")
    other_doubt(second)

    page = page_of(staff, document, f"?item={second.pk}")
    of_the_form = re.findall(r'<button[^>]*form="item-form"[^>]*value="(\w+)"', page.split('id="item-form"')[0])

    assert "没有问题" in page
    assert of_the_form[0] == "confirm"  # the browser takes the first button in the order of the page


@pytest.mark.parametrize("htmx", [False, True])
def test_saved_for_later_is_saved(staff, document, htmx):
    second = item_of(document, "2")
    assert 'form="item-form" name="act" value="list"' in page_of(staff, document, f"?item={second.pk}")

    answer = post_item(staff, second, "list", htmx=htmx, title="先存着的名称")

    assert (answer["HX-Redirect"] if htmx else answer.url) == "/imports/"
    assert item_of(document, "2").title == "先存着的名称"


def test_going_on_and_accepting_keep_what_was_typed(staff, document):
    second, third = item_of(document, "2"), item_of(document, "3")

    answer = post_item(staff, second, f"go-{third.pk}", title="走开前改的")
    assert f"item={third.pk}" in answer.url
    post_item(staff, third, "accept", title="接受前改的")

    assert item_of(document, "2").title == "走开前改的"
    assert item_of(document, "3").title == "接受前改的"
    assert item_of(document, "1").state == "confirmed"


def test_everything_typed_is_given_back_to_whoever_comes_second(staff, world, document):
    first = item_of(document, "1")
    deadline = first.proposals.order_by("kind")[0]
    unit = unit_of(document, "1", "省财政厅")
    seen = form_of(staff, first)
    services.edit_item(first, by=world.colleague, version=first.version, title="同事改的名称")
    typed = {"number": "9", "optional": "on", "county_scope": "all", f"role_{unit.pk}": "responsible"}
    typed |= {f"proposal_{deadline.pk}": "yes"}
    typed = {f"i{first.pk}-{name}": value for name, value in typed.items()}

    answer = staff.post(f"/imports/items/{first.pk}/", seen | typed | {"act": "save"})

    assert answer.status_code == 409
    again = fields_of(answer.content.decode())
    assert typed.items() <= again.items()
    staff.post(f"/imports/items/{first.pk}/", again | {"act": "save"})
    assert item_of(document, "9").optional


def test_everything_that_agrees_is_accepted_with_one_click(staff, document):
    staff.post(f"/imports/{document.pk}/act/", {"act": "accept", "show": "check"})

    assert item_of(document, "1").state == "confirmed"
    assert not ImportItem.objects.filter(document=document).agreed().exists()


def test_two_items_of_a_section_become_one_and_come_apart_again(staff, document):
    second = item_of(document, "2")
    post_item(staff, second, "merge")
    merged = item_of(document, "1")
    assert not ImportItem.objects.filter(pk=second.pk).exists()
    assert merged.text.count("负责") + merged.text.count("牵头") == 2

    page = staff.get(f"/imports/items/{merged.pk}/split/").content.decode()
    place = TEXT.index("2.落实")
    assert f'value="{place}"' in page
    answer = staff.post(f"/imports/items/{merged.pk}/split/", {"at": place, "version": merged.version})

    assert answer.status_code == 302
    assert ImportItem.objects.filter(document=document).count() == 4


def test_a_cut_outside_the_item_says_what_to_do(staff, document):
    first = item_of(document, "1")

    page = staff.post(f"/imports/items/{first.pk}/split/", {"at": 0, "version": first.version}).content.decode()

    assert "没有拆分" in page


def test_whoever_comes_second_learns_what_the_first_did(staff, world, document):
    second = item_of(document, "2")
    seen = form_of(staff, second)
    services.edit_item(second, by=world.colleague, version=second.version, title="同事改的名称")

    sent = seen | {f"i{second.pk}-title": "我改的名称", f"i{second.pk}-open_units": "keep", "act": "confirm"}
    answer = staff.post(f"/imports/items/{second.pk}/", sent)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事 修改事项 第2项" in page
    assert 'value="我改的名称"' in page
    assert "您填写“我改的名称”，现在是“同事改的名称”" in page
    assert "同事改的名称" in page


def test_a_unit_added_meanwhile_is_a_change_like_any_other(staff, world, document):
    second = item_of(document, "2")
    seen = form_of(staff, second)
    water = world.departments["省水利厅"]
    services.add_unit(second, water, role="shared", by=world.colleague, version=second.version)

    answer = staff.post(f"/imports/items/{second.pk}/", seen | {"act": "confirm"})

    assert answer.status_code == 409
    assert "同事 补充责任单位 第2项 省水利厅" in answer.content.decode()


def test_htmx_gets_the_parts_and_their_address(staff, document):
    second = item_of(document, "2")
    answer = staff.get(f"/imports/{document.pk}/?item={second.pk}&show=all", headers=HTMX)

    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="source" hx-swap-oob="innerHTML"' in page
    assert "确认第2项，看下一条" in page
    assert answer["HX-Replace-Url"] == f"/imports/{document.pk}/?item={second.pk}&show=all"


def test_last_step_is_offered_for_undoing_and_undone(staff, document):
    post_item(staff, item_of(document, "2"), "later")
    step = services.last_step(document)
    undo = f"/imports/{document.pk}/undo/{step.pk}/"
    assert undo in page_of(staff, document)

    answer = staff.post(undo)

    assert answer.url == f"/imports/{document.pk}/?item={item_of(document, '2').pk}"
    assert item_of(document, "2").state == "check"
    again = staff.post(undo)
    assert again.status_code == 409


def test_the_record_lists_who_did_what(staff, document):
    post_item(staff, item_of(document, "2"), "later")

    page = staff.get(f"/imports/{document.pk}/steps/").content.decode()

    assert "标为稍后" in page
    assert "审核员" in page
    assert "第2项" in page


def test_the_page_of_a_unit_offers_the_register_and_administrators_enter_new_ones(admin, staff, world, document):
    unit = unit_of(document, "3", "省水利局")
    url = f"/imports/units/{unit.pk}/"
    assert "新增单位、登记别称由处室管理员办理" in staff.get(url).content.decode()
    new = {"name": "省水利局", "full_name": "安徽省水利局", "level": "provincial", "category": "government"}
    page = admin.post(url, new | {"act": "create", "name": ""}).content.decode()
    assert "请填写单位简称" in page

    admin.post(url, new | {"act": "create"})

    assert unit_of(document, "3", "省水利局").department.name == "省水利局"


def test_a_name_is_entered_as_another_name_of_a_department(admin, world, document):
    unit = unit_of(document, "3", "省水利局")
    sent = {"act": "alias", "department": "省水利厅", "version": unit.item.version, "scope": ""}

    admin.post(f"/imports/units/{unit.pk}/", sent)

    assert unit_of(document, "3", "省水利局").department == world.departments["省水利厅"]
    assert world.departments["省水利厅"].aliases.get().name == "省水利局"


def test_a_unit_is_taken_out(staff, document):
    unit = unit_of(document, "1", "省财政厅")

    staff.post(f"/imports/units/{unit.pk}/", {"act": "remove", "version": unit.item.version})

    assert [one.name for one in item_of(document, "1").units.all()] == ["省水利厅"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_page_asks_the_same_questions_for_any_length(world, headers):
    client = browser_of(world.staff)
    asked = []
    for count in (2, 12):
        document = long_document(world.staff, count)
        page_of(client, document, "?show=all", headers=headers)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(client, document, "?show=all", headers=headers)
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert asked[0] <= 30


@pytest.mark.parametrize("count", [31, 200])
def test_the_page_stays_small(world, count):
    page = page_of(browser_of(world.staff), long_document(world.staff, count), "?show=all")

    assert "确认第1项" in page
    assert len(page.encode()) < LARGEST_PAGE


def test_a_very_long_document_shows_the_items_around_the_open_one(world):
    text = long_text(120, words=600)
    document = reviewed(world.staff, long_draft(120, text), text=text)
    middle = item_of(document, "60")
    page = page_of(browser_of(world.staff), document, f"?item={middle.pk}&show=all")

    assert f'id="s{middle.pk}"' in page
    assert f'id="s{item_of(document, "1").pk}"' not in page
    assert "项未列" in page
    assert len(page.encode()) < LARGEST_PAGE


def test_fields_of_reads_a_form():
    """The check of the helper: what a browser would send."""
    html = (
        "<form id=a><input name=x value=1></form><form id=b><input name=y value=2><input type=radio name=z value=3>"
        "<input type=checkbox name=w value=4 checked><select name=v><option value=5><option value=6 selected>"
        "</select></form>"
    )
    assert fields_of(html, "b") == {"y": "2", "w": "4", "v": "6"}
