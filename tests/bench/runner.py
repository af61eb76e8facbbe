"""Runs groups of measurements, and shows and keeps each value when it is measured."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.result import Result, Results

Print = Callable[[str], None]


@dataclass(frozen=True)
class Group:
    seconds: float
    """How long it takes, about, on two free cores."""
    results: Callable[[], Results]


def run(groups: Iterable[tuple[str, Group]], path: Path, say: Print) -> list[Result]:
    """The values of all groups in turn. At any time the file at ``path`` has all that there are,
    as JSON, and nothing of an earlier run."""
    found: list[Result] = []
    _write(path, found)
    for name, group in groups:
        say(f"{name} (takes about {duration(group.seconds)})")
        with closing(group.results()) as results:  # a server that it started ends with it
            for one in results:
                found.append(one)
                _write(path, found)
                say(row(one))
    return found


def row(one: Result) -> str:
    measured = f"{one.value:,.4g} {one.unit}".rstrip()
    if one.target is None:
        return f"  {one.name:<46} {measured:>16}"
    target = f"{'≥' if one.least else '≤'} {one.target:,.4g}"
    verdict = "reached" if one.reached else "missed"
    gates = "  gates" if one.gates else ""
    return f"  {one.name:<46} {measured:>16}  {target:>10}  {verdict}{gates}"


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _write(path: Path, found: list[Result]) -> None:
    """In one go: whoever is stopped meanwhile leaves the file as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = [{**asdict(one), "reached": one.reached} for one in found]
    new = path.with_suffix(".new")
    new.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    os.replace(new, path)
