"""The finder of the tests' browsers."""

from collections.abc import Iterator

import pytest

from tests import browser

KINDS = pytest.mark.parametrize("kind", browser.KINDS.values(), ids=lambda kind: kind.name)


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    browser.find.cache_clear()
    yield
    browser.find.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, *candidates: str) -> None:
    """Makes a browser of each of these names, and no others, findable."""
    monkeypatch.setattr(browser, "_candidates", lambda kind: iter(candidates))
    monkeypatch.setattr(browser, "_starts", lambda path: not path.startswith("broken"))


@KINDS
def test_variable_comes_first(monkeypatch: pytest.MonkeyPatch, kind: browser.Kind) -> None:
    use(monkeypatch, "playwright's")
    monkeypatch.setenv(kind.variable, "chosen")
    assert browser.find(kind) == "chosen"


@KINDS
def test_variable_that_does_not_start_is_an_error(
    monkeypatch: pytest.MonkeyPatch, kind: browser.Kind
) -> None:
    use(monkeypatch, "playwright's")
    monkeypatch.setenv(kind.variable, "broken")
    with pytest.raises(browser.NoBrowserError, match=f"{kind.variable} is 'broken'.*{kind.name}"):
        browser.find(kind)


@KINDS
def test_skips_what_does_not_start(monkeypatch: pytest.MonkeyPatch, kind: browser.Kind) -> None:
    use(monkeypatch, "broken playwright's", "system's")
    monkeypatch.delenv(kind.variable, raising=False)
    assert browser.find(kind) == "system's"


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        (browser.CHROMIUM, "playwright install --with-deps chromium"),
        (browser.FIREFOX, "install Mozilla's .* path of one into LIVENET_FIREFOX"),
    ],
    ids=["Chromium", "Firefox"],
)
def test_tells_what_to_run_when_nothing_can_be_installed(
    monkeypatch: pytest.MonkeyPatch, kind: browser.Kind, advice: str
) -> None:
    use(monkeypatch)
    monkeypatch.delenv(kind.variable, raising=False)
    monkeypatch.setattr(browser, "_run", lambda *command, seconds: False)
    with pytest.raises(browser.NoBrowserError, match=advice):
        browser.provide(kind)


@pytest.mark.browser
@KINDS
def test_finds_one_that_starts(kind: browser.Kind) -> None:
    path = browser.find(kind)
    assert path is not None
    assert browser._starts(path)
