"""Pictures of a run in machine code, beside those of the same weights in tensor operations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from livenet.pictures import Heatmap, Line, Picture, Tiles
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.training import Snapshot, Trainer
from livenet.training.compiled import available

pytestmark = pytest.mark.skipif(available.problem() is not None, reason="needs Numba")

SPECS: dict[str, dict[str, Any]] = {
    **{
        kind: {"model": {"hidden": [6, 6], "activation": kind, "residual": True}}
        for kind, row in ACTIVATIONS.items()
        if row.scalar
    },
    "no hidden layer": {"model": {"hidden": []}},
    "wide and deep": {"model": {"hidden": [33, 1, 17, 5], "bias": False}},
    "three classes": {"data": {"kind": "blobs", "count": 3}},
    "on the line": {"data": {"kind": "sine"}},
    "dropout": {"regularization": {"dropout": 0.5}},
}
ACCURACY = 2e-5  # of the largest value: some hundred times the precision of float32


def both(document: dict[str, Any], steps: int = 20) -> tuple[Trainer, Trainer]:
    """A trained run, and one in tensor operations that continues from its snapshot."""
    one = Trainer(resolve(document | {"arithmetic": "compiled"}))
    while one.step_count < steps:
        one.work()
    snapshot = one.snapshot()
    spec = snapshot.spec.model_copy(update={"arithmetic": "torch"})
    other = Trainer(
        spec,
        Snapshot(
            spec, snapshot.step, snapshot.epoch, snapshot.position, snapshot.gradient_norm,
            snapshot.phi, snapshot.state,
        ),
    )  # fmt: skip
    assert (one.arithmetic, other.arithmetic) == ("compiled", "torch")
    return one, other


def close(one: Any, other: Any) -> None:
    scale = max(float(np.abs(other).max()), 1.0)
    np.testing.assert_allclose(one, other, rtol=0, atol=ACCURACY * scale)


@torch.inference_mode()
@pytest.mark.parametrize("name", SPECS)
def test_units_at_any_number_of_points(name: str) -> None:
    """Whole blocks of points, and what is left over."""
    one, other = map(Context.of, both(SPECS[name]))
    inputs = one.inputs(one.window(None), 9)
    for count in (1, 9, len(inputs)):
        for mine, theirs in zip(
            one.layers(inputs[:count]), other.layers(inputs[:count]), strict=True
        ):
            assert mine.shape == theirs.shape
            close(mine, theirs)
        close(one.theta(inputs[:count]).numpy(), other.theta(inputs[:count]).numpy())


def marks(picture: Picture, kind: type[Any]) -> list[Any]:
    return [mark for plot in picture.plots for mark in plot.marks if isinstance(mark, kind)]


@pytest.mark.parametrize("name", SPECS)
def test_pictures(name: str) -> None:
    contexts = [Context.of(trainer) for trainer in both(SPECS[name])]
    for options in ({}, {"resolution": 13}):
        one, other = (run_probe(context, "neurons", options) for context in contexts)
        assert one.facts == other.facts
        (mine,), (theirs,) = marks(one, Tiles), marks(other, Tiles)
        assert (mine.ids, mine.labels) == (theirs.ids, theirs.labels)
        close(mine.values, theirs.values)
        close(mine.peak, theirs.peak)
        one, other = (run_probe(context, "decision", options) for context in contexts)
        assert one.facts == other.facts
        for mine, theirs in zip(marks(one, Heatmap), marks(other, Heatmap), strict=True):
            if theirs.colors == "classes":  # two are equally probable along a border
                assert (mine.values != theirs.values).mean() < 0.01
                close(mine.opacity, theirs.opacity)
            else:
                close(mine.values, theirs.values)
        for mine, theirs in zip(marks(one, Line), marks(other, Line), strict=True):
            close(mine.y, theirs.y)


def test_a_picture_changes_nothing() -> None:
    """A watched run has the numbers of one that nobody watches."""
    watched, alone = (Trainer(resolve({"arithmetic": "compiled"})) for _ in range(2))
    while watched.step_count < 30:
        watched.work()
        for probe in ("network", "neurons", "decision"):
            run_probe(Context.of(watched), probe, {})
    while alone.step_count < 30:
        alone.work()
    assert watched.snapshot().phi.tobytes() == alone.snapshot().phi.tobytes()
    assert watched.metrics() == alone.metrics()
