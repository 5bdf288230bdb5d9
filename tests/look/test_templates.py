"""Every template is fit for the strict content security policy, and the shared parts render what they promise."""

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string

ROOT = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))

FORBIDDEN = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "style element": r"<style\b",
    "inline script": r"<script\b(?![^>]*\b(?:src|type=\"application/json\"))",
    "event handler": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "script address": r"javascript:",
    "other host": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}
ERROR_PAGES = ("400.html", "401.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html")
LIGHTS = {
    "normal": ("●", "正常"),
    "behind": ("▲", "滞后"),
    "far_behind": ("■", "严重滞后"),
    "done": ("◆", "已完成"),
    "unassessed": ("○", "待认定"),
    "not_applicable": ("/", "不适用"),
}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_nothing_inline(path):
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_note_does_not_reach_the_page(path):
    """`{# #}` ends at the line: a longer note in it would be shown to everybody."""
    for line in path.read_text(encoding="utf-8").splitlines():
        assert line.count("{#") == line.count("#}"), line


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_page_stands_alone(name):
    """No request, no user, no database (pytest-django forbids it here): any of them may be what failed."""
    html = render_to_string(name)
    assert "/static/css/app.css" in html
    assert "非涉密系统，严禁填报涉密信息" in html
    assert "<h1></h1>" not in html


def test_shell_renders_for_a_visitor():
    html = render_to_string("base.html", {"user": AnonymousUser()})
    assert 'class="bare"' in html
    assert "搜索事项" not in html
    assert "意见建议" in html


def test_shell_renders_without_any_variable():
    assert 'id="main"' in render_to_string("base.html")


def test_shell_shows_entries_counts_and_month():
    class Person:
        is_authenticated = True
        pk = 7

        def __str__(self):
            return "王某某"

    context = {
        "user": Person(),
        "nav": [{"label": "审核", "url": "/review/", "active": True, "count": 12}],
        "todo_count": 15,
        "demo_mode": True,
        "period_bar": {"prev_url": "/a/", "next_url": None, "label": "10月"},
    }
    html = render_to_string("base.html", context)
    assert '<a href="/review/" aria-current="page">审核<sup>12' in html
    assert "演示数据" in html
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html
    assert 'data-user="7"' in html


@pytest.mark.parametrize(("code", "glyph", "word"), [(code, *pair) for code, pair in LIGHTS.items()])
def test_light_shows_glyph_and_word(code, glyph, word):
    assert words(render_to_string("_light.html", {"code": code})) == f"{glyph} {word}"


def test_light_in_the_matrix_has_a_spoken_name():
    html = render_to_string(
        "_light.html", {"code": "behind", "look": "cell", "name": "第16项 10月 滞后", "url": "/items/16/"}
    )
    assert html.strip().startswith('<a class="cell l-behind" href="/items/16/"')
    assert words(html) == "▲ 第16项 10月 滞后"


def test_state_tag_says_words_and_boxes():
    html = render_to_string(
        "_state_tag.html", {"label": "已提交", "late_days": 3, "filed_late": True, "returned_times": 2}
    )
    assert words(html) == "已提交 逾期3天 补报 退回 2 次"
    assert words(render_to_string("_state_tag.html", {"label": "未开始"})) == "未开始"


class Filing(forms.Form):
    kind = forms.ChoiceField(
        label="本月情况", widget=forms.RadioSelect, choices=[("progress", "有新进展"), ("none", "无新进展")]
    )
    progress = forms.CharField(label="进展情况", help_text="建议 150 字内", widget=forms.Textarea)


def test_error_summary_links_to_each_field_in_its_words():
    form = Filing({"kind": "progress", "progress": ""})
    form.is_valid()
    form.add_error("progress", "还有未填的“**”，请换成实际数字")
    summary = render_to_string("_errors.html", {"form": form})
    field = render_to_string("_field.html", {"field": form["progress"], "limit": 500})
    assert "有 1 处需要改" in summary
    assert 'href="#id_progress"' in summary
    said = "进展情况：还有未填的“**”，请换成实际数字"
    assert said in summary
    assert said in field
    assert 'id="id_progress"' in field
    assert 'data-counter="id_progress" data-limit="500"' in field
    assert render_to_string("_errors.html", {"form": Filing()}).strip() == ""


def test_summary_of_a_choice_finds_its_group():
    form = Filing({"progress": "x"})
    assert not form.is_valid()
    assert 'href="#id_kind"' in render_to_string("_errors.html", {"form": form})
    assert 'id="id_kind"' in render_to_string("_field.html", {"field": form["kind"], "choices": "row"})


def test_empty_state_says_why_and_one_next_step():
    html = render_to_string(
        "_empty.html", {"title": "没有待审", "why": "本月已全部审完。", "action_url": "/m/", "action_label": "看月报"}
    )
    assert words(html) == "没有待审 本月已全部审完。 看月报"
    assert html.count("<a ") == 1


def test_pager_keeps_the_filters():
    page = Paginator(range(45), 20).page(2)
    html = render_to_string("_pager.html", {"page": page, "query": "light=behind"})
    assert "共 45 条，第 2 页，共 3 页" in html
    assert 'href="?light=behind&amp;page=1"' in html
    assert 'href="?light=behind&amp;page=3"' in html


def test_numbers_strip_names_lights():
    html = render_to_string(
        "_stats.html", {"stats": [{"code": "behind", "value": 6, "note": "较上月 +1"}, {"label": "应报", "value": 51}]}
    )
    assert words(html) == "▲ 滞后 6 较上月 +1 应报 51"


def test_undo_posts_with_a_key():
    html = render_to_string("_undo_bar.html", {"text": "已通过 1 份", "undo_url": "/undo/"})
    assert 'method="post"' in html
    assert 'data-key="KeyZ"' in html
