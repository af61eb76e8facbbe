"""The loop against a bare PyTorch loop, and the rows that it gives."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from livenet.spec.arithmetic import Used
from livenet.training.batches import Batches
from tests.models import by_hand
from tests.training.runs import run, steps, trainer, weights

OBJECTIVES: list[dict[str, Any]] = [
    {"data": {"kind": "spiral", "samples": 60}},
    {"data": {"kind": "blobs", "samples": 60, "count": 3}},
    {"data": {"kind": "sine", "samples": 60}, "objective": {"kind": "gaussian", "sigma": 0.5}},
    {"data": {"kind": "bumps", "samples": 60}},
]


def _bare(one: Any, count: int) -> list[torch.Tensor]:
    """The same run by torch's own layers, losses and Adam."""
    widths = one.spec.widths
    layers: list[nn.Module] = []
    for d_in, d_out in pairwise(widths):
        layers += [nn.Linear(d_in, d_out, device="meta").to_empty(device="cpu"), nn.Tanh()]
    net = nn.Sequential(*layers[:-1])
    with torch.no_grad():
        for mine, theirs in zip(one.model.parameters(), net.parameters(), strict=True):
            theirs.copy_(mine)
    descent = torch.optim.Adam(net.parameters(), lr=0.02)
    x, y = torch.from_numpy(one.data.train_x), torch.from_numpy(one.data.train_y)
    sigma = getattr(one.spec.objective, "sigma", 1.0)
    batches = Batches(len(x), one.spec.seed, torch.device("cpu"))
    for _ in range(count):
        rows = batches.peek(one.spec.batch_size)
        batches.advance(len(rows))
        theta, target = net(x[rows]), y[rows]
        match one.spec.objective.kind:
            case "bernoulli":
                loss = functional.binary_cross_entropy(theta[:, 0].sigmoid(), target)
            case "categorical":
                loss = functional.cross_entropy(theta, target.long())
            case _:
                loss = functional.mse_loss(theta[:, 0], target) / (2 * sigma**2)
        descent.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        descent.step()
    return list(net.parameters())


@pytest.mark.parametrize("document", OBJECTIVES)
def test_the_same_as_a_bare_loop(document: dict[str, Any]) -> None:
    one = trainer(document | {"optimizer": {"lr": 0.02}, "model": {"hidden": [5, 4]}})
    expected = _bare(one, 40)
    steps(one, 40)
    for mine, theirs in zip(one.model.parameters(), expected, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-4)


