"""The finder of the tests' Chromium."""

from collections.abc import Iterator

import pytest

from tests import browser


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    browser.find_chromium.cache_clear()
    yield
    browser.find_chromium.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, *candidates: str) -> None:
    """Makes a browser of each of these names, and no others, findable."""
    monkeypatch.setattr(browser, "_candidates", lambda: iter(candidates))
    monkeypatch.setattr(browser, "_starts", lambda path: not path.startswith("broken"))


def test_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "playwright's")
    monkeypatch.setenv(browser.VARIABLE, "chosen")
    assert browser.find_chromium() == "chosen"


def test_variable_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "playwright's")
    monkeypatch.setenv(browser.VARIABLE, "broken")
    with pytest.raises(browser.NoBrowserError, match="LIVENET_CHROMIUM is 'broken'"):
        browser.find_chromium()


def test_skips_what_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "broken playwright's", "system's")
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    assert browser.find_chromium() == "system's"


def test_tells_what_to_run_when_nothing_can_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setattr(browser, "_run", lambda *command, seconds: False)
    with pytest.raises(browser.NoBrowserError, match="playwright install --with-deps chromium"):
        browser.provide()


def test_finds_one_that_starts() -> None:
    path = browser.find_chromium()
    assert path is not None
    assert browser._starts(path)
