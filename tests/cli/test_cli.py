"""The command line, as somebody types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from safetensors.numpy import load_file

from livenet import __version__
from livenet import run_command as headless
from livenet.settings import Settings

SPEC = {"model": {"hidden": [3]}, "training": {"steps": 50}}


def livenet(*words: str, text: str | None = None, **environment: str) -> Any:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "livenet", *words],
        capture_output=True,
        text=True,
        input=text,
        timeout=90,
        env=os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "100"} | environment,
    )


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(SPEC))
    return path


def test_run(spec: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.safetensors"
    done = livenet("run", str(spec), "--weights", str(weights))
    assert done.returncode == 0, done.stderr
    assert "step 50, epoch 2" in done.stdout
    assert "train loss" in done.stdout
    assert "50/50" in done.stderr  # the progress bar, out of the result's way
    assert "train" in done.stderr
    assert "test" in done.stderr
    assert load_file(weights)["layers.0.weight"].shape == (3, 2)


def test_run_json_from_standard_input() -> None:
    done = livenet("run", "-", "--json", "--steps", "30", text=json.dumps(SPEC))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["step"], found["spec"]["training"]["steps"]) == (30, 30)
    assert found["metrics"]["train_loss"] > 0
    assert found["spec"]["optimizer"]["kind"] == "adam"
    assert done.stderr == ""


def in_process(source: str, capsys: pytest.CaptureFixture[str], **options: Any) -> Any:
    run = partial(headless.run, source, as_json=True, weights=None, **{"steps": None, **options})
    with ThreadPoolExecutor(1) as own:  # how a training thread computes is not for other tests
        own.submit(run).result()
    return json.loads(capsys.readouterr().out)


def test_same_numbers_each_time(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (in_process(str(spec), capsys) for _ in range(2))
    assert first["metrics"] == second["metrics"]
    assert in_process(str(spec), capsys, steps=10)["step"] == 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_a_spec_in_any_encoding_that_json_may_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    path = tmp_path / "spec.json"
    path.write_bytes('{"seed": 3}'.encode(encoding))
    assert in_process(str(path), capsys, steps=1)["spec"]["seed"] == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"model": {"hidden": [0]}}', ["model.hidden", "0"]),
        ('{"modle": {}}', ["modle", "model"]),
        ("{", ["not JSON", "line 1, column 2"]),
        ("[]", ["object"]),
        ('{"training": 5}', ["training"]),
        ('{"training": null}', ["training"]),
    ],
)
def test_bad_spec(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    for options in ((), ("--steps", "5")):
        done = livenet("run", str(path), *options)
        assert done.returncode == 1, done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        for word in words:
            assert word in done.stderr


def test_no_such_file() -> None:
    done = livenet("run", "/nowhere/spec.json")
    assert done.returncode == 1
    assert "/nowhere/spec.json cannot be read" in done.stderr


def test_weights_that_cannot_be_written(spec: Path) -> None:
    done = livenet("run", str(spec), "--weights", "/nowhere/weights.safetensors")
    assert done.returncode == 1
    assert "/nowhere/weights.safetensors" in done.stderr
    assert "Traceback" not in done.stderr


def test_divergence() -> None:
    wild = {"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 10}}
    done = livenet("run", "-", text=json.dumps(wild))
    assert done.returncode == 1
    assert "learning rate" in done.stderr
    assert "Traceback" not in done.stderr


def test_catalogue() -> None:
    done = livenet("catalogue")
    assert done.returncode == 0, done.stderr
    for word in ("spiral", "relu", "adam", "xavier_normal", "regions", "lr=0.01"):
        assert word in done.stdout
    assert done.stderr == ""


def test_a_part_of_the_catalogue() -> None:
    """Defaults as they may stand in a spec, and whom each probe fits."""
    models = " ".join(livenet("catalogue", "models").stdout.split())
    assert "blocks=[conv, max_pool," in models
    assert "initializer=xavier_normal, bias=true" in models
    probes = " ".join(livenet("catalogue", "probes").stdout.split())
    assert "variational autoencoders part" in probes


def test_catalogue_json() -> None:
    whole = json.loads(livenet("catalogue", "--json").stdout)
    part = json.loads(livenet("catalogue", "optimizers", "--json").stdout)
    assert part == whole["optimizers"]
    assert {row["kind"] for row in part} >= {"sgd", "adam", "adamw", "rmsprop"}


def test_unknown_section() -> None:
    done = livenet("catalogue", "optimisers")
    assert done.returncode == 1
    assert "optimizers" in done.stderr


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], ["serve", "--help"], ["run", "--help"], ["token"], ["catalogue"]],
)
def test_no_torch(words: list[str]) -> None:
    """Help, and the list of what there is, load none of what training needs."""
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['livenet', *{words!r}]\n"
        "try: runpy.run_module('livenet', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'scipy', 'fastapi', 'uvicorn'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_version() -> None:
    done = livenet("--version")
    assert done.returncode == 0
    assert done.stdout == f"livenet {version('livenet')}\n" == f"livenet {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell: str) -> None:
    """By typer's script, which asks livenet itself in this way."""
    command = Path(sys.executable).with_name("livenet")

    def said(**given: str) -> str:
        environment = os.environ | given
        return subprocess.check_output([command], text=True, timeout=60, env=environment)

    def completed(typed: str) -> str:
        given = {
            "_TYPER_COMPLETE_ARGS": typed,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": typed.split()[-1],
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(typed.split()) - 1),
        }
        return said(_LIVENET_COMPLETE=f"complete_{shell}", **given)

    assert f"complete_{shell}" in said(_LIVENET_COMPLETE=f"source_{shell}")
    assert "serve" in completed("livenet se")
    assert "token" not in completed("livenet se")
    assert "--root-path" in completed("livenet serve --ro")


def test_help_names_the_commands() -> None:
    done = livenet()
    for command in ("serve", "token", "run", "catalogue"):
        assert command in done.stdout + done.stderr


def test_a_token_is_another_each_time() -> None:
    first, second = (livenet("token").stdout.strip() for _ in range(2))
    assert first != second
    assert len(first) >= 32
    assert Settings(token=SecretStr(first)).token
