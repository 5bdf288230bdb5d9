"""The description page in a real Chromium under the strict policy: it draws itself and asks nobody outside."""

import pytest
from playwright.sync_api import expect

from tests.accounts import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed_in(page, live_server):
    people.person("李四", username="li")
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "li")
    page.fill("[name=password]", people.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")
    return page


def test_the_description_draws_itself_without_breaking_the_page_policy(signed_in, live_server):
    said, asked = [], []
    signed_in.on("console", lambda message: said.append(message.text))
    signed_in.on("pageerror", lambda error: said.append(str(error)))
    signed_in.on("request", lambda request: asked.append(request.url))
    signed_in.add_init_script(
        "window.broken = []; document.addEventListener('securitypolicyviolation',"
        " event => window.broken.push(event.violatedDirective + ' ' + event.blockedURI))"
    )
    signed_in.goto(f"{live_server.url}/api/v1/docs/")

    expect(signed_in.get_by_text("报送列表")).to_be_visible()
    signed_in.get_by_text("报送列表").click()
    signed_in.get_by_role("button", name="Try it out").click()
    signed_in.get_by_role("button", name="Execute", exact=True).click()
    expect(signed_in.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    signed_in.get_by_text("登录，取得令牌").click()

    assert signed_in.evaluate("window.broken") == []
    assert said == []
    outside = [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))]
    assert outside == []
