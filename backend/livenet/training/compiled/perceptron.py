"""The compiled training and evaluation of one run: passes its tensors' memory to the code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
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

FIRST_ETAS = 128  # learning rates that there is room for at first


class Advanced(NamedTuple):
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
        self._etas = np.zeros(FIRST_ETAS)
        self._numbers_of = UPDATES[type(spec.optimizer)].numbers
        self._sigma = spec.objective.sigma if isinstance(spec.objective, Gaussian) else 1.0
        self._loss = code.address("loss", type(spec.objective).__name__)
        self._update = code.address("update", type(spec.optimizer).__name__)
        phi, g, state = flat.phi.numpy(), flat.gradient.numpy(), optimizer.block.numpy()
        self._x, self._y = (tensor.numpy().astype(code.real) for tensor in training)
        self._parts: dict[int, Part] = {}
        self._spec: RunSpec | None = None
        self._order = np.empty((0, 0), np.int64)
        # Arguments that are always the same. An address takes as long as three steps.
        self._network = self.layout.arguments
        self._phi = address(phi), len(phi)
        self.maps = Maps(code, self.layout, phi, self._room)
        self._trained = address(phi), address(g), len(phi), address(state), len(state)
        self._data = address(self._x), address(self._y), *self._x.shape
        self._etas_at, self._order_at = address(self._etas), 0
        self._last = (
            address(self._key), self._update, address(self._numbers), *self._room.arguments,
            address(self._results),
        )  # fmt: skip
        self._evaluated = self._loss, self._sigma, *self._room.arguments

    def advance(self, spec: RunSpec, batches: Batches, step: int, most: int) -> Advanced:
        """Does up to ``most`` steps after ``step`` finished ones, on the next minibatches. Their
        examples are not marked as used."""
        if spec is not self._spec:
            self._adopt(spec)
        order, position, batch = batches.ahead(), batches.position, self._batch
        if order is not self._order:
            self._order, self._order_at = order, address(order)
        known = batches.steps_left(batch) + (len(order) - 1) * -(-batches.count // batch)
        etas = rates(spec.optimizer, step, min(most, known))
        count = len(etas)
        if count > len(self._etas):
            self._etas = np.zeros(count)
            self._etas_at = address(self._etas)
        self._etas[:count] = etas
        self._code.train(
            *self._network, *self._trained, *self._data,
            self._order_at, len(order), position, batch,
            self._etas_at, count, step,
            self._loss, self._sigma, *self._penalties, *self._last,
        )  # fmt: skip
        results = self._results.tolist()
        return Advanced(
            int(results[STEPS]),
            int(results[POSITION]) - position,
            results[STOPPED] == NOT_FINITE,
            results[LOSS],
            results[NORM],
        )

    def _adopt(self, spec: RunSpec) -> None:
        """Takes what ``advance`` needs of a spec."""
        penalties, numbers = spec.regularization, self._numbers_of(spec.optimizer)
        self._penalties = penalties.l1, penalties.l2, penalties.dropout
        self._numbers[: len(numbers)] = numbers
        self._batch, self._spec = spec.batch_size, spec

    def sums(self, x: Tensor, y: Tensor, row: int) -> NDArray[np.float64]:
        part = self._parts.get(id(x))
        if part is None:
            part = self._parts[id(x)] = Part(x, y, self._code.real)
        self._code.evaluate(*self._network, *self._phi, *part.arguments, *self._evaluated)
        nats, measure = self._room.sums.tolist()
        return np.array((nats, part.count, measure))


class Part:
    """Examples that are evaluated again and again, as the code takes them; kept in memory, so that
    no others have their place."""

    def __init__(self, x: Tensor, y: Tensor, real: type[Real]) -> None:
        self._given = x  # its id is not that of another tensor while it is held
        self._x, self._y = (tensor.numpy().astype(real, copy=False) for tensor in (x, y))
        self._rows = np.arange(len(x))
        self.count = len(x)
        self.arguments = (
            address(self._x), address(self._y), *self._x.shape, address(self._rows)
        )  # fmt: skip
