"""Specs of optimizers and learning-rate schedules.

To add a schedule, add a class here, with its share of the learning rate, also to the union. To add
an optimizer, add a class here, also to the union, and its update in livenet.training.optimizers.
"""

from __future__ import annotations

from math import cos, pi
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from livenet.spec.base import Kind, knob, members


class ScheduleKind(Kind):
    """How the learning rate changes with time."""

    def share(self, t: int) -> float:
        """The share of the learning rate that is left after ``t`` finished steps."""
        raise NotImplementedError

    def shares(self, t: int, count: int) -> list[float]:
        """The shares of ``count`` steps, the first after ``t`` finished ones."""
        return [self.share(step) for step in range(t, t + count)]


class Constant(ScheduleKind):
    kind: Literal["constant"] = "constant"
    label: ClassVar[str] = "Constant"
    explain: ClassVar[str] = "The learning rate stays as it is."
    formula: ClassVar[str] = r"\eta_t=\eta"

    def share(self, t: int) -> float:
        return 1.0

    def shares(self, t: int, count: int) -> list[float]:
        return [1.0] * count


class StepDecay(ScheduleKind):
    kind: Literal["step"] = "step"
    label: ClassVar[str] = "Step"
    explain: ClassVar[str] = "Multiply the learning rate by a factor, every so many steps."
    formula: ClassVar[str] = r"\eta_t=\eta\,\gamma^{\lfloor t/n\rfloor}"
    every: int = knob(
        1000, ge=1, le=10_000_000, shown=(10, 10_000), scale="log", live=True,
        label="Every", unit="steps", symbol="n", explain="Steps between two drops.",
    )  # fmt: skip
    factor: float = knob(
        0.5, gt=0.0, le=1.0, step=0.01, live=True, label="Factor", symbol=r"\gamma",
        explain="What the learning rate is multiplied by.",
    )  # fmt: skip

    def share(self, t: int) -> float:
        return float(self.factor ** (t // self.every))


class Cosine(ScheduleKind):
    kind: Literal["cosine"] = "cosine"
    label: ClassVar[str] = "Cosine"
    explain: ClassVar[str] = "Half a cosine wave down to the floor, then flat."
    formula: ClassVar[str] = r"\eta_t=\eta\,(f+(1-f)\tfrac{1+\cos(\pi\min(t/n,1))}{2})"
    steps: int = knob(
        5000, ge=1, le=10_000_000, shown=(100, 100_000), scale="log", live=True,
        label="Over", unit="steps", symbol="n", explain="Steps until the floor is reached.",
    )  # fmt: skip
    floor: float = knob(
        0.0, ge=0.0, le=1.0, step=0.01, live=True, label="Floor", symbol="f",
        explain="Share of the learning rate that is left at the end.",
    )  # fmt: skip

    def share(self, t: int) -> float:
        falling = (1 + cos(pi * min(t / self.steps, 1.0))) / 2
        return self.floor + (1 - self.floor) * falling


Schedule = Annotated[Constant | StepDecay | Cosine, Field(discriminator="kind")]
SCHEDULES: tuple[type[ScheduleKind], ...] = members(Schedule)


def _rate(default: float) -> Any:
    return knob(
        default, ge=0.0, le=1e6, shown=(1e-5, 10.0), scale="log", live=True,
        label="Learning rate", symbol=r"\eta", explain="How far a step goes along the gradient.",
    )  # fmt: skip


def _epsilon() -> Any:
    return knob(
        1e-8, gt=0.0, le=1.0, shown=(1e-10, 1e-2), scale="log", live=True,
        label="ε", symbol=r"\epsilon", explain="Keeps the division from blowing up.",
    )  # fmt: skip


def _share(default: float, label: str, symbol: str, explain: str) -> Any:
    return knob(
        default, ge=0.0, lt=1.0, shown=(0.0, 0.999), step=0.001, live=True,
        label=label, symbol=symbol, explain=explain,
    )  # fmt: skip


class Descent(Kind):
    """The common fields of all optimizers."""

    compiled: ClassVar[bool] = False
    """Whether ``UPDATES`` of livenet.training.optimizers has it, for machine code."""
    lr: float = _rate(0.01)
    schedule: Schedule = knob(
        Constant(), label="Schedule", live=True, explain="How the learning rate changes with time.",
    )  # fmt: skip


class Sgd(Descent):
    kind: Literal["sgd"] = "sgd"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "SGD"
    explain: ClassVar[str] = "Steps against the minibatch gradient, with optional momentum."
    formula: ClassVar[str] = r"v\leftarrow\mu v+g,\quad \phi\leftarrow\phi-\eta v"
    lr: float = _rate(0.1)
    momentum: float = _share(0.0, "Momentum", r"\mu", "Share of the last step that is kept.")
    nesterov: bool = knob(
        False, live=True, label="Nesterov", explain="Look ahead along the momentum."
    )


class Moments(Descent):
    """The running moments of Adam and AdamW."""

    beta1: float = _share(0.9, "β₁", r"\beta_1", "Memory of the gradient's mean.")
    beta2: float = _share(0.999, "β₂", r"\beta_2", "Memory of the gradient's square.")
    eps: float = _epsilon()
    bias_correction: bool = knob(
        True,
        live=True,
        label="Bias correction",
        explain="Divide by 1 − βᵗ: the moments start at 0.",
    )


class Adam(Moments):
    kind: Literal["adam"] = "adam"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "Adam"
    explain: ClassVar[str] = "Momentum, with a step size of its own for each parameter."
    formula: ClassVar[str] = r"\phi\leftarrow\phi-\eta\,\frac{\hat m}{\sqrt{\hat v}+\epsilon}"


class AdamW(Moments):
    kind: Literal["adamw"] = "adamw"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "AdamW"
    explain: ClassVar[str] = "Adam with weight decay apart from the gradient."
    formula: ClassVar[str] = (
        r"\phi\leftarrow(1-\eta\lambda)\phi-\eta\,\frac{\hat m}{\sqrt{\hat v}+\epsilon}"
    )
    weight_decay: float = knob(
        0.01, ge=0.0, le=10.0, shown=(1e-5, 1.0), scale="log", live=True,
        label="Weight decay", symbol=r"\lambda", explain="Shrinks all parameters at each step.",
    )  # fmt: skip


class RmsProp(Descent):
    kind: Literal["rmsprop"] = "rmsprop"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "RMSprop"
    explain: ClassVar[str] = "Divides the gradient by the root of its mean square."
    formula: ClassVar[str] = (
        r"v\leftarrow\gamma v+(1-\gamma)g^2,\quad\phi\leftarrow\phi-\eta\frac{g}{\sqrt v+\epsilon}"
    )
    gamma: float = _share(0.99, "γ", r"\gamma", "Memory of the gradient's square.")
    momentum: float = _share(0.0, "Momentum", r"\mu", "Share of the last step that is kept.")
    centered: bool = knob(
        False, live=True, label="Centred", explain="Use the variance, not the mean square."
    )
    eps: float = _epsilon()


Optimizer = Annotated[Adam | AdamW | Sgd | RmsProp, Field(discriminator="kind")]
KINDS: tuple[type[Descent], ...] = members(Optimizer)
