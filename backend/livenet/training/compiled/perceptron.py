"""The compiled training and evaluation of one run: passes its tensors' memory to the kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from livenet.models import Mlp
from livenet.spec import RunSpec
from livenet.spec.objective import Gaussian
from livenet.training.compiled import kernels
from livenet.training.compiled.layout import Layout
from livenet.training.flat import Flat
from livenet.training.likelihoods import likelihood
from livenet.training.objectives import WrittenOut
from livenet.training.optimizers import UPDATES, Optimizer, scheduled


@dataclass(frozen=True)
class Advanced:
    """What a call has done: finished steps, whether the next one failed, and the numbers of the
    last step: its loss, and the norm of its gradient."""

    steps: int
    failed: bool
    loss: float
    norm: float


class CompiledPerceptron(WrittenOut):
    """The objective of a multilayer perceptron in machine code, and whole steps of its training.

    φ, its gradient and the optimizer's state are read and written in place.
    """

    def __init__(
        self,
        spec: RunSpec,
        model: Mlp,
        flat: Flat,
        optimizer: Optimizer,
        training: tuple[Tensor, Tensor],
        key: int,
    ) -> None:
        super().__init__(model, likelihood(spec))
        self._layout = Layout.of(model, flat)
        self._values = self._layout.values()
        self._phi, self._g = flat.phi.numpy(), flat.gradient.numpy()
        self._state = optimizer.block.numpy()
        self._x, self._y = (tensor.float().numpy() for tensor in training)
        self._key = np.array([key, 0], np.uint64)
        self._likelihood = kernels.LIKELIHOOD_CODES[type(spec.objective)]
        self._sigma = spec.objective.sigma if isinstance(spec.objective, Gaussian) else 1.0
        self._optimizer = kernels.OPTIMIZER_CODES[type(spec.optimizer)]
        self._numbers = UPDATES[type(spec.optimizer)].numbers

    def advance(self, spec: RunSpec, rows: Tensor, step: int) -> Advanced:
        """Steps through the minibatches of ``rows`` (N,), after ``step`` finished steps."""
        batch, penalties = spec.batch_size, spec.regularization
        count = -(-len(rows) // batch)
        etas = np.array([scheduled(spec.optimizer, t) for t in range(step, step + count)])
        why, steps, loss, norm = kernels.train(
            self._layout.layers,
            self._layout.knobs,
            self._phi,
            self._g,
            self._state,
            self._x,
            self._y,
            rows.numpy(),
            batch,
            etas,
            step,
            self._likelihood,
            self._sigma,
            (penalties.l1, penalties.l2, penalties.dropout),
            self._key,
            self._optimizer,
            np.array(self._numbers(spec.optimizer)),
            self._values,
        )
        return Advanced(steps, why == kernels.NOT_FINITE, loss, norm)

    def sums(self, x: Tensor, y: Tensor, row: int) -> Tensor:
        sums = np.empty(3)
        kernels.evaluate(
            self._layout.layers,
            self._layout.knobs,
            self._phi,
            x.numpy(),
            y.float().numpy(),
            self._likelihood,
            self._sigma,
            self._values,
            sums,
        )
        return torch.from_numpy(sums)
