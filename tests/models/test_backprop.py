"""The δ recurrence against autograd and finite differences, in double precision."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from livenet.models import Mlp
from livenet.models.backprop import backward, forward
from livenet.spec import RunSpec, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.training.likelihoods import likelihood
from livenet.training.streams import stream
from tests.spec.perceptron import perceptron

BATCH = 7


def made(document: dict[str, Any]) -> tuple[RunSpec, Mlp, Tensor, Tensor]:
    """A spec, its model in float64 with random biases, inputs h(0) and targets."""
    spec = resolve(document)
    draw = stream(1, "test")
    model = Mlp(spec).double()
    for parameter in model.parameters():
        parameter.data.normal_(0, 0.7, generator=draw)
        parameter.grad = torch.zeros_like(parameter)
    count = len(perceptron(spec).features)
    h = torch.empty(BATCH, count, dtype=torch.float64).normal_(generator=draw)
    if spec.objective.kind == "gaussian":
        return spec, model, h, torch.empty(BATCH, dtype=torch.float64).normal_(generator=draw)
    y = torch.arange(BATCH) % spec.data.classes
    return spec, model, h, y if spec.objective.kind == "categorical" else y.double()


def gradients(model: Mlp) -> list[Tensor]:
    return [p.grad.clone() for p in model.parameters() if p.grad is not None]


def by_hand(spec: RunSpec, model: Mlp, h: Tensor, y: Tensor, masks: list[Tensor]) -> list[Tensor]:
    goal = likelihood(spec)
    drawn = iter(masks)
    with torch.no_grad():
        theta, kept = forward(model, h, (lambda _: next(drawn)) if masks else None)
        backward(kept, goal.gradient(theta, y))
    return gradients(model)


def by_autograd(
    spec: RunSpec, model: Mlp, h: Tensor, y: Tensor, masks: list[Tensor]
) -> list[Tensor]:
    model.zero_grad(set_to_none=False)
    for place, layer in enumerate(model.dense[:-1]):
        h = layer(h)
        if masks:
            h = h * masks[place]
    likelihood(spec).nll(model.dense[-1](h), y).backward()  # type: ignore[no-untyped-call]
    return gradients(model)


CASES: list[dict[str, Any]] = [
    *({"model": {"hidden": [5, 5, 4], "activation": kind}} for kind in ACTIVATIONS),
    {"model": {"hidden": [6, 6, 6], "activation": "relu", "residual": True}},
    {"model": {"hidden": [6, 6, 4, 4], "residual": True, "bias": False}},
    {"model": {"hidden": []}},
    {"data": {"kind": "blobs"}, "model": {"hidden": [5]}},
    {"data": {"kind": "sine"}, "objective": {"sigma": 0.3}},
]


@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize("document", CASES, ids=str)
def test_as_autograd(document: dict[str, Any], dropped: bool) -> None:  # a case
    spec, model, h, y = made(document)
    masks: list[Tensor] = []
    if dropped:
        draw = stream(2, "masks")
        masks = [
            torch.empty(BATCH, width, dtype=torch.float64).bernoulli_(0.6, generator=draw) / 0.6
            for width in perceptron(spec).hidden
        ]
    found = by_hand(spec, model, h, y, masks)
    wanted = by_autograd(spec, model, h, y, masks)
    assert any(bool(g.abs().max() > 1e-3) for g in wanted)
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)


def test_as_finite_differences() -> None:
    spec, model, h, y = made({"model": {"hidden": [4, 4], "residual": True}})
    found = by_hand(spec, model, h, y, [])
    goal = likelihood(spec)
    step = 1e-6
    for parameter, gradient in zip(model.parameters(), found, strict=True):
        flat, wanted = parameter.data.view(-1), gradient.view(-1)
        for place in range(len(flat)):
            before = flat[place].item()
            flat[place] = before + step
            above = goal.nll(model(h), y).item()
            flat[place] = before - step
            below = goal.nll(model(h), y).item()
            flat[place] = before
            assert (above - below) / (2 * step) == pytest.approx(
                wanted[place].item(), rel=1e-4, abs=1e-7
            )
