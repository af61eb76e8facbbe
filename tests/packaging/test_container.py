"""The container's files say what works: their commands start the same server, as they are written.

There may be no docker where this runs, so the commands are run outside of one.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil
import pytest
import yaml  # type: ignore[import-untyped]  # has no stubs

from livenet.settings import Limits, Settings
from tests.kept import start_kept
from tests.server import PATIENCE, bearer, eventually

ROOT = Path(__file__).parents[2]
TOKENS = {
    "LIVENET_TOKEN": "for-the-class-0123456789",
    "LIVENET_ADMIN_TOKEN": "lecturers-0123456789",
}
PORT = "8765"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each on one line."""
    text = (ROOT / "Dockerfile").read_text()
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]  # type: ignore[misc]  # two words each


def last(name: str) -> str:
    return [rest for word, rest in instructions() if word == name][-1]


def interpolated(node: Any, environment: Mapping[str, str]) -> Any:
    """As compose does it, in a document that it has read.

    Raises LookupError with the words of a variable that must be set.
    """
    if isinstance(node, dict):
        return {name: interpolated(inner, environment) for name, inner in node.items()}
    if isinstance(node, list):
        return [interpolated(inner, environment) for inner in node]
    if not isinstance(node, str):
        return node

    def value(match: re.Match[str]) -> str:
        name, how, rest = match.groups()
        if found := environment.get(name):
            return found
        if how == "?":
            raise LookupError(rest)
        return str(rest)

    return re.sub(r"\$\{(\w+):([-?])([^}]*)\}", value, node)


def service(**environment: str) -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    found: dict[str, Any] = interpolated(document, environment)["services"]["livenet"]
    return found


def image_environment() -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(last("ENV")))


def test_image() -> None:
    words = [word for word, _ in instructions()]
    assert words.count("FROM") == 2
    stage = instructions()[words.index("FROM", 1) :]
    user = next(rest for word, rest in stage if word == "USER")
    assert user not in ("root", "0")
    assert [word for word, _ in stage].index("USER") < [word for word, _ in stage].index("CMD")
    assert ("ARG", "TORCH_INDEX=") in stage
    assert any("$TORCH_INDEX" in rest for word, rest in stage if word == "RUN")
    # Without a shell, which would not hand SIGTERM on.
    assert isinstance(json.loads(last("CMD")), list)
    assert json.loads(last("HEALTHCHECK").split("CMD", 1)[1])[0] == "livenet"
    assert last("VOLUME") == image_environment()["LIVENET_DATA"]


def test_what_is_copied_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    assert ignored[0] == "*"
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            for name in rest.split()[:-1]:
                assert name == "." or name.split("/")[0] in allowed
                assert (ROOT / name).exists()
    needed = {"pyproject.toml", "README.md", "LICENSE", "hatch_build.py", "backend", "frontend"}
    assert needed <= allowed


def test_service_is_closed() -> None:
    found = service(**TOKENS)
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in found["security_opt"]
    assert found["ports"] == ["127.0.0.1:8000:8000"]
    assert found["mem_limit"]
    assert found["pids_limit"]
    assert found["volumes"] == [f"data:{image_environment()['LIVENET_DATA']}"]
    fields = {*Settings.model_fields, *Limits.model_fields}
    for name in found["environment"]:
        assert name.removeprefix("LIVENET_").lower() in fields


@pytest.mark.parametrize("name", list(TOKENS))
def test_no_service_without_its_tokens(name: str) -> None:
    with pytest.raises(LookupError, match=f"Set {name}.*openssl rand -hex 16"):
        service(**{**TOKENS, name: ""})


class Container:
    """The service's command and environment, in a process."""

    def __init__(self, folder: Path) -> None:
        self.service = service(**TOKENS, PORT=PORT)
        environment = {name: str(value) for name, value in self.service["environment"].items()}
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **image_environment(),
            **environment,
            "LIVENET_DATA": str(folder / "data"),
        }
        self.log = folder / "log"
        with self.log.open("w") as stderr:
            self.process = start_kept(
                self.service["command"],
                env=self.environment,
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )

    def health(self, command: list[str], **environment: str) -> Any:
        return subprocess.run(
            command,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    made = Container(tmp_path)
    yield made
    made.process.kill()
    made.process.communicate()


@pytest.mark.slow
def test_commands_as_they_are_written(container: Container) -> None:
    kind, *command = container.service["healthcheck"]["test"]
    assert kind == "CMD"
    done = eventually(
        lambda: found if (found := container.health(command)).returncode == 0 else None
    )
    assert done is not None
    assert json.loads(done.stdout)["engine"] == "local"
    wrong = container.health(command, LIVENET_TOKEN="of-somebody-else-0123")
    assert wrong.returncode == 1
    assert "LIVENET_TOKEN" in wrong.stderr
    # The image's own check is the same, at the image's own port.
    own = json.loads(last("HEALTHCHECK").split("CMD", 1)[1])
    assert own == command[:2]
    assert json.loads(last("CMD")) == container.service["command"][:4]
    url = f"http://127.0.0.1:{PORT}"
    assert httpx.get(f"{url}/api/runs", trust_env=False).status_code == 401
    headers = bearer(TOKENS["LIVENET_TOKEN"])
    assert httpx.get(f"{url}/api/runs", headers=headers, trust_env=False).status_code == 200
    children = psutil.Process(container.process.pid).children(recursive=True)
    container.process.terminate()
    said, _ = container.process.communicate(timeout=PATIENCE)
    assert container.process.returncode == 0
    assert children
    for token in TOKENS.values():
        assert token not in said
        assert token not in container.log.read_text()
    gone = container.health(command)
    assert gone.returncode == 1
    assert "No server answers" in gone.stderr
