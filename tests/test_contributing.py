"""The lists of CONTRIBUTING.md are carried out in a copy, and what they name is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).parents[1]
NODE = shutil.which("node", path=sysconfig.get_path("scripts")) or "node"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTIONS = dict(
    part.split("\n", 1) for part in re.split(r"^### Add an? ", GUIDE, flags=re.MULTILINE)[1:]
)
DONE = [name for name, text in SECTIONS.items() if "Try: `" in text]
UNION = "add {0} to the union `{1}` in livenet/spec/{2}.py"
COPIED = ("backend", "frontend/app", "frontend/styles", "tests/frontend")
FORGOTTEN: dict[tuple[str, int], tuple[str, ...]] = {
    ("learning-rate schedule", 2): (UNION.format("Warmup", "Schedule", "optimizer"),),
    ("optimizer", 2): (
        UNION.format("Adagrad", "Optimizer", "optimizer"),
        f"{UNION.format('Adagrad', 'Optimizer', 'optimizer')}, "
        "or take it out of livenet.training.optimizers.OPTIMIZERS",
    ),
    ("optimizer", 4): ("add Adagrad to livenet.training.optimizers.OPTIMIZERS",),
    ("optimizer", 6): ("add Adagrad to livenet.probes.steps.update_lines.LINES",),
    ("data set", 2): (
        f"{UNION.format('Rings', 'PointData', 'data/points')}, or take it out of livenet.data",
    ),
    ("data set", 3): ("add Rings to livenet.data (a function marked with @dataset)",),
    ("probe", 2): ("add biases to ROWS in livenet/probes/networks/rows.py",),
    ("likelihood", 2): (
        f"{UNION.format('Laplace', 'Objective', 'objective')}, "
        "or take it out of livenet.training.likelihoods.OF_EXAMPLES",
    ),
    ("likelihood", 4): ("add Laplace to livenet.training.likelihoods.OF_EXAMPLES",),
    ("likelihood", 6): ("add Laplace to livenet.probes.steps.predictions.PREDICTIONS",),
}
"""A step of a list that is left out, from 1, and what tests then say."""
ORACLES = {
    "activation": ("tests/models/test_activations.py", "mish to VALUES in tests/models/by_hand.py"),
    "initializer": (
        "tests/models/test_initializers.py",
        "fan_out_normal to VARIANCES in tests/models/test_initializers.py",
    ),
    "input feature": ("tests/models/test_mlp.py", "radius to FEATURES in tests/models/by_hand.py"),
    "learning-rate schedule": (
        "tests/training/test_schedules.py",
        "warmup to SHARES in tests/training/test_schedules.py",
    ),
}
"""The tests that ask for what a new kind is compared with, and the place that they name."""

TRY = """
import json, sys
from livenet.catalogue import catalogue
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.table import fitting
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.frame import document, encode

spec = resolve(json.loads(sys.argv[1]))
one = Trainer(spec)
for _ in range(3):
    one.step()
for probe in fitting(spec):
    picture = run_probe(Context.of(one), probe, {})
    json.dumps(document(picture), allow_nan=False)
    assert encode(picture) and picture.plots, probe
