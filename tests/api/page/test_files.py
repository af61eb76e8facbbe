"""The bundle as it is served: complete, under lasting addresses, and compressed beforehand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from gzip import decompress
from pathlib import Path
from urllib.parse import urljoin

import httpx2 as httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from livenet.api.page.asset import Asset
from livenet.api.page.files import Files, read_assets
from livenet.api.page.frontend import Frontend, find_frontend

HASHED = re.compile(r"/assets/[\w-]+-[0-9A-Z]{8}\.(js|css|svg|webp|woff2|js\.map|css\.map)")
ELSEWHERE = PlainTextResponse("the application", 404)


@pytest.fixture(scope="module")
def built() -> Path:
    found = find_frontend().built
    assert found, "There is no bundle: run `make setup`"
    return found


@pytest.fixture(scope="module")
def assets(built: Path) -> dict[str, Asset]:
    return read_assets(built, private=False)


@pytest.fixture
async def http(built: Path, assets: dict[str, Asset]) -> AsyncIterator[httpx.AsyncClient]:
    files = Files(ELSEWHERE, Frontend(built, None), assets)
    transport = httpx.ASGITransport(files)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as made:
        yield made


def named(address: str, text: str) -> set[str]:
    """What a file of ours loads: addresses in HTML, url() in CSS, imports and source maps."""
    found: list[str] = []
    if address in ("/", "/docs"):
        found = re.findall(r"""\s(?:src|href)="([^"#]+)\"""", text)
    elif address.endswith(".css"):
        found = re.findall(r"""url\("?([^")]+)"?\)|sourceMappingURL=(\S+)""", text)
        found = [one for pair in found for one in pair if one and not one.startswith("data:")]
    elif address.endswith(".js") and "swagger" not in address:
        found = re.findall(r"""(?:\bfrom|\bimport\(?)\s*["'](\./[\w.-]+)["']""", text)
        found += re.findall(r"sourceMappingURL=(\S+)", text)
    return {urljoin(f"http://x{address}", one).removeprefix("http://x") for one in found}


async def test_all_that_is_named_is_there_for_good(http: httpx.AsyncClient) -> None:
    """From the two pages on, through styles, scripts and fonts."""
    unread, seen = {"/", "/docs"}, set()
    while unread:
        address = unread.pop()
        seen.add(address)
        answer = await http.get(address)
        assert answer.status_code == 200, address
        if address in ("/", "/docs"):
            assert answer.headers["cache-control"] == "no-cache"
        else:
            assert HASHED.fullmatch(address), address
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        unread |= {one for one in named(address, answer.text) if "/api/" not in one} - seen
    types = {Path(one).suffix for one in seen}
    assert types == {"", ".css", ".js", ".map", ".svg", ".webp", ".woff2"}
    assert len([one for one in seen if one.endswith(".woff2")]) == 20


def test_everything_in_the_bundle_is_described(assets: dict[str, Asset]) -> None:
    expected = {
        ".css": b"text/css; charset=utf-8",
        ".js": b"text/javascript; charset=utf-8",
        ".map": b"application/json",
        ".svg": b"image/svg+xml",
        ".webp": b"image/webp",
        ".woff2": b"font/woff2",
    }
    for address, asset in assets.items():
        assert asset.media_type == expected.get(Path(address).suffix, b"text/html; charset=utf-8")


def test_what_is_compressed_is_the_same(assets: dict[str, Asset], tmp_path: Path) -> None:
    """Both ways; Python itself cannot read Brotli, and node can."""
    packed = {at: asset for at, asset in assets.items() if "br" in asset.encoded}
    assert {Path(at).suffix for at in packed} == {"", ".css", ".js", ".map", ".svg"}
    for number, asset in enumerate(packed.values()):
        if "gzip" in asset.encoded:  # some file is so short that it would grow
            assert decompress(asset.encoded["gzip"]) == asset.plain
        for encoded in asset.encoded.values():
            assert len(encoded) < len(asset.plain)
        (tmp_path / f"{number}.br").write_bytes(asset.encoded["br"])
    large = [asset for asset in assets.values() if len(asset.plain) > 2**17]
    assert [len(asset.encoded) for asset in large] == [2] * len(large)
    unpack = """
        const [fs, zlib] = [require("fs"), require("zlib")];
        for (const name of fs.readdirSync("."))
            fs.writeFileSync(name + ".plain", zlib.brotliDecompressSync(fs.readFileSync(name)));
    """
    node = shutil.which("node", path=sysconfig.get_path("scripts")) or "node"
    subprocess.run([node, "-e", unpack], cwd=tmp_path, check=True)
    for number, asset in enumerate(packed.values()):
        assert (tmp_path / f"{number}.br.plain").read_bytes() == asset.plain


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets",
        "/assets/start.js",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets/..%2findex.html",
        "/assets//etc/passwd",
        "/index.html",
        "/docs/",
        "/docs/index.html",
        "/licenses/katex/LICENSE",
        "/assets/%00",
    ],
)
async def test_anything_else_is_the_applications(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.text == "the application"


async def test_a_changed_address_is_nobodys(
    http: httpx.AsyncClient, assets: dict[str, Asset]
) -> None:
    for address in set(assets) - {"/", "/docs"}:
        stem, dash, rest = address.rpartition("-")
        tampered = f"{stem}{dash}{rest[:7][::-1]}{rest[7:]}"
        for other in (tampered, f"{address}.gz", f"{address}.br", address.upper(), f"{address}/"):
            assert (await http.get(other)).text == "the application", other


async def test_only_reading_is_answered(http: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert (await http.request(method, "/")).text == "the application"


async def test_a_page_is_not_sent_twice(http: httpx.AsyncClient) -> None:
    for address in ("/", "/docs"):
        first = await http.get(address)
        again = await http.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert len(first.content) < 4096


async def test_requests_are_counted_by_kind(built: Path, assets: dict[str, Asset]) -> None:
    """Not by address: a series for each of those would never end."""
    files = Files(ELSEWHERE, Frontend(built, None), assets)
    style = next(at for at in assets if at.endswith(".css"))
    for path, route in (("/docs", "/docs"), (style, "/assets/{name}"), ("/assets/x.css", None)):
        scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        await files(scope, no_body, nowhere)
        assert (scope["route"].path if "route" in scope else None) == route


async def no_body() -> Message:
    return {"type": "http.request"}


async def nowhere(message: Message) -> None:
    pass


def test_behind_a_token_no_cache_between_may_keep_a_file(built: Path) -> None:
    for address, asset in read_assets(built, private=True).items():
        cached = dict(asset.headers)[b"cache-control"]
        assert b"public" not in cached
        assert cached == b"no-cache" or (cached.startswith(b"private") and "/assets/" in address)


async def test_edited_sources_take_the_pages_place(
    built: Path, assets: dict[str, Asset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until they are bundled anew; what a page had named stays there."""
    monkeypatch.setattr("livenet.api.page.files.CHECK_EVERY", 0.0)
    bundled = (built / "index.html").stat().st_mtime
    for name in ("index.html", "app/start.js", "docs/index.html", "styles/page.css"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (bundled - 1, bundled - 1))
    files = Files(ELSEWHERE, Frontend(built, tmp_path), assets)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://x") as http:
        asset = next(at for at in assets if at.endswith(".css"))
        assert "/assets/" in (await http.get("/")).text
        os.utime(tmp_path / "app/start.js", (bundled + 1, bundled + 1))
        assert (await http.get("/")).text == "the application"
        assert (await http.get("/docs")).text == "the application"
        assert (await http.get(asset)).status_code == 200
