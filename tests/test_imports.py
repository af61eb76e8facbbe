"""Imports point one way, as docs and design have it, and what answers at once needs no torch."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "backend" / "livenet"

# From the bottom up; what stands on one level does not know its neighbours, but for NEIGHBOURS.
LEVELS = (
    {
        "budget",
        "errors",
        "logs",
        "refusals",
        "settings",
        "spec",
        "pictures",
        "presets",
        "system",
        "wire",
    },
    {"data", "geometry", "machine_code", "models"},
    {"training"},
    {"probes"},
    {"catalogue", "store"},
    {"catalogue_command", "engine", "health_check", "retention_command", "run_command"},
    {"api"},
    {"cli"},
    {"__main__"},
)
NEIGHBOURS = {
    ("logs", "errors"),
    ("refusals", "errors"),
    ("retention_command", "client"),
    ("settings", "errors"),
    ("settings", "refusals"),
    ("settings", "system"),
    ("spec", "errors"),
    ("spec", "refusals"),
    ("spec", "settings"),
    ("wire", "errors"),
    ("wire", "settings"),
    ("wire", "spec"),
    ("wire", "pictures"),
}
LEVEL = {unit: number for number, level in enumerate(LEVELS) for unit in level}
FREE_OF_TORCH = (
    "livenet.errors",
    "livenet.refusals",
    "livenet.settings",
    "livenet.system",
    "livenet.spec",
    "livenet.pictures",
    "livenet.wire.frame",
    "livenet.wire.journal",
    "livenet.wire.messages",
    "livenet.wire.outbound",
    "livenet.wire.typescript.contract",
    "livenet.data",
    "livenet.geometry",
    "livenet.machine_code.begin",
    "livenet.machine_code.emission",
    "livenet.store",
    "livenet.probes.table",
    "livenet.probes.options",
    "livenet.catalogue",
    "livenet.engine.server.local",
    "livenet.api.app",
    "livenet.cli",
)


def _units() -> list[str]:
    return sorted(
        path.name.removesuffix(".py")
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    )


def _files(unit: str) -> list[Path]:
    one = PACKAGE / f"{unit}.py"
    return [one] if one.exists() else sorted((PACKAGE / unit).rglob("*.py"))


def _imports(tree: ast.AST) -> Iterator[str]:
    """Every module that a file imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "livenet":
                yield from (f"livenet.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def _uses(unit: str) -> set[str]:
    """The other units that a unit imports from."""
    found = set()
    for path in _files(unit):
        for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
            package, _, rest = name.partition(".")
            if package == "livenet":
                found.add(rest.split(".")[0] or "__init__")
    return found - {unit, "__init__", "__version__"}


@pytest.mark.parametrize("unit", _units())
def test_imports_point_down(unit: str) -> None:
    if unit in ("__init__", "client"):
        allowed = {"spec", "wire", "errors"} if unit == "client" else set()
    else:
        assert unit in LEVEL, f"{unit} has no place in LEVELS"
        below = {other for other, level in LEVEL.items() if level < LEVEL[unit]}
        allowed = below | {other for one, other in NEIGHBOURS if one == unit}
    assert _uses(unit) <= allowed


def test_a_wrong_import_would_be_seen() -> None:
    source = (
        "def f():\n    from livenet.api.app import create\n    import livenet.engine.server.local\n"
    )
    assert list(_imports(ast.parse(source))) == ["livenet.api.app", "livenet.engine.server.local"]


def test_geometry_needs_numpy_alone() -> None:
    """And the budget of processor time that it keeps within."""
    for path in _files("geometry"):
        for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
            package = name.split(".")[0]
            known = package in sys.stdlib_module_names or package == "numpy"
            ours = name.startswith("livenet.geometry") or name == "livenet.budget"
            assert known or ours, (path.name, name)


def test_what_answers_at_once_needs_no_torch() -> None:
    """One process imports them in turn and says which of them brought torch in."""
    program = (
        "import importlib, json, sys\n"
        "for name in json.loads(sys.argv[1]):\n"
        "    importlib.import_module(name)\n"
        "    if 'torch' in sys.modules:\n"
        "        sys.exit(name + ' imports torch')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(FREE_OF_TORCH)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_the_client_needs_no_torch() -> None:
    program = "import sys, livenet.client; sys.exit('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
