"""Runs measurements, prints them beside their targets, and fails where one that gates falls short.

``python -m tests.bench`` runs all; ``python -m tests.bench survival fairness`` those groups. Each
value is printed when it is measured, and bench/bench.json has all that there are so far.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from tests.bench import (
    activities,
    budgets,
    changes,
    classroom,
    compiled,
    downloads,
    fairness,
    families,
    first_run,
    identities,
    lines,
    loads,
    many_runs,
    page,
    recording,
    regions,
    survival,
    training,
    viewers,
    watched,
    worker_time,
)
from tests.bench.result import Result, Results
from tests.bench.runner import Group, run
from tests.server import serving


def first_steps() -> Results:
    """How soon something is there."""
    start = training.start_seconds()
    yield Result("serve to a page that answers", start, 4, "s", least=False)
    with serving() as address:
        first = training.first_frame_ms(address)
        yield Result("POST to the first trained frame", first, 150, "ms", least=False)
        learnt = training.learns_in_seconds(address)
        yield Result("{} to 95% test accuracy", learnt, 5, "s", least=False)


def speed() -> Results:
    """Training beside a viewer."""
    with serving() as address:
        found = training.speed_ratio(address)
    yield Result("watched steps/s over a bare loop", found["speed_ratio"], 0.85, "", gates=True)
    yield Result("steps/s, 8-8 tanh, one viewer", found["steps_per_s"], None, "steps/s")
    yield Result("steps/s, bare loop", found["bare_steps_per_s"], None, "steps/s")


def painting() -> Results:
    """What arrives in a browser."""
    with serving() as address, page.chromium() as browser:
        seen = page.look(browser, address, {"model": {"hidden": [8, 8, 8]}})
    yield Result("step to picture painted, p95", page.late(seen.ages), 100, "ms", least=False)
    yield Result("frames painted, 8-8-8", seen.painted, 25, "a second")


def cutting() -> Results:
    """Exact linear regions."""
    found = regions.measure()
    cpu, clock = found["regions_faces_per_cpu_s"], found["regions_faces_per_s"]
    yield Result("exact regions, a CPU second", cpu, 150_000, "faces/s")
    yield Result("exact regions, a second", clock, 150_000, "faces/s")


GROUPS: dict[str, Group] = {
    "speed": Group(70, speed),
    "compiled": Group(50, compiled.results),
    "first": Group(180, first_run.results),
    "start": Group(30, first_steps),
    "page": Group(20, painting),
    "watched": Group(180, watched.results),
    "regions": Group(15, cutting),
    "fairness": Group(45, fairness.results),
    "identities": Group(40, identities.results),
    "recording": Group(60, recording.results),
    "memory": Group(25, fairness.memory_results),
    "latency": Group(40, fairness.latency_results),
    "survival": Group(120, survival.results),
    "loads": Group(60, loads.results),
    "worker": Group(60, worker_time.results),
    "viewers": Group(150, viewers.results),
    "changes": Group(35, changes.results),
    "bytes": Group(190, lines.results),
    "downloads": Group(60, downloads.results),
    "many": Group(60, many_runs.results),
    "activities": Group(60, activities.results),
    "families": Group(600, families.results),
    "class": Group(180, classroom.results),
    "budgets": Group(540, budgets.results),
}


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("python -m tests.bench", description="Measures against targets.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"a group, by default all: {', '.join(GROUPS)}"
    )
    names: list[str] = parser.parse_args(arguments).names
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"There is no {' '.join(sorted(unknown))}; there are: {' '.join(GROUPS)}")
        return 2
    chosen = [(name, GROUPS[name]) for name in names or GROUPS]
    try:
        found = run(chosen, Path("bench/bench.json"), lambda line: print(line, flush=True))
    except KeyboardInterrupt:
        print("Stopped: bench/bench.json has what was measured.")
        return 130
    return 0 if all(one.reached for one in found if one.gates) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
