"""One person at one browser: signs in, clicks and types; whatever the browser complains about is kept."""

from __future__ import annotations

import os
import re
from copy import copy
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PASSWORD = "Huangshan#1865"
PATIENCE = 30_000  # milliseconds for what a worker process makes
WIDE = {"width": 1366, "height": 768}


class Desk:
    """`page` is the browser tab; `troubles` are its console messages, script errors and policy violations."""

    def __init__(self, browser: Browser, address: str, username: str, **context):
        self.username = username
        self.context = browser.new_context(**{"base_url": address, "viewport": WIDE} | context)
        self.troubles: list[str] = []
        self.presses = 0
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        if context.get("java_script_enabled", True):
            self.context.expose_binding("countPress", lambda source: self._press())
            self.context.add_init_script("addEventListener('pointerdown', () => countPress(), true)")
        self.page = self.context.new_page()

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _press(self) -> None:
        self.presses += 1

    def sign_in(self) -> Page:
        page = self.page
        page.goto("/accounts/login/")
        page.get_by_label("用户名").fill(self.username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def tab(self) -> Desk:
        """The same person's second tab, as a desk of its own; what it complains about is kept by this one."""
        other = copy(self)
        other.page = self.context.new_page()
        return other

    def press(self, name: str, role: str = "button") -> Page:
        """Click the first button or link whose words begin with `name`."""
        self.page.locator("main").get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first.click()
        return self.page

    def choose(self, kind: str) -> None:
        """本月情况: 有新进展, 无新进展 or 已完成."""
        self.page.locator("fieldset#id_kind label").filter(has_text=kind).click()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text, timeout=PATIENCE)

    def shot(self, name: str) -> None:
        """A picture of the whole page, for people, when SHOTS names a folder."""
        if folder := os.environ.get("SHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def serious_findings(self) -> list[str]:
        """What the accessibility rules call serious or critical on this page."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{self.page.url}: {rule['id']} {rule['help']} {[node['target'] for node in rule['nodes']][:3]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]
