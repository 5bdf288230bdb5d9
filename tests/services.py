"""Real servers for tests: where their programs are, and how they run for root without being root."""

import shutil


def chromium_path() -> str | None:
    """The installed Chromium, or None: then Playwright looks for its own."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
