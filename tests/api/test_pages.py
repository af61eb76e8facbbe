"""The pages: their policy, and that nothing in them comes from outside."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx

from livenet.api.policy import policies

IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


def test_policy_has_the_import_maps_hash(http: httpx.Client) -> None:
    answer = http.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    (inside,) = IMPORT_MAP.findall(answer.text)
    digest = b64encode(sha256(inside.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert directives["script-src"] == ["'self'", f"'sha256-{digest}'"]
    assert directives["default-src"] == ["'self'"]
    assert "unsafe" not in policy
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert directives[name] == ["'none'"]
    assert len(re.findall(r"<script(?![^>]*\bsrc=)", answer.text)) == 1  # the import map alone
    assert not re.search(r'\sstyle="|\son\w+="', answer.text)


def test_policy_follows_the_page(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<html></html>")
    assert "sha256" not in policies(tmp_path)["/"]
    page.write_text('<script type="importmap">{"imports": {}}</script>')
    assert "sha256" in policies(tmp_path)["/"]
    assert "sha256" not in policies(tmp_path)["/docs"]


def test_import_map_is_served(http: httpx.Client) -> None:
    (inside,) = IMPORT_MAP.findall(http.get("/").text)
    for path in json.loads(inside)["imports"].values():
        if not path.endswith("/"):
            answer = http.get(path)
            assert answer.status_code == 200, path
            assert "javascript" in answer.headers["content-type"]


def test_docs_need_no_internet(http: httpx.Client) -> None:
    page = http.get("/docs")
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert named
    for path in named:
        assert path.startswith("/")
        assert not path.startswith("//")
        if "icon" not in path:
            assert http.get(path).status_code == 200, path
    assert "//" not in page.text.replace("<!doctype", "")
    start = http.get("/docs/start.js").text
    assert "/api/openapi.json" in start
    assert not re.search(r"https?://", start)
    policy = page.headers["content-security-policy"]
    assert "http" not in policy
    assert "script-src 'self';" in policy


def test_files_are_asked_for_anew(http: httpx.Client) -> None:
    """After an update nobody has half an old page; unchanged, an answer is a few bytes."""
    first = http.get("/app/start.js")
    assert first.headers["cache-control"] == "no-cache"
    again = http.get("/app/start.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


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
    assert set(bodies["NewRun"]["properties"]) == {"spec", "name", "start", "pace"}
