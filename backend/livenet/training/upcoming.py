"""The next step of a run, for whoever wants to see it before it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from livenet.models import StepRandom
from livenet.spec import RunSpec
from livenet.training.optimizers import OPTIMIZERS, optimizer, scheduled
from livenet.training.regularizers import add_penalty_gradient

if TYPE_CHECKING:
    from livenet.training.trainer import Trainer


@dataclass(frozen=True)
class Update:
    """What an update makes of φ and of the optimizer's state; all tensors are flat, (P,)."""

    phi: Tensor
    gradient: Tensor
    """With the penalties' share."""
    before: dict[str, Tensor]
    """The optimizer's state by name."""
    updated: Tensor
    """φ after the step."""
    after: dict[str, Tensor]


@dataclass(frozen=True)
class Upcoming:
    """The minibatch, the learning rate and the random numbers of a run's next step."""

    rows: Tensor
    """The numbers (B,) of the training examples."""
    x: Tensor
    """Their arranged inputs (B, …)."""
    y: Tensor
    """Their arranged targets (B, …)."""
    eta: float
    """The scheduled learning rate."""
    t: int
    """The number of the step, from 1."""
    draws: Callable[[], StepRandom]
    """Makes the random numbers, from the first on at each call."""
    places: dict[str, tuple[int, torch.Size]]
    """Where each parameter is in φ: its start and its shape."""
    _spec: RunSpec
    _phi: Tensor
    _block: Tensor

    @classmethod
    def of(cls, trainer: Trainer) -> Upcoming:
        spec = trainer.spec
        rows = trainer.batches.peek(spec.batch_size)
        x, y = trainer.parts["train"]
        return cls(
            rows=rows,
            x=x.index_select(0, rows),
            y=y.index_select(0, rows),
            eta=scheduled(spec.optimizer, trainer.step_count),
            t=trainer.step_count + 1,
            draws=trainer.draws,
            places=trainer.flat.places,
            _spec=spec,
            _phi=trainer.flat.phi,
            _block=trainer.optimizer.block,
        )

    def update(self, gradients: dict[str, Tensor]) -> Update:
        """The update for gradients of the loss by parameter, in tensor operations and on copies."""
        phi = self._phi.clone()
        g = torch.zeros_like(phi)
        for name, (start, shape) in self.places.items():
            g[start : start + shape.numel()] = gradients[name].reshape(-1)
        add_penalty_gradient(self._spec.regularization, phi, g)
        knobs = self._spec.optimizer
        made = optimizer(knobs, phi)
        made.block.copy_(self._block)
        names = OPTIMIZERS[type(knobs)].names
        before = dict(zip(names, self._block.clone(), strict=True))
        updated = phi.clone()
        made.update(knobs, updated, g, self.eta, self.t)
        return Update(phi, g, before, updated, made.state)
