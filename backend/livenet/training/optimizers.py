"""Optimizers on the flat φ and its gradient g, both (P,). To add one, add a class and its line.

Each follows torch.optim's formula to the last operation, which a test checks at every step. They
are separate implementations because hyperparameters may change between any two steps, and because
state must be saved and restored.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor

from livenet.spec import optimizer as spec
from livenet.spec.base import Kind


class Optimizer(Protocol):
    """One update rule and its state."""

    state: dict[str, Tensor]

    def update(self, knobs: Any, phi: Tensor, g: Tensor, eta: float, t: int) -> None:
        """Updates φ in place; ``t`` counts steps from 1, ``eta`` is the scheduled learning rate."""
        ...


class Stateful:
    """Holds a few tensors in the shape of φ, all zero initially."""

    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, phi: Tensor) -> None:
        self.state = {name: torch.zeros_like(phi) for name in self.names}


class Sgd(Stateful):
    """v ← μv + g; φ ← φ − ηv, or φ − η(g + μv) with Nesterov's look ahead."""

    names = ("momentum",)

    def update(self, knobs: spec.Sgd, phi: Tensor, g: Tensor, eta: float, t: int) -> None:
        direction = g
        if knobs.momentum:
            v = self.state["momentum"].mul_(knobs.momentum).add_(g)
            direction = g.add(v, alpha=knobs.momentum) if knobs.nesterov else v
        phi.add_(direction, alpha=-eta)


class Adam(Stateful):
    """m̂ and v̂ are running means of g and g²; φ ← φ − η m̂/(√v̂ + ε) (Kingma and Ba 2015)."""

    names = ("m", "v")

    def update(
        self, knobs: spec.Adam | spec.AdamW, phi: Tensor, g: Tensor, eta: float, t: int
    ) -> None:
        if isinstance(knobs, spec.AdamW):
            phi.mul_(1 - eta * knobs.weight_decay)
        m = self.state["m"].lerp_(g, 1 - knobs.beta1)
        v = self.state["v"].mul_(knobs.beta2).addcmul_(g, g, value=1 - knobs.beta2)
        root = v.sqrt()
        if knobs.bias_correction:
            root.div_(sqrt(1 - knobs.beta2**t))
            eta /= 1 - knobs.beta1**t
        phi.addcdiv_(m, root.add_(knobs.eps), value=-eta)


class RmsProp(Stateful):
    """v ← γv + (1 − γ)g²; φ ← φ − η g/(√v + ε); centred: √(v − ḡ²) (Tieleman and Hinton 2012)."""

    names = ("v", "mean", "momentum")

    def update(self, knobs: spec.RmsProp, phi: Tensor, g: Tensor, eta: float, t: int) -> None:
        v = self.state["v"].mul_(knobs.gamma).addcmul_(g, g, value=1 - knobs.gamma)
        if knobs.centered:
            mean = self.state["mean"].lerp_(g, 1 - knobs.gamma)
            # Rounding may produce a variance just below zero.
            root = v.addcmul(mean, mean, value=-1).clamp_(min=0).sqrt_().add_(knobs.eps)
        else:
            root = v.sqrt().add_(knobs.eps)
        if knobs.momentum:
            step = self.state["momentum"].mul_(knobs.momentum).addcdiv_(g, root)
            phi.add_(step, alpha=-eta)
        else:
            phi.addcdiv_(g, root, value=-eta)


OPTIMIZERS: dict[type[Kind], type[Stateful]] = {
    spec.Sgd: Sgd,
    spec.Adam: Adam,
    spec.AdamW: Adam,
    spec.RmsProp: RmsProp,
}


def optimizer(knobs: Kind, phi: Tensor) -> Optimizer:
    """The optimizer of a spec, with zero state."""
    made: Any = OPTIMIZERS[type(knobs)](phi)
    found: Optimizer = made
    return found


def scheduled(knobs: spec.Descent, t: int) -> float:
    """The learning rate of the next step after ``t`` finished steps."""
    return knobs.lr * knobs.schedule.share(t)
