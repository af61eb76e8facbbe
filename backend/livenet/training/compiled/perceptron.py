"""The compiled training and evaluation of one run: passes its tensors' memory to the code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from livenet.models import Mlp
from livenet.spec import RunSpec
from livenet.spec.objective import Gaussian
from livenet.training.batches import Batches
from livenet.training.compiled.code import Code
from livenet.training.compiled.layout import (
    LOSS,
    NORM,
    NOT_FINITE,
    NUMBERS,
    POSITION,
    RESULTS,
    STEPS,
    STOPPED,
    Layout,
    Real,
    Room,
    address,
)
from livenet.training.compiled.maps import Maps
from livenet.training.flat import Flat
from livenet.training.likelihoods import likelihood
from livenet.training.objectives import WrittenOut
from livenet.training.optimizers import UPDATES, Optimizer, rates


@dataclass(frozen=True)
class Advanced:
    """What a call has done: finished steps and the examples that they used, whether the next step
    failed, and the numbers of the last one: its loss, and the norm of its gradient."""

    steps: int
    examples: int
    failed: bool
    loss: float
    norm: float


class CompiledPerceptron(WrittenOut):
    """The objective of a multilayer perceptron in machine code, and whole steps of its training.

    φ, its gradient and the optimizer's state are read and written in place.
    """

    def __init__(
        self,
        code: Code,
        spec: RunSpec,
        model: Mlp,
        flat: Flat,
        optimizer: Optimizer,
        training: tuple[Tensor, Tensor],
        key: int,
    ) -> None:
        super().__init__(model, likelihood(spec))
        self._code = code
        self.layout = Layout.of(model, flat, code)
        self._room = Room(self.layout.rows, code.real)
        self._key = np.array([key, 0], np.uint64)
        self._numbers, self._results = np.zeros(NUMBERS), np.zeros(RESULTS)
        self._numbers_of = UPDATES[type(spec.optimizer)].numbers
        self._sigma = spec.objective.sigma if isinstance(spec.objective, Gaussian) else 1.0
        self._loss = code.address("loss", type(spec.objective).__name__)
        self._update = code.address("update", type(spec.optimizer).__name__)
        phi, g, state = flat.phi.numpy(), flat.gradient.numpy(), optimizer.block.numpy()
        self._x, self._y = (tensor.numpy().astype(code.real) for tensor in training)
        self._parts: dict[tuple[int, int], Part] = {}
        # Arguments that are always the same.
        self._network = self.layout.arguments
        self._phi = address(phi), len(phi)
        self.maps = Maps(code, self.layout, phi, self._room)
        self._trained = address(phi), address(g), len(phi), address(state), len(state)
        self._data = address(self._x), address(self._y), *self._x.shape

    def advance(self, spec: RunSpec, batches: Batches, step: int, most: int) -> Advanced:
        """Does up to ``most`` steps after ``step`` finished ones, on the next minibatches. Their
        examples are not marked as used."""
        order, position, batch = batches.ahead(), batches.position, spec.batch_size
        known = batches.steps_left(batch) + (len(order) - 1) * -(-batches.count // batch)
        etas = np.array(rates(spec.optimizer, step, min(most, known)))
        penalties, numbers = spec.regularization, self._numbers_of(spec.optimizer)
        self._numbers[: len(numbers)] = numbers
        results = self._results
        self._code.train(
            *self._network, *self._trained, *self._data,
            address(order), len(order), position, batch,
            address(etas), len(etas), step,
            self._loss, self._sigma, penalties.l1, penalties.l2, penalties.dropout,
            address(self._key), self._update, address(self._numbers),
            *self._room.arguments, address(results),
        )  # fmt: skip
        return Advanced(
            int(results[STEPS]),
            int(results[POSITION]) - position,
            results[STOPPED] == NOT_FINITE,
            float(results[LOSS]),
            float(results[NORM]),
        )

    def sums(self, x: Tensor, y: Tensor, row: int) -> Tensor:
        part = self._parts.get((x.data_ptr(), len(x)))
        if part is None:
            part = self._parts[x.data_ptr(), len(x)] = Part(x, y, self._code.real)
        self._code.evaluate(
            *self._network, *self._phi, *part.arguments, self._loss, self._sigma,
            *self._room.arguments,
        )  # fmt: skip
        nats, measure = self._room.sums.tolist()
        return torch.tensor((nats, len(x), measure), dtype=torch.float64)


class Part:
    """Examples that are evaluated again and again, as the code takes them; kept in memory, so that
    no others have their place."""

    def __init__(self, x: Tensor, y: Tensor, real: type[Real]) -> None:
        self._x, self._y = (tensor.numpy().astype(real, copy=False) for tensor in (x, y))
        self._rows = np.arange(len(x))
        self.arguments = (
            address(self._x), address(self._y), *self._x.shape, address(self._rows)
        )  # fmt: skip
