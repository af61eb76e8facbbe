"""Machine code over tensor operations, the engine alone, with the rows of the series."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

from livenet.spec import resolve
from livenet.training import Trainer, arithmetic
from tests.bench.result import Result, Results

NETS = ([4, 2], [8, 8], [8, 8, 8])
OPTIMIZERS = ("sgd", "adam")
PAIRS, SECONDS = 5, 0.4
LATER = 10_000  # steps, after which rows are rarer
GOALS = {0: 5, LATER: 10}


def trainer(hidden: list[int], optimizer: str, kind: str, begins: int) -> Trainer:
    spec: dict[str, Any] = {
        "arithmetic": kind,
        "model": {"hidden": hidden},
        "optimizer": {"kind": optimizer, "lr": 1e-4},
    }
    made = Trainer(resolve(spec))
    made.step_count = begins  # which steps have a row depends on this number alone
    return made


def rate(one: Trainer) -> float:
    """Steps a second, each counted as one of LATER steps from where the trainer begins."""
    begins, done = one.step_count, 0
    start = perf_counter()
    while perf_counter() - start < SECONDS:
        before = one.step_count
        one.work(begins + LATER - before)
        done += one.step_count - before
        if one.step_count == begins + LATER and one.evaluation is None:
            one.step_count = begins
    return done / (perf_counter() - start)


def results() -> Results:
    arithmetic.settle()
    for hidden in NETS:
        for optimizer in OPTIMIZERS:
            for begins, goal in GOALS.items():
                found = []
                for _ in range(PAIRS):
                    one, other = (
                        trainer(hidden, optimizer, kind, begins) for kind in ("compiled", "torch")
                    )
                    found.append(rate(one) / rate(other))
                name = f"{'-'.join(map(str, hidden))} {optimizer}, from step {begins:,}"
                ratio = median(found)
                yield Result(f"{name}, machine code over tensors", ratio, goal, "", gates=True)
