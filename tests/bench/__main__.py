"""Runs every measurement, prints them beside their targets, and fails where a ratio falls short."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import page, regions, training
from tests.server import serving


@dataclass(frozen=True)
class Result:
    name: str
    value: float
    target: float
    unit: str
    least: bool = True  # the target is a floor; else a ceiling
    gates: bool = False

    @property
    def reached(self) -> bool:
        return self.value >= self.target if self.least else self.value <= self.target


def results() -> list[Result]:
    """Every measurement of this machine, now."""
    cut = regions.measure()
    start = training.start_seconds()
    with serving() as address:
        speed = training.speed_ratio(address)
        first = training.first_frame_ms(address)
        learnt = training.learns_in_seconds(address)
        painted = page.measure(address)
    return [
        Result("watched steps/s over a bare loop", speed["speed_ratio"], 0.85, "", gates=True),
        Result("steps/s, 8-8 tanh, one viewer", speed["steps_per_s"], 0, "steps/s"),
        Result("steps/s, bare loop", speed["bare_steps_per_s"], 0, "steps/s"),
        Result("serve to a page that answers", start, 4, "s", least=False),
        Result("POST to the first trained frame", first, 150, "ms", least=False),
        Result("step to picture painted, p95", painted["paint_age_p95_ms"], 100, "ms", least=False),
        Result("frames painted, 8-8-8", painted["painted_per_s"], 25, "a second"),
        Result("{} to 95% test accuracy", learnt, 5, "s", least=False),
        Result("exact regions, a CPU second", cut["regions_faces_per_cpu_s"], 150_000, "faces/s"),
        Result("exact regions, a second", cut["regions_faces_per_s"], 150_000, "faces/s"),
    ]


def main() -> int:
    found = results()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("what", "measured", "target", "", ""):
        table.add_column(heading)
    for one in found:
        sign = "≥" if one.least else "≤"
        target = f"{sign} {one.target:g}" if one.target else ""
        verdict = ("reached" if one.reached else "missed") if one.target else ""
        table.add_row(one.name, f"{one.value:,.4g} {one.unit}", target, verdict,
                      "gates" if one.gates else "")  # fmt: skip
    Console().print(table)
    folder = Path("bench")
    folder.mkdir(exist_ok=True)
    written = [{**asdict(one), "reached": one.reached} for one in found]
    (folder / "bench.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0 if all(one.reached for one in found if one.gates) else 1


if __name__ == "__main__":
    sys.exit(main())