print(json.dumps([fitting(spec), json.dumps(catalogue())]))
"""


@dataclass(frozen=True)
class Step:
    """One step of a list: which file, and what becomes of its text."""

    path: str
    edit: Callable[[str], str]


def steps(section: str) -> Iterator[Step]:
    path = ""
    for item in re.split(r"^\d+\. ", SECTIONS[section], flags=re.MULTILINE)[1:]:
        found = re.match(r"(?:In|A file) `([^`]+)`", item)
        path = found.group(1) if found else path
        yield Step(path, _edit(item))


def _edit(item: str) -> Callable[[str], str]:
    block = re.search(r"^   ```(?:python|js)\n(.*?)^   ```$", item, flags=re.MULTILINE | re.DOTALL)
    code = re.sub(r"^   ", "", block.group(1), flags=re.MULTILINE) if block else ""
    first = item.split("\n", 1)[0]
    if becomes := re.search(r"`([^`]+)` becomes `([^`]+)`", first):
        return lambda text: _replaced(text, *becomes.groups())
    if first.startswith("A file"):
        return lambda text: code
    if first.endswith("at the end:"):
        return lambda text: f"{text}\n\n{code}"
    where = re.search(r"\b(before|in) `([^`]+)`:$", first)
    assert where, first
    return lambda text: _inserted(text, code, where.group(2), inside=where.group(1) == "in")


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def _inserted(text: str, code: str, anchor: str, *, inside: bool) -> str:
    lines = text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(anchor))
    if not inside:
        return "\n".join([*lines[:at], code, "", *lines[at:]])
    end = next(number for number in range(at, len(lines)) if lines[number][:1] in (")", "}"))
    return "\n".join([*lines[:end], indent(code.rstrip("\n"), "    ") + ",", *lines[end:]])


def carried_out(section: str, folder: Path, leave_out: int = 0) -> dict[str, str]:
    """A copy of the sources with what a list adds, as the environment of a process that uses it.

    The step with the number ``leave_out``, from 1, is not carried out.
    """
    for part in COPIED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pyc*"))
    for number, step in enumerate(steps(section), start=1):
        if number == leave_out:
            continue
        file = folder / step.path
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(step.edit(before), encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(folder / "backend"), "OMP_NUM_THREADS": "1"}


@pytest.mark.slow
@pytest.mark.parametrize("section", DONE)
def test_what_a_list_adds_trains_and_is_looked_at(section: str, tmp_path: Path) -> None:
    given = re.search(r"^Try: `([^`]*)`\.", SECTIONS[section], flags=re.MULTILINE)
    assert given
    environment = carried_out(section, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", TRY, given.group(1)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    probes, catalogue = json.loads(done.stdout)
    kind = re.search(r'(?:kind: Literal\["|\(\n\s+"|Feature\(")(\w+)"', SECTIONS[section])
    assert kind
    assert f'"{kind.group(1)}"' in catalogue
    assert section != "probe" or kind.group(1) in probes


@pytest.mark.slow
def test_the_mark_that_the_list_adds_is_drawn(tmp_path: Path) -> None:
    environment = carried_out("mark", tmp_path)
    types = [sys.executable, "-m", "livenet.wire.typescript", "frontend/app/types"]
    subprocess.run(types, env=environment, cwd=tmp_path, check=True)
    assert "RulesMark" in (tmp_path / "frontend/app/types/pictures.d.ts").read_text("utf-8")
    tests = [f"tests/frontend/marks/{name}.test.js" for name in ("drawing", "marks")]
    done = subprocess.run(
        [NODE, "--test", *tests],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "what is painted of rules" in done.stdout


@pytest.mark.parametrize("section", [*DONE, "mark"])
def test_what_a_list_adds_is_in_style(section: str, tmp_path: Path) -> None:
    environment = carried_out(section, tmp_path)
    files = sorted({step.path for step in steps(section) if step.path.endswith(".py")})
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache",
             "--config", str(ROOT / "pyproject.toml"), *files],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def failures(environment: dict[str, str], *given: str) -> str:
    """What pytest says of tests that fail."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *given],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("section", "number"), FORGOTTEN)
def test_a_forgotten_step_fails_a_test_that_names_the_place(
    section: str, number: int, tmp_path: Path
) -> None:
    environment = carried_out(section, tmp_path, leave_out=number)
    said = failures(environment, "-k", "has_its_entry", "tests/test_registries.py")
    for advice in FORGOTTEN[section, number]:
        assert f"AssertionError: {advice}" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("section", ORACLES)
def test_a_forgotten_oracle_fails_a_test_that_names_the_place(section: str, tmp_path: Path) -> None:
    path, place = ORACLES[section]
    said = failures(carried_out(section, tmp_path), "-k", "test_every", path)
    assert f"AssertionError: add {place}" in said, said


@pytest.mark.parametrize("section", SECTIONS)
def test_what_a_list_names_is_there(section: str) -> None:
    text = SECTIONS[section]
    assert "Held by" in text
    named = set(re.findall(r"`((?:tests|backend|frontend|docs)/[^` ]+)`", text))
    made = set(re.findall(r"A file `([^`]+)`", text))
    missing = {path for path in named - made if not (ROOT / path).exists()}
    assert not missing
