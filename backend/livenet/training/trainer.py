"""The training loop: turns a spec into steps, rows and snapshots.

It does not depend on sockets, viewers or processes. ``_step`` is the loop's body and reads top to
bottom; livenet.training.compiled has it in machine code. ``work`` does one unit (steps, or a chunk
of an evaluation) for the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.data import load
from livenet.errors import CommandError
from livenet.models import Mlp, StepRandom, build
from livenet.spec import RunSpec
from livenet.spec.arithmetic import Used, arithmetic
from livenet.spec.cost import evaluated, evaluation_chunk, step_seconds
from livenet.training.batches import Batches
from livenet.training.compiled import available
from livenet.training.diverged import diverged
from livenet.training.evaluation import Chunks, Evaluation
from livenet.training.flat import Flat
from livenet.training.objectives import Metrics, objective
from livenet.training.optimizers import optimizer, scheduled
from livenet.training.regularizers import add_penalty_gradient, penalty
from livenet.training.snapshot import Snapshot
from livenet.training.streams import number, stream

if TYPE_CHECKING:
    from livenet.training.compiled.perceptron import CompiledPerceptron

UNIT_SECONDS = 0.002  # for the steps of one unit of work, by the cost model
MEASURED = 64  # inputs for a model's own measures


@dataclass(frozen=True)
class Row:
    """One row of a run's series."""

    step: int
    epoch: float
    metrics: Metrics


