"""Without the extra `server` the client works, and the rest says what is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LIGHT = ROOT / "tests" / "light"
PATH = os.pathsep.join([str(LIGHT), str(ROOT / "backend")])
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def python(*words: str, text: str = "") -> Any:
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        input=text,
        timeout=60,
        env=os.environ | {"PYTHONPATH": PATH, "COLUMNS": "100"},
    )


def test_all_that_the_extra_brings_is_taken_away() -> None:
    """Or the tests below would pass with it."""
    names = [Requirement(one).name.replace("-", "_") for one in EXTRAS["server"]]
    tries = "".join(
        f"\ntry: import {name}\nexcept ModuleNotFoundError: print('no {name}')" for name in names
    )
    assert python("-c", tries).stdout.split("\n")[:-1] == [f"no {name}" for name in names]


@pytest.mark.parametrize("module", ["livenet.client", "livenet.cli", "livenet.catalogue"])
def test_imports(module: str) -> None:
    done = python("-W", "error", "-c", f"import {module}")
    assert done.returncode == 0, done.stderr


def test_the_client_asks_a_server() -> None:
    """Of which there is none: all that a call needs is loaded until then."""
    done = python(
        "-c",
        "from livenet.client import Client\n"
        "from livenet.errors import LivenetError\n"
        "try: Client('http://127.0.0.1:9').run({})\n"
        "except LivenetError as error: print(error)\n",
    )
    assert "No server" in done.stdout, done.stderr


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["token"], ["catalogue"]])
def test_commands_that_need_no_server(words: list[str]) -> None:
    done = python("-m", "livenet", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["run", "-"]])
def test_commands_that_need_it_say_how_to_get_it(words: list[str]) -> None:
    done = python("-m", "livenet", *words, text="{}")
    assert done.returncode == 1
    assert "pip install 'livenet[server]'" in done.stderr
    assert not re.search("Traceback", done.stderr)
