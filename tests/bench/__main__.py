"""Runs measurements, prints them beside their targets, and fails where one that gates falls short.

``python -m tests.bench`` runs all; ``python -m tests.bench survival fairness`` those groups.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import (
    activities,
    budgets,
    fairness,
    families,
    loads,
    page,
    regions,
    survival,
    training,
    viewers,
)
from tests.bench.result import Result
from tests.server import serving


def first_steps() -> list[Result]:
    """How soon something is there."""
    start = training.start_seconds()
    with serving() as address:
        first = training.first_frame_ms(address)
        learnt = training.learns_in_seconds(address)
    return [
        Result("serve to a page that answers", start, 4, "s", least=False),
        Result("POST to the first trained frame", first, 150, "ms", least=False),
        Result("{} to 95% test accuracy", learnt, 5, "s", least=False),
    ]


def speed() -> list[Result]:
    """Training beside a viewer."""
    with serving() as address:
        found = training.speed_ratio(address)
    return [
        Result("watched steps/s over a bare loop", found["speed_ratio"], 0.85, "", gates=True),
        Result("steps/s, 8-8 tanh, one viewer", found["steps_per_s"], None, "steps/s"),
        Result("steps/s, bare loop", found["bare_steps_per_s"], None, "steps/s"),
    ]


def painting() -> list[Result]:
    """What arrives in a browser."""
    with serving() as address:
        found = page.measure(address)
    return [
        Result("step to picture painted, p95", found["paint_age_p95_ms"], 100, "ms", least=False),
        Result("frames painted, 8-8-8", found["painted_per_s"], 25, "a second"),
    ]


def cutting() -> list[Result]:
    """Exact linear regions."""
    found = regions.measure()
    cpu, clock = found["regions_faces_per_cpu_s"], found["regions_faces_per_s"]
    return [
        Result("exact regions, a CPU second", cpu, 150_000, "faces/s"),
        Result("exact regions, a second", clock, 150_000, "faces/s"),
    ]


GROUPS: dict[str, Callable[[], list[Result]]] = {
    "speed": speed,
    "start": first_steps,
    "page": painting,
    "regions": cutting,
    "fairness": fairness.results,
    "memory": fairness.memory_results,
    "latency": fairness.latency_results,
    "survival": survival.results,
    "loads": loads.results,
    "viewers": viewers.results,
    "activities": activities.results,
    "families": families.results,
    "budgets": budgets.results,
}


def shown(results: list[Result]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("what", "measured", "target", "", ""):
        table.add_column(heading)
    for one in results:
        sign = "≥" if one.least else "≤"
        target = "" if one.target is None else f"{sign} {one.target:g}"
        verdict = "" if one.target is None else "reached" if one.reached else "missed"
        table.add_row(one.name, f"{one.value:,.4g} {one.unit}", target, verdict,
                      "gates" if one.gates else "")  # fmt: skip
    return table


def main(names: list[str]) -> int:
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"There is no {' '.join(sorted(unknown))}; there are: {' '.join(GROUPS)}")
        return 2
    found = [one for name in names or GROUPS for one in GROUPS[name]()]
    Console().print(shown(found))
    folder = Path("bench")
    folder.mkdir(exist_ok=True)
    written = [{**asdict(one), "reached": one.reached} for one in found]
    (folder / "bench.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0 if all(one.reached for one in found if one.gates) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
