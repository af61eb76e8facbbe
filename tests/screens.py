"""The screens and themes that the page is looked at in."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext

SCREENS = {"laptop": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")


def new_context(browser: Browser, screen: str, theme: str) -> BrowserContext:
    """A browser of its own, with nothing remembered."""
    width, height = SCREENS[screen]
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=screen == "phone",
        is_mobile=screen == "phone",
    )
