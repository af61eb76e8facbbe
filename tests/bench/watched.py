"""Small networks at full speed, watched on the page's default panels: machine code over tensors."""

from __future__ import annotations

from statistics import median
from typing import Any

from tests.bench.page import Seen, chromium, late, look
from tests.bench.result import Result, Results
from tests.server import serving

NETS = ([4, 2], [8, 8, 8])
PAIRS = 3
SPEED = "null"  # of the page's menu: as fast as it goes
EPOCH = 25  # steps: 250 training points in batches of 10


def spec(hidden: list[int], arithmetic: str) -> dict[str, Any]:
    return {
        "arithmetic": arithmetic,
        "data": {"kind": "spiral", "samples": 500, "test_fraction": 0.5},
        "model": {"hidden": hidden, "activation": "tanh"},
        "optimizer": {"kind": "sgd"},
        "training": {"batch_size": 10},
    }


def results() -> Results:
    with serving() as address, chromium() as browser:
        for hidden in NETS:
            name = "-".join(map(str, hidden))
            seen: dict[str, list[Seen]] = {"compiled": [], "torch": []}
            for _ in range(PAIRS):
                for arithmetic, found in seen.items():
                    found.append(look(browser, address, spec(hidden, arithmetic), SPEED))
            pairs = zip(seen["compiled"], seen["torch"], strict=True)
            ratio = median(one.steps / other.steps for one, other in pairs)
            yield Result(f"{name}, machine code over tensors", ratio, 8, "", gates=True)
            for arithmetic, found in seen.items():
                epochs = median(one.steps for one in found) / EPOCH
                yield Result(f"{name}, {arithmetic}", epochs, None, "epochs/s")
            age = median(late(one.ages) for one in seen["compiled"])
            yield Result(f"{name}, step to picture painted, p95", age, 50, "ms", least=False)
            drawing = median(late(one.drawing) for one in seen["compiled"])
            yield Result(f"{name}, arrival to painted, p95", drawing, None, "ms")
            painted = median(one.painted for one in seen["compiled"])
            yield Result(f"{name}, pictures of a panel", painted, None, "a second")
