"""Runs to try: trainers from documents, their rows, and what makes two of them the same."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from livenet.spec import resolve
from livenet.training import Row, Snapshot, Trainer

SMALL: dict[str, Any] = {
    "data": {"samples": 40, "test_fraction": 0.25},
    "model": {"hidden": [4, 3]},
    "training": {"batch_size": 7, "steps": 30, "series_every": 5},
}
OPTIMIZERS: list[dict[str, Any]] = [
    {"kind": "sgd", "lr": 0.1},
    {"kind": "sgd", "lr": 0.05, "momentum": 0.9},
    {"kind": "sgd", "lr": 0.05, "momentum": 0.9, "nesterov": True},
    {"kind": "adam", "lr": 0.02},
    {"kind": "adam", "lr": 0.02, "beta1": 0.8, "beta2": 0.95, "bias_correction": False},
    {"kind": "adamw", "lr": 0.02, "weight_decay": 0.1},
    {"kind": "rmsprop", "lr": 0.01},
    {"kind": "rmsprop", "lr": 0.01, "momentum": 0.5},
    {"kind": "rmsprop", "lr": 0.01, "momentum": 0.5, "centered": True},
]


def names(optimizer: dict[str, Any]) -> str:
    return "-".join(f"{k}={v}" if k != "kind" else str(v) for k, v in optimizer.items())


def trainer(document: dict[str, Any] | None = None, **sections: Any) -> Trainer:
    """A trainer of SMALL with whole sections put over it, or of a document of its own."""
    return Trainer(resolve(document if document is not None else SMALL | sections))


def run(one: Trainer, most: int = 1) -> list[Row]:
    """Works to the end of the spec's steps, at most so many at once; the rows."""
    rows = []
    while True:
        if (row := one.work(most)) is not None:
            rows.append(row)
        if one.finished and one.evaluation is None:
            return rows


def steps(one: Trainer, count: int) -> Trainer:
    for _ in range(count):
        one.step()
    return one


def same(one: Snapshot, other: Snapshot) -> bool:
    """Bit for bit."""
    return (
        (one.spec, one.step, one.epoch, one.position)
        == (other.spec, other.step, other.epoch, other.position)
        and one.phi.tobytes() == other.phi.tobytes()
        and one.state.keys() == other.state.keys()
        and all(one.state[k].tobytes() == other.state[k].tobytes() for k in one.state)
    )


def weights(one: Trainer) -> dict[str, Any]:
    return {name: p.detach().numpy().copy() for name, p in one.parameters().items()}


def apart(one: Sequence[Row], other: Sequence[Row]) -> list[int]:
    """The steps of rows that differ in any number."""
    assert len(one) == len(other)
    return [a.step for a, b in zip(one, other, strict=True) if a != b]


def flat(one: Trainer) -> Any:
    """φ without the padding between parameters."""
    return np.concatenate([p.ravel() for p in weights(one).values()])
