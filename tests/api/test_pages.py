"""The pages as the server gives them: their policy, and that nothing comes from outside."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx2 as httpx
import pytest

from livenet.api.page.frontend import PAGES, find_frontend
from livenet.api.page.policy import policies

IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)")
FOLDER = Path(__file__).parents[2] / "frontend"


def test_policy_has_the_import_maps_hash(http: httpx.Client) -> None:
    """The sources' own: they may take the bundle's place at any time, and nothing else may."""
    (inside,) = IMPORT_MAP.findall((FOLDER / "index.html").read_text())
    digest = b64encode(sha256(inside.encode()).digest()).decode()
    policy = http.get("/").headers["content-security-policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert directives["script-src"] == ["'self'", f"'sha256-{digest}'"]
    assert directives["default-src"] == ["'self'"]
    assert "unsafe" not in policy
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert directives[name] == ["'none'"]


def test_policy_follows_the_page(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<html></html>")
    assert "sha256" not in policies(tmp_path)["/"]
    page.write_text('<script type="importmap">{"imports": {}}</script>')
    assert "sha256" in policies(tmp_path)["/"]
    assert "sha256" not in policies(tmp_path)["/docs"]


def test_an_installed_page_has_nothing_inline() -> None:
    assert policies(None)["/"].endswith("script-src 'self'")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("folder", ["", "dist"])
def test_pages_have_nothing_inline_but_an_import_map(folder: str, address: str) -> None:
    html = (FOLDER / folder / PAGES[address]).read_text()
    assert len(INLINE_SCRIPT.findall(html)) == (address == "/" and not folder)
    assert not re.search(r'\sstyle="|\son\w+="|<style', html)


def test_the_bundle_is_served(http: httpx.Client) -> None:
    """Two scripts and a style sheet, the catalogue beside them, and the fonts that come first."""
    found = find_frontend()
    if found.edited() > found.bundled():
        pytest.fail("The page's sources are newer than its bundle: run `make setup`")
    html = http.get("/").text
    assert IMPORT_MAP.findall(html) == []
    named = re.findall(r'\s(?:src|href)="([^"#]+)"', html)
    kinds = sorted(Path(one).suffix for one in named)
    assert kinds == ["", ".css", ".js", ".js", ".svg", ".woff2", ".woff2"]
    for one in named:
        answer = http.get(one)
        assert answer.status_code == 200, one
        assert answer.headers.get("content-encoding") == (None if "woff2" in one else "gzip")


ROOTED = re.compile(r"""(?:\s(?:src|href|action)=["']?|fetch\(["'`]|url\(["']?)/(?!/)""")


def test_no_address_begins_at_the_hosts_root() -> None:
    """Behind a path prefix that is not this server's."""
    files = [*FOLDER.glob("*.html"), *FOLDER.glob("docs/*.*"), *FOLDER.glob("styles/*.css")]
    files += FOLDER.glob("app/**/*.js")
    assert len(files) > 50
    for path in files:
        assert not ROOTED.search(path.read_text(encoding="utf-8")), path
    assert ROOTED.search('<a href="/docs">')
    assert ROOTED.search("fetch(`/api/runs`)")


def test_docs_need_no_internet(http: httpx.Client) -> None:
    page = http.get("/docs")
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(named) == 4
    for path in named:
        assert path.startswith("./")
        assert http.get(path).status_code == 200, path
    assert "//" not in page.text.replace("<!doctype", "")
    start = http.get(named[-1]).text
    assert "./api/openapi.json" in start
    assert not re.search(r"https?://", start)
    policy = page.headers["content-security-policy"]
    assert "http" not in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("path", ["/", "/docs", "/api/catalogue", "/api/openapi.json"])
def test_what_may_change_is_asked_for_anew(http: httpx.Client, path: str) -> None:
    """After an update nobody has half an old page; unchanged, an answer is a few bytes."""
    first = http.get(path)
    assert first.headers["cache-control"] == "no-cache"
    again = http.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_large_documents_are_compressed(http: httpx.Client) -> None:
    for path in ("/api/catalogue", "/api/openapi.json"):
        answer = http.get(path, headers={"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < len(answer.content) / 4
        plain = http.get(path, headers={"accept-encoding": "identity"})
        assert plain.json() == answer.json()


def test_files_go_through_the_gate(http: httpx.Client) -> None:
    """They are no routes of the application's, so no list of those has them."""
    for path in re.findall(r'\s(?:src|href)="([^"#]+)"', http.get("/").text):
        answer = http.get(path, headers={"host": "evil.example"})
        assert answer.status_code == 403, path
        assert "nosniff" in http.get(path).headers["x-content-type-options"]


def test_sources_are_asked_for_anew(http: httpx.Client) -> None:
    first = http.get("/app/start.js")
    assert first.headers["cache-control"] == "no-cache"
    again = http.get("/app/start.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_there_is_said_as_json(http: httpx.Client) -> None:
    answer = http.get("/assets/start-00000000.js")
    assert answer.status_code == 404
    assert answer.json()["error"]["hint"]


def test_nothing_outside_the_folders(http: httpx.Client) -> None:
    for path in ("/app/../pyproject.toml", "/app/%2e%2e/package.json", "/package.json", "/app/"):
        assert http.get(path).status_code in (404, 405)


def test_openapi_document(http: httpx.Client) -> None:
    """Every call of the API, each with a line on what it does."""
    document = http.get("/api/openapi.json").json()
    assert set(document["paths"]) >= {
        "/api/health",
        "/api/catalogue",
        "/api/specs/describe",
        "/api/runs",
        "/api/runs/{run}",
        "/api/runs/{run}/commands",
        "/api/runs/{run}/forks",
        "/api/runs/{run}/series",
        "/api/runs/{run}/snapshots",
        "/api/runs/{run}/probes/{probe}",
        "/api/runs/{run}/weights",
    }
    for path, item in document["paths"].items():
        for method, call in item.items():
            assert call.get("description"), (method, path)
    bodies = document["components"]["schemas"]
    assert set(bodies["NewRun"]["properties"]) == {
        "spec",
        "name",
        "tags",
        "start",
        "pace",
        "parent",
    }
