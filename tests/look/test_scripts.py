"""Autosave and keys in a real Chromium, against answers that the test gives: what a server can do to a form."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "static"
SITE = "http://form.test"
TOKEN = "<input type='hidden' name='csrfmiddlewaretoken' value='{token}'>"
FORM = (
    "<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><link rel='icon' href='data:,'>"
    "<script type='module' src='/static/js/keys.js'></script><script type='module' src='/static/js/dialog.js'></script>"
    "<script type='module' src='/static/js/autosave.js'></script></head><body data-user='7'>"
    "<span data-saved role='status'></span><nav class='rail'><a href='/review/'>审核</a></nav>"
    "<form method='post' action='/filing/' data-autosave='/draft/' novalidate>"
    + TOKEN
    + "<input type='hidden' name='version' value='{version}'><textarea name='progress' id='progress'></textarea>"
    "<button name='act' value='check' data-key='Ctrl+Enter'>核对并提交</button></form>"
    "<form method='post' action='/accept/'><button data-key='KeyA'>通过</button></form>"
    "<form method='post' action='/cancel/' data-confirm='撤销后名单作废。'><button id='cancel'>撤销开启</button></form>"
    "</body></html>"
)
SIGN_IN = "<form method='post'>" + TOKEN + "<input name='login'><input name='password'></form>"


class Server:
    """Answers the page's requests and remembers every post; `draft` is what the autosave address answers."""

    def __init__(self, page):
        self.posts = []
        self.version = 1
        self.token = "first"
        self.signed_in = True
        self.draft = None
        page.route(f"{SITE}/**", self.answer)

    def answer(self, route):
        request = route.request
        path = request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            return route.fulfill(path=STATIC / path.removeprefix("/static/"))
        if request.method == "POST":
            self.posts.append((path, request.post_data or ""))
            return self.answer_post(route, path)
        html = SIGN_IN.format(token="old") if path == "/accounts/login/" else FORM
        return route.fulfill(
            content_type="text/html; charset=utf-8",
            body=html if path == "/accounts/login/" else html.format(token=self.token, version=self.version),
        )

    def answer_post(self, route, path):
        if path == "/accounts/login/":
            self.signed_in, self.token = True, "second"
            return route.fulfill(content_type="text/html", body="<p>首页</p>")
        if path != "/draft/":
            return route.fulfill(content_type="text/html; charset=utf-8", body=f"<h1>{path}</h1>")
        if not self.signed_in:
            return self.json(route, {"login_url": "/accounts/login/"}, 401)
        if self.draft == "away":
            return route.abort()
        if self.draft:
            return self.json(route, *self.draft)
        self.version += 1
        return self.json(route, {"version": self.version, "saved_at": "14:32:05"})

    def json(self, route, body, status=200):
        return route.fulfill(status=status, content_type="application/json", body=json.dumps(body, ensure_ascii=False))

    def paths(self):
        return [path for path, _ in self.posts]


@pytest.fixture
def server(page):
    server = Server(page)
    page.goto(f"{SITE}/filing/")
    return server


def test_draft_is_saved_on_leaving_the_field(page, server):
    page.fill("#progress", "主管网贯通")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-saved]:has-text('已保存 14:32:05')")
    assert "主管网贯通" in server.posts[0][1]
    assert page.input_value("[name=version]") == "2"


def test_submit_waits_for_the_draft_and_carries_its_version(page, server):
    page.fill("#progress", "主管网贯通")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("h1:has-text('/filing/')")
    assert server.paths() == ["/draft/", "/filing/"]
    assert "version=2" in server.posts[-1][1]
    assert "act=check" in server.posts[-1][1]


def test_conflict_is_shown_with_the_servers_link_and_stops_saving(page, server):
    server.draft = ({"message": "本单位张某在14:30改过。", "url": "/filing/conflict/"}, 409)
    page.fill("#progress", "主管网贯通")
    page.keyboard.press("Tab")
    page.wait_for_selector("[role=alert] a[href='/filing/conflict/']")
    assert "本单位张某在14:30改过。" in page.inner_text("[role=alert]")
    page.fill("#progress", "再改")
    page.keyboard.press("Tab")
    page.wait_for_timeout(200)
    assert server.paths() == ["/draft/"]


def test_text_survives_a_server_that_is_away(page, server):
    server.draft = "away"
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("#progress", "断网时写的字")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-saved].is-bad")
    page.click("[name=act]")
    page.wait_for_selector("[data-saved]:has-text('还没有提交')")
    assert "/filing/" not in server.paths()
    server.draft = None
    page.goto(f"{SITE}/filing/")
    assert page.input_value("#progress") == "断网时写的字"
    page.wait_for_selector("[data-saved]:has-text('已保存')", timeout=5000)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_expired_session_signs_in_on_the_page_and_saves(page, server):
    server.signed_in = False
    page.fill("#progress", "写到一半")
    page.keyboard.press("Tab")
    page.wait_for_selector("dialog[open]")
    page.fill("#again-name", "zhang_slt")
    page.fill("#again-password", "x")
    page.click("[data-go]")
    page.wait_for_selector("[data-saved]:has-text('已保存')")
    assert page.input_value("#progress") == "写到一半"
    assert page.locator("dialog").count() == 0
    assert server.paths() == ["/draft/", "/accounts/login/", "/draft/"]
    assert "second" in server.posts[-1][1]


def test_keys_rest_while_typing_and_work_outside(page, server):
    page.click("#progress")
    page.keyboard.type("a")
    assert "/accept/" not in server.paths()
    assert page.input_value("#progress") == "a"
    page.evaluate("document.activeElement.blur()")
    page.wait_for_selector("[data-saved]:has-text('已保存')")
    page.keyboard.press("a")
    page.wait_for_selector("h1:has-text('/accept/')")


def test_keys_can_be_switched_off(page, server):
    page.evaluate("localStorage.setItem('keys-off', 'yes')")
    page.reload()
    page.keyboard.press("a")
    page.wait_for_timeout(200)
    assert server.paths() == []


def test_grave_post_asks_first(page, server):
    page.click("#cancel")
    assert "名单作废" in page.inner_text("dialog[open]")
    page.click("dialog[open] button:has-text('取消')")
    assert server.paths() == []
    page.click("#cancel")
    page.click("dialog[open] button:has-text('撤销开启')")
    page.wait_for_selector("h1:has-text('/cancel/')")
