"""Optimizers on the flat φ and its gradient g, both (P,). To add one, add a class and its line.

Each follows torch.optim's formula to the last operation, which a test checks at every step. They
are separate implementations because hyperparameters may change between any two steps, and because
state must be saved and restored.

The functions named ``…_update`` are the same in plain Python, number by number, from which
livenet.training.compiled makes machine code; ``…_numbers`` gives their knobs, in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from livenet.spec import optimizer as spec
from livenet.spec.base import Kind


class Optimizer(Protocol):
    """One update rule and its state."""

    state: dict[str, Tensor]
    block: Tensor
    """All of ``state`` in one tensor (S, P)."""

    def update(self, knobs: Any, phi: Tensor, g: Tensor, eta: float, t: int) -> None:
        """Updates φ in place; ``t`` counts steps from 1, ``eta`` is the scheduled learning rate."""
        ...


Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class PlainUpdate:
    """An update in plain Python, and how it is told its knobs."""

    update: Callable[[Numbers, Numbers, Numbers, NDArray[np.float64], float, int], None]
    """Updates φ (P,) in place for g (P,), state (S, P), ``numbers``, η and t."""
    numbers: Callable[[Any], tuple[float, ...]]
    """The knobs of a spec that ``update`` reads, in double precision."""


class Stateful:
    """Holds a few tensors in the shape of φ, all zero initially: views of one ``block`` (S, P)."""

    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, phi: Tensor) -> None:
        self.block = phi.new_zeros(len(self.names), len(phi))
        self.state = dict(zip(self.names, self.block, strict=True))


class Sgd(Stateful):
    """v ← μv + g; φ ← φ − ηv, or φ − η(g + μv) with Nesterov's look ahead."""

    names = ("momentum",)

    def update(self, knobs: spec.Sgd, phi: Tensor, g: Tensor, eta: float, t: int) -> None:
        direction = g
        if knobs.momentum:
            v = self.state["momentum"].mul_(knobs.momentum).add_(g)
            direction = g.add(v, alpha=knobs.momentum) if knobs.nesterov else v
        phi.add_(direction, alpha=-eta)


def sgd_numbers(knobs: spec.Sgd) -> tuple[float, ...]:
    return knobs.momentum, float(knobs.nesterov)


def sgd_update(
    phi: Numbers, g: Numbers, state: Numbers, knobs: NDArray[np.float64], eta: float, t: int
) -> None:
    real = phi.dtype.type
    mu, nesterov, rate = real(knobs[0]), knobs[1] > 0, real(eta)
    if mu == 0:
        for i in range(len(phi)):
            phi[i] -= rate * g[i]
        return
    v = state[0]
    for i in range(len(phi)):
        v[i] = mu * v[i] + g[i]
        phi[i] -= rate * (g[i] + mu * v[i] if nesterov else v[i])


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


def adam_numbers(knobs: spec.Adam | spec.AdamW) -> tuple[float, ...]:
    decay = knobs.weight_decay if isinstance(knobs, spec.AdamW) else 0.0
    return knobs.beta1, knobs.beta2, knobs.eps, float(knobs.bias_correction), decay


def adam_update(
    phi: Numbers, g: Numbers, state: Numbers, knobs: NDArray[np.float64], eta: float, t: int
) -> None:
    real = phi.dtype.type
    new1, beta2, new2 = real(1 - knobs[0]), real(knobs[1]), real(1 - knobs[1])
    eps, kept = real(knobs[2]), real(1 - eta * knobs[4])
    correct = knobs[3] > 0
    rate = real(eta / (1 - knobs[0] ** float(t)) if correct else eta)
    root = real(sqrt(1 - knobs[1] ** float(t)) if correct else 1.0)
    m, v = state[0], state[1]
    for i in range(len(phi)):
        m[i] += new1 * (g[i] - m[i])
        v[i] = beta2 * v[i] + new2 * g[i] * g[i]
        phi[i] = kept * phi[i] - rate * m[i] / (sqrt(v[i]) / root + eps)


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


def rmsprop_numbers(knobs: spec.RmsProp) -> tuple[float, ...]:
    return knobs.gamma, knobs.eps, knobs.momentum, float(knobs.centered)


def rmsprop_update(
    phi: Numbers, g: Numbers, state: Numbers, knobs: NDArray[np.float64], eta: float, t: int
) -> None:
    real = phi.dtype.type
    gamma, new, eps = real(knobs[0]), real(1 - knobs[0]), real(knobs[1])
    mu, centered, rate = real(knobs[2]), knobs[3] > 0, real(eta)
    v, mean, momentum = state[0], state[1], state[2]
    for i in range(len(phi)):
        v[i] = gamma * v[i] + new * g[i] * g[i]
        variance = v[i]
        if centered:
            mean[i] += new * (g[i] - mean[i])
            variance = max(v[i] - mean[i] * mean[i], real(0))
        step = g[i] / (sqrt(variance) + eps)
        if mu != 0:
            momentum[i] = mu * momentum[i] + step
            step = momentum[i]
        phi[i] -= rate * step


OPTIMIZERS: dict[type[Kind], type[Stateful]] = {
    spec.Sgd: Sgd,
    spec.Adam: Adam,
    spec.AdamW: Adam,
    spec.RmsProp: RmsProp,
}
UPDATES: dict[type[Kind], PlainUpdate] = {
    spec.Sgd: PlainUpdate(sgd_update, sgd_numbers),
    spec.Adam: PlainUpdate(adam_update, adam_numbers),
    spec.AdamW: PlainUpdate(adam_update, adam_numbers),
    spec.RmsProp: PlainUpdate(rmsprop_update, rmsprop_numbers),
}
"""Those that compiled code has. An optimizer that is missing runs on tensors."""


def optimizer(knobs: Kind, phi: Tensor) -> Optimizer:
    """The optimizer of a spec, with zero state."""
    made: Any = OPTIMIZERS[type(knobs)](phi)
    found: Optimizer = made
    return found


def scheduled(knobs: spec.Descent, t: int) -> float:
    """The learning rate of the next step after ``t`` finished steps."""
    return knobs.lr * knobs.schedule.share(t)


def rates(knobs: spec.Descent, t: int, count: int) -> list[float]:
    """The learning rates of the next ``count`` steps after ``t`` finished steps."""
    return [knobs.lr * share for share in knobs.schedule.shares(t, count)]
