"""docs/operating.md is correct: it has every setting and every metric, and its examples work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # has no stubs

from livenet.api.drain import Drain
from livenet.api.monitoring.health import PATIENCE, Health, Status
from livenet.api.monitoring.metrics import Metrics
from livenet.api.serving.resources import FREE_BYTES
from livenet.settings import LEAST_TOKEN, Limits, Settings
from tests.api.fakes import FakeEngine
from tests.kept import start_kept

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def shown(name: str, value: object) -> str:
    """A default as people write it."""
    match value:
        case None | () | "":
            return "none"
        case int() if "bytes" in name.split("_"):
            size, unit = next(one for one in UNITS if value >= one[0])
            return f"{value / size:g} {unit}"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:g}"
    return str(value)


def rows() -> Iterator[str]:
    """The rows that the table of settings is to have."""
    for model in (Settings, Limits):
        for name, field in model.model_fields.items():
            if name != "limits":
                default = shown(name, field.default)
                yield f"| `LIVENET_{name.upper()}` | {default} | {field.description} |"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_every_setting_is_named() -> None:
    table = [line for line in TEXT.splitlines() if line.startswith("| `LIVENET_")]
    assert table == [*rows(), "| `LIVENET_LOG` | as it suits the output | `json` or `text` |"]


def test_every_variable_named_is_a_setting() -> None:
    known = {*Settings.model_fields, *Limits.model_fields, "log"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"LIVENET_([A-Z_]+)", TEXT + readme))
    assert {name.lower() for name in named} <= known


def test_every_metric_is_named() -> None:
    engine = FakeEngine().as_engine()
    metrics = Metrics(engine, Health(engine, Drain()))
    made = set(re.findall(r"^# TYPE (\S+)", metrics.text().decode(), re.MULTILINE))
    named = set(re.findall(r"`(livenet_\w+)", TEXT))
    assert {name for name in made if name.startswith("livenet_")} == named


def test_statuses() -> None:
    table = dict(re.findall(r"^\| `([a-z]+)` \| (\d+) \|", TEXT, re.MULTILINE))
    assert table == {status.value: str(status.code) for status in Status}


def test_numbers() -> None:
    assert f"no worker has been ready for {PATIENCE:g} seconds" in TEXT
    assert f"needs {FREE_BYTES / 2**20:.0f} MB of free disk" in TEXT
    assert f"Tokens have at least {LEAST_TOKEN} characters" in TEXT


def test_links_lead_somewhere() -> None:
    heads = {
        re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-")
        for head in re.findall(r"^#+ (.*)", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= heads


def test_quick_start() -> None:
    """Its lines start a server, with another port."""
    lines = blocks("sh")[0]
    assert "--port 8000 --data runs" in lines
    program = lines.replace("--port 8000 --data runs", "--port 0").replace(
        "livenet serve", "exec livenet serve"
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = start_kept(
        ["bash", "-c", program], stdout=subprocess.PIPE, env=os.environ | {"PATH": path}
    )
    try:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert said[0].startswith("Livenet is at http://")
    assert any("For the lecturer" in line for line in said)
    assert process.returncode == 0


def test_scraping() -> None:
    (job,) = yaml.safe_load(blocks("yaml")[0])["scrape_configs"]
    assert job["job_name"] == "livenet"
    assert "metrics_path" not in job  # it is Prometheus's own default
    assert json.dumps(job["authorization"])
