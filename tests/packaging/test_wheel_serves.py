"""An installed wheel, without a checkout in sight, serves the page."""

import re
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.kept import start_kept

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]

STARTS_WITHIN = 60.0  # seconds, on a busy machine; the bench holds it to far less


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of an environment that has the wheel, and not this checkout's livenet."""
    environment = tmp_path_factory.mktemp("installed")
    venv.create(environment, with_pip=False)
    scripts = environment / "bin"
    python = str(scripts / "python")
    find_site = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.check_output([python, "-c", find_site], text=True).strip()
    # Borrows the dependencies. The editable livenet among them stays behind: its own .pth file
    # counts only in a folder that Python knows as site-packages.
    Path(site, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, *install], check=True)
    where = [python, "-c", "import livenet; print(livenet.__file__)"]
    found = subprocess.check_output(where, text=True, cwd=environment).strip()
    assert Path(found).is_relative_to(environment)
    return scripts


@pytest.fixture(scope="module")
def page(installed: Path) -> Iterator[httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(installed / "livenet"), "serve", "--port", str(port)]
    with (
        start_kept(command, cwd=installed) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        try:
            wait_for(client, server)
            yield client
        finally:
            server.terminate()


def wait_for(client: httpx.Client, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            if client.get("/api/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"no answer within {STARTS_WITHIN:.0f} s")


def test_page(page: httpx.Client) -> None:
    answer = page.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="(?!data:|https?:|#)([^"]+)"', answer.text)
    assert named
    assert {name: page.get(name).status_code for name in named} == dict.fromkeys(named, 200)


def test_bundle(page: httpx.Client) -> None:
    """As it was bundled: an installed page has no sources to fall back on."""
    (start,) = re.findall(r'type="module" src="([^"]+)"', page.get("/").text)
    answer = page.get(start)
    assert "javascript" in answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]
    assert page.get(f"{start}.map").status_code == 200
    assert page.get("/app/start.js").status_code == 404


def test_api_page(page: httpx.Client) -> None:
    named = re.findall(r'(?:src|href)="([^"]+)"', page.get("/docs").text)
    assert len(named) == 4
    assert {name: page.get(name).status_code for name in named} == dict.fromkeys(named, 200)