@pytest.mark.parametrize("document", OBJECTIVES)
def test_metrics_by_numpy(document: dict[str, Any]) -> None:
    one = steps(trainer(document | {"model": {"hidden": [5]}}), 20)
    found = one.metrics()
    for part, x, y in (
        ("train", one.data.train_x, one.data.train_y),
        ("test", one.data.test_x, one.data.test_y),
    ):
        theta = by_hand.forward(one.spec, weights(one), x).theta
        if one.spec.objective.kind == "gaussian":
            sigma = getattr(one.spec.objective, "sigma", 1.0)
            mse = np.mean((theta[:, 0] - y) ** 2)
            loss = mse / (2 * sigma**2) + np.log(sigma) + np.log(2 * np.pi) / 2
            assert found[f"{part}_mse"] == pytest.approx(mse, rel=1e-4)
            assert found[f"{part}_r2"] == pytest.approx(1 - mse / np.var(y), rel=1e-4)
        else:
            logits = theta if theta.shape[1] > 1 else np.hstack([0 * theta, theta])
            shifted = logits - logits.max(axis=1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            loss = -log_p[np.arange(len(y)), y.astype(int)].mean()
            accuracy = np.mean(logits.argmax(axis=1) == y)
            assert found[f"{part}_accuracy"] == pytest.approx(accuracy)
        assert found[f"{part}_loss"] == pytest.approx(loss, rel=1e-4)


def test_gradient_norm_is_that_of_the_batch_with_penalties() -> None:
    one = trainer(regularization={"l2": 0.5, "l1": 0.1}, training={"batch_size": None})
    parameters = [p.detach().clone().requires_grad_() for p in one.model.parameters()]
    x, y = torch.from_numpy(one.data.train_x), torch.from_numpy(one.data.train_y)
    h = x
    for index in range(0, len(parameters), 2):
        h = h @ parameters[index].T + parameters[index + 1]
        h = h.tanh() if index < len(parameters) - 2 else h
    loss = functional.binary_cross_entropy_with_logits(h[:, 0], y)
    loss = loss + sum(0.25 * p.square().sum() + 0.1 * p.abs().sum() for p in parameters)
    gradients = torch.autograd.grad(loss, parameters)
    one.step()
    expected = sum(float(g.square().sum()) for g in gradients) ** 0.5
    assert one.gradient_norm == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("most", [1, 1000])
def test_rows_depend_on_the_step_alone(most: int, arithmetic: Used) -> None:
    training = {"batch_size": 7, "steps": 23, "series_every": 5}
    rows = run(trainer(arithmetic=arithmetic, training=training), most)
    assert [row.step for row in rows] == [0, 5, 10, 15, 20, 23]
    assert [row.epoch for row in rows] == pytest.approx(
        # 30 points in batches of 7 and a last one of 2: five steps an epoch
        [0, 1, 2, 3, 4, 4 + 21 / 30]
    )


def test_a_row_holds_what_metrics_says() -> None:
    rows = run(trainer())
    again = trainer()
    for row in rows:
        steps(again, row.step - again.step_count)
        assert row.metrics == again.metrics()


@pytest.mark.parametrize("document", OBJECTIVES)
def test_metrics_have_the_same_names_at_every_step(document: dict[str, Any]) -> None:
    one = trainer(document)
    first = one.metrics()
    second = steps(one, 1).metrics()
    assert list(first) == list(second)
    assert {"train_loss", "test_loss", "penalty", "gradient_norm"} <= set(first)
    assert first["gradient_norm"] is None


@pytest.mark.parametrize("kind", ["spiral", "sine", "blobs"])
def test_without_test_points_there_are_no_test_metrics(kind: str) -> None:
    found = trainer({"data": {"kind": kind, "samples": 20, "test_fraction": 0.0}}).metrics()
    assert {name for name, value in found.items() if value is None} == {
        "gradient_norm",
        *(name for name in found if name.startswith("test_")),
    }


def test_r2_of_a_single_point_is_nothing_rather_than_nan() -> None:
    """A constant target has no variance to explain; NaN is not JSON."""
    found = trainer({"data": {"kind": "sine", "samples": 4, "test_fraction": 0.9}}).metrics()
    assert found["train_r2"] is None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"data": {"kind": "sine"}, "model": {"activation": "relu", "hidden": [12]}},
        {"data": {"kind": "blobs"}, "regularization": {"dropout": 0.3}},
    ],
)
def test_the_same_spec_gives_the_same_rows_bit_for_bit(
    document: dict[str, Any], arithmetic: Used
) -> None:
    document = document | {"arithmetic": arithmetic, "training": {"steps": 40, "series_every": 7}}
    one, other = run(trainer(document)), run(trainer(document), most=1000)
    assert one == other
    assert run(trainer(document | {"seed": 1})) != one


def test_whoever_looks_and_however_often_changes_nothing(arithmetic: Used) -> None:
    alone = run(trainer(arithmetic=arithmetic))
    watched = trainer(arithmetic=arithmetic)
    rows = []
    while not watched.finished or watched.evaluation:
        watched.metrics()
        watched.snapshot()
        if (row := watched.work()) is not None:
            rows.append(row)
    assert rows == alone


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xor", "circles", "gaussians", "spiral", "moons", "blobs"])
def test_the_default_net_learns(kind: str) -> None:
    one = steps(trainer({"data": {"kind": kind}}), 3000)
    accuracy = one.metrics()["test_accuracy"]
    assert accuracy is not None
    assert accuracy >= 0.95


def test_the_largest_net_that_is_promised_trains() -> None:
    """20 hidden layers of 512 units, batch 10."""
    document: dict[str, Any] = {
        "model": {"hidden": [512] * 20, "activation": "relu"},
        "training": {"batch_size": 10},
        "data": {"samples": 20},
    }
    one = trainer(document)
    assert sum(p.numel() for p in one.model.parameters()) == one.spec.parameter_count
    steps(one, 2)
    assert one.step_count == 2
    assert one.gradient_norm is not None
    assert np.isfinite(one.gradient_norm)