class Trainer:
    """One run: its data, model, objective and optimizer, at one step.

    With ``snapshot``, it continues from there, bit for bit; without one it is at step 0.
    """

    def __init__(
        self, spec: RunSpec, snapshot: Snapshot | None = None, device: str = "cpu"
    ) -> None:
        self.spec = snapshot.spec if snapshot else spec
        self.device = torch.device(device)
        self.data = load(self.spec.data)
        self.model = build(self.spec)
        self.model.initialize(stream(self.spec.seed, "initialization"))
        self.model.to(self.device)  # its buffers; parameters become views of φ on the device
        self.flat = Flat(self.model, self.device)
        self.optimizer = optimizer(self.spec.optimizer, self.flat.phi)
        self._key = number(self.spec.seed, "step")
        self.batches = Batches(len(self.data.train_x), self.spec.seed, self.device)
        self.parts = {
            "train": self._tensors(self.data.train_x, self.data.train_y),
            "test": self._tensors(self.data.test_x, self.data.test_y),
        }
        self.compiled = self._compiled()
        self.objective = self.compiled or objective(self.spec, self.model)
        counts = zip(self.parts.items(), evaluated(self.spec), strict=True)
        self.evaluated = {name: (x[:n], y[:n]) for (name, (x, y)), n in counts}
        self.chunks = Chunks(self.evaluated, evaluation_chunk(self.spec))
        part = "test" if len(self.parts["test"][0]) else "train"
        self._few = self.parts[part][0][:MEASURED]
        self._at_once = int(UNIT_SECONDS / step_seconds(self.spec))
        self.step_count = 0
        self.gradient_norm: float | None = None
        self.evaluation: Evaluation | None = None
        if snapshot:
            self._restore(snapshot)
        else:
            self.evaluation = self.evaluate()

    @property
    def arithmetic(self) -> Used:
        """Which arithmetic this trainer has."""
        return "compiled" if self.compiled else "torch"

    def _compiled(self) -> CompiledPerceptron | None:
        """The machine code of this run, if its spec has some and this process can make it."""
        wanted = self.device.type == "cpu" and arithmetic(self.spec) == "compiled"
        if not wanted or (code := available.code()) is None:
            return None
        from livenet.training.compiled.perceptron import CompiledPerceptron

        assert isinstance(self.model, Mlp)
        tensors = self.flat, self.optimizer, self.parts["train"]
        return CompiledPerceptron(code, self.spec, self.model, *tensors, self._key)

    def evaluate(self) -> Evaluation:
        """Starts an evaluation of this step, to be done one chunk at a time."""
        return Evaluation(self.objective, self.chunks)

    def _tensors(self, x: Any, y: Any) -> tuple[Tensor, Tensor]:
        """Inputs (N, …) and targets (N, …) as the model arranges them, on the training device."""
        targets = torch.from_numpy(y)
        if self.spec.objective.numbered:
            targets = targets.long()
        inputs, targets = self.model.arrange(torch.from_numpy(x), targets)
        return inputs.contiguous().to(self.device), targets.contiguous().to(self.device)

    def draws(self) -> StepRandom:
        """The random numbers of the next step: a function of only the seed and the step."""
        return StepRandom(self._key, self.step_count, self.spec.regularization.dropout)

    def advance(self, most: int) -> None:
        """Does at least one step of descent, and at most ``most``; none beyond the next row, or
        the end of training.

        Raises Diverged, with the state as before the failing step, if the loss or its gradient is
        not finite.
        """
        if self.compiled is None:
            self._step()
        else:
            self._advance(self.compiled, max(1, min(most, self.steps_to_row, self._at_once)))

    @property
    def row_interval(self) -> int:
        """Steps between the rows before and after the next step."""
        return self.spec.training.row_interval(self.step_count + 1)

    @property
    def steps_to_row(self) -> int:
        """Steps to the next row."""
        end, every = self.spec.training.steps, self.row_interval
        next_row = every - self.step_count % every
        return next_row if end is None else min(next_row, end - self.step_count)

    def _advance(self, compiled: CompiledPerceptron, most: int) -> None:
        """Does up to ``most`` steps."""
        done = compiled.advance(self.spec, self.batches, self.step_count, most)
        if done.steps:
            self.gradient_norm = done.norm
            self.step_count += done.steps
            self.batches.advance(done.examples)
        if done.failed:
            rows = self.batches.peek(self.spec.batch_size)
            x = self.parts["train"][0].index_select(0, rows)
            eta = scheduled(self.spec.optimizer, self.step_count)
            raise diverged(self.model, x, done.loss, self.step_count, eta)

    def step(self) -> None:
        """Does one step of descent. Raises Diverged as ``advance`` does."""
        if self.compiled is None:
            self._step()
        else:
            self._advance(self.compiled, 1)

    @torch.no_grad()
    def _step(self) -> None:
        """One step in tensor operations."""
        spec, phi, g = self.spec, self.flat.phi, self.flat.gradient
        rows = self.batches.peek(spec.batch_size)  # (B,)
        inputs, targets = self.parts["train"]
        x = inputs.index_select(0, rows)  # (B, …)
        y = targets.index_select(0, rows)  # (B, …)

        g.zero_()
        loss = self.objective.descend(spec, x, y, self.draws())
        add_penalty_gradient(spec.regularization, phi, g)

        eta = scheduled(spec.optimizer, self.step_count)
        square = float(g.dot(g))
        if not isfinite(square) or not isfinite(loss.item()):
            self.model.pending.clear()
            raise diverged(self.model, x, loss.item(), self.step_count, eta)
        self.gradient_norm = sqrt(square)
        self.optimizer.update(spec.optimizer, phi, g, eta, self.step_count + 1)
        self.model.commit()
        self.batches.advance(len(rows))
        self.step_count += 1

    def work(self, most: int = 1) -> Row | None:
        """Does one unit of work: a step, or in machine code up to ``most`` steps; or a chunk of the
        evaluation that a row waits for.

        Returns the row when it is complete. Raises Diverged as ``advance`` does.
        """
        if self.evaluation is None:
            self.advance(most)
            if self.row_due:
                self.begin_row()
            return None
        if not self.evaluation.chunk():
            return None
        row = self.row(self.evaluation)
        self.evaluation = None
        return row

    @property
    def row_due(self) -> bool:
        """Whether this step has a row: depends only on its number; the last step always has one."""
        every = self.spec.training.row_interval(self.step_count)
        return self.step_count % every == 0 or self.finished

    def begin_row(self) -> None:
        """Schedules the row of this step before the next step."""
        self.evaluation = self.evaluate()

    def metrics(self) -> Metrics:
        """Losses and measures at the current step."""
        evaluation = self.evaluate()
        while not evaluation.chunk():
            pass
        return self.row(evaluation).metrics

    def row(self, evaluation: Evaluation) -> Row:
        """The row of a finished evaluation of this step."""
        metrics = (
            evaluation.metrics()
            | self._seen()
            | {
                "penalty": penalty(self.spec.regularization, self.flat.phi),
                "gradient_norm": self.gradient_norm,
                "learning_rate": scheduled(self.spec.optimizer, self.step_count),
            }
        )
        # Non-finite numbers become None: JSON cannot represent them.
        sound = {k: v if v is not None and isfinite(v) else None for k, v in metrics.items()}
        return Row(self.step_count, self.epoch, sound)

    def _seen(self) -> Metrics:
        """The model's own measures, on a few test inputs (training inputs if there are none)."""
        return dict(self.model.measures(self._few))

    @property
    def epoch(self) -> float:
        """Passes over the training data, with the fraction of the current one."""
        return self.batches.passes

    @property
    def steps_to_epoch(self) -> int:
        """Steps to the end of the current epoch."""
        return self.batches.steps_left(self.spec.batch_size)

    @property
    def finished(self) -> bool:
        """Whether the last step that the spec asks for is done."""
        steps = self.spec.training.steps
        return steps is not None and self.step_count >= steps

    def change(self, spec: RunSpec) -> None:
        """Takes a spec that differs only in live fields (see livenet.spec.change)."""
        self.spec = spec
        self._at_once = int(UNIT_SECONDS / step_seconds(spec))

    def edit(self, parameter: str, index: tuple[int, ...], value: float) -> None:
        """Sets one number of one parameter. Raises CommandError if there is no such number."""
        places = self.flat.places
        if parameter not in places:
            raise CommandError(
                f"There is no parameter {parameter!r}",
                path="edits",
                hint=f"Parameters: {', '.join(places)}.",
            )
        start, size = places[parameter]
        shape = tuple(size)
        inside = len(index) == len(shape) and all(
            0 <= i < n for i, n in zip(index, shape, strict=True)
        )
        if not inside:
            raise CommandError(
                f"{parameter} has shape {list(shape)}; there is no {list(index)} in it",
                path="edits",
                hint="Give one index a dimension, counted from 0.",
            )
        if not abs(value) <= torch.finfo(torch.float32).max:
            raise CommandError(
                f"value is {value:g}; a parameter holds at most 3.4e38 in size",
                path="edits",
                hint="Take a smaller number.",
            )
        within = 0  # offset in memory order: the last index varies fastest
        for i, n in zip(index, shape, strict=True):
            within = within * n + i
        self.flat.phi[start + within] = value

    def snapshot(self) -> Snapshot:
        """The state after the last finished step."""
        return Snapshot(
            spec=self.spec,
            step=self.step_count,
            epoch=self.batches.epoch,
            position=self.batches.position,
            gradient_norm=self.gradient_norm,
            phi=self.flat.phi.cpu().numpy().copy(),
            state=_copies(self.optimizer.state),
            buffers=_copies(self.model.state()),
        )

    def _restore(self, snapshot: Snapshot) -> None:
        self.step_count = snapshot.step
        self.gradient_norm = snapshot.gradient_norm
        self.batches.seek(snapshot.epoch, snapshot.position)
        self.flat.phi.copy_(torch.from_numpy(snapshot.phi))
        for name, value in snapshot.state.items():
            self.optimizer.state[name].copy_(torch.from_numpy(value))
        for name, value in snapshot.buffers.items():
            self.model.state()[name].copy_(torch.from_numpy(value))

    def parameters(self) -> Mapping[str, Tensor]:
        """Every parameter by name, as a view that training changes."""
        return self.flat.named()

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Copies of the numbers that the model computes with, by name: parameters, and batch norm's
        running means and variances."""
        return _copies({**self.parameters(), **self.model.state()})


def _copies(tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    return {name: value.cpu().numpy().copy() for name, value in tensors.items()}
