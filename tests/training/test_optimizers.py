"""Every optimizer against torch.optim, step for step, while the learning rate changes."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from livenet.spec import resolve
from livenet.training.optimizers import optimizer
from livenet.training.streams import stream
from tests.training.runs import OPTIMIZERS, names, trainer

STEPS = 60


def _torch(document: dict[str, Any], phi: Tensor) -> torch.optim.Optimizer:
    knobs = {"foreach": False, "fused": False}
    lr = document["lr"]
    momentum = document.get("momentum", 0.0)
    match document["kind"]:
        case "sgd":
            nesterov = document.get("nesterov", False)
            return torch.optim.SGD([phi], lr, momentum=momentum, nesterov=nesterov, **knobs)
        case "rmsprop":
            return torch.optim.RMSprop(
                [phi], lr, alpha=document.get("gamma", 0.99), eps=document.get("eps", 1e-8),
                momentum=momentum, centered=document.get("centered", False), foreach=False,
            )  # fmt: skip
    betas = (document.get("beta1", 0.9), document.get("beta2", 0.999))
    eps = document.get("eps", 1e-8)
    if document["kind"] == "adam":
        return torch.optim.Adam([phi], lr, betas=betas, eps=eps, **knobs)
    decay = document.get("weight_decay", 0.01)
    return torch.optim.AdamW([phi], lr, betas=betas, eps=eps, weight_decay=decay, **knobs)


def _gradients(phi: Tensor) -> Tensor:
    """Of a bowl with noise: some coordinates steep, some flat, one always 0."""
    generator = stream(0, "gradients")
    scale = torch.logspace(-4, 2, len(phi))
    scale[0] = 0.0
    return torch.empty(STEPS, len(phi)).normal_(generator=generator) * scale


@pytest.mark.parametrize(
    "document",
    [d for d in OPTIMIZERS if d.get("bias_correction", True)]
    + [
        {"kind": "adam", "lr": 0.1, "beta1": 0.0, "beta2": 0.5, "eps": 1e-3},
        {"kind": "adamw", "lr": 0.3, "weight_decay": 1.0, "beta1": 0.5},
        {"kind": "rmsprop", "lr": 0.1, "gamma": 0.5, "eps": 1e-2},
        {"kind": "sgd", "lr": 1.0, "momentum": 0.999},
    ],
    ids=names,
)
def test_the_same_as_torch_step_for_step(document: dict[str, Any]) -> None:
    knobs = resolve({"optimizer": document}).optimizer
    mine = torch.empty(64).normal_(generator=stream(0, "start"))
    theirs = mine.clone().requires_grad_()
    one, other = optimizer(knobs, mine), _torch(document, theirs)
    for t, g in enumerate(_gradients(mine), start=1):
        eta = knobs.lr * (1 + 0.5 * np.sin(t))  # as under a schedule, or a hand on the knob
        other.param_groups[0]["lr"] = eta
        theirs.grad = g.clone()
        other.step()
        one.update(knobs, mine, g.clone(), eta, t)
        assert torch.allclose(mine, theirs.detach(), rtol=2e-6, atol=1e-9), t


@pytest.mark.parametrize("kind", ["adam", "adamw"])
def test_without_bias_correction_by_numpy(kind: str) -> None:
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², φ ← φ − η m/(√v + ε)."""
    document = {"kind": kind, "lr": 0.02, "beta1": 0.8, "beta2": 0.95, "bias_correction": False}
    knobs = resolve({"optimizer": document}).optimizer
    phi = torch.empty(64).normal_(generator=stream(0, "start"))
    expected = phi.double().numpy().copy()
    m = v = np.zeros(64)
    one = optimizer(knobs, phi)
    for t, g in enumerate(_gradients(phi), start=1):
        one.update(knobs, phi, g.clone(), 0.02, t)
        gradient = g.double().numpy()
        m = 0.8 * m + 0.2 * gradient
        v = 0.95 * v + 0.05 * gradient**2
        decay = 1 - 0.02 * 0.01 if kind == "adamw" else 1.0
        expected = decay * expected - 0.02 * m / (np.sqrt(v) + 1e-8)
    assert phi.numpy() == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("document", OPTIMIZERS, ids=names)
def test_a_learning_rate_of_zero_changes_nothing(document: dict[str, Any]) -> None:
    """With one gradient for ever, a centred variance is 0 but for rounding, whose root must not
    be NaN."""
    document = document | ({"gamma": 0.5} if document["kind"] == "rmsprop" else {})
    knobs = resolve({"optimizer": document}).optimizer
    phi = torch.empty(256).normal_(generator=stream(0, "start"))
    g, before = torch.empty(256).normal_(generator=stream(1, "gradient")), phi.clone()
    one = optimizer(knobs, phi)
    for t in range(1, 300):
        one.update(knobs, phi, g, 0.0, t)
        assert torch.equal(phi, before), t


@pytest.mark.parametrize("document", OPTIMIZERS, ids=names)
def test_every_optimizer_learns(document: dict[str, Any]) -> None:
    one = trainer(
        {
            "data": {"kind": "gaussians", "samples": 60},
            "optimizer": document,
            "model": {"hidden": [4]},
        }
    )
    before = one.metrics()["train_loss"]
    for _ in range(150):
        one.step()
    after = one.metrics()["train_loss"]
    assert before is not None
    assert after is not None
    assert after < 0.7 * before


@pytest.mark.parametrize(
    ("document", "changes"),
    [
        ({"kind": "sgd", "lr": 0.1, "momentum": 0.9}, {"momentum": 0.0}),
        ({"kind": "sgd", "lr": 0.1}, {"momentum": 0.9, "nesterov": True}),
        ({"kind": "rmsprop", "lr": 0.01}, {"centered": True, "momentum": 0.9}),
        ({"kind": "adam", "lr": 0.01}, {"bias_correction": False}),
    ],
)
def test_knobs_may_change_between_any_two_steps(
    document: dict[str, Any], changes: dict[str, Any]
) -> None:
    before = resolve({"optimizer": document}).optimizer
    after = resolve({"optimizer": document | changes}).optimizer
    phi = torch.ones(8)
    one = optimizer(before, phi)
    for t, knobs in enumerate([before, before, after, after, before, after], start=1):
        one.update(knobs, phi, torch.full((8,), 0.5), 0.01, t)
        assert torch.isfinite(phi).all()
    assert (phi < 1).all()
