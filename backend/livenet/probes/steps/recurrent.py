"""The walk through a recurrent network: one cell at one place of a sequence, there and back.

The forward numbers are those of the model's own pass; the way back is that of
livenet.models.through_time, whose gradients are the sums over places that autograd finds.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from livenet.models import Network
from livenet.models.rnn import Rnn
from livenet.pictures import Equation, Plot
from livenet.probes.context import Context
from livenet.probes.sequences.gates import TITLES
from livenet.probes.sequences.states import layer_number, recurrent
from livenet.probes.steps import likelihood, recurrent_wires
from livenet.probes.steps import recurrent_cell as cells
from livenet.probes.steps.check import check
from livenet.probes.steps.equations import Named, array, matrix_product, operand
from livenet.probes.steps.recurrent_back import Back
from livenet.probes.steps.recurrent_names import Cell
from livenet.probes.steps.recurrent_pass import Backward, Forward, backward, forward, pairs
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.sequences import Reading
from livenet.probes.steps.update import Gradients, update_stage
from livenet.probes.steps.walk import Group, Shown, Stage, entry_of

Shows = Callable[[], list[Plot] | Shown]
GATES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "lstm": (("f", "f", "$f$"), ("i", "i", "$i$"), ("candidate", "C̃", r"$\tilde C$"),
             ("o", "o", "$o$")),
    "gru": (("r", "r", "$r$"), ("z", "z", "$z$"), ("n", "n", "$n$")),
    "rnn": (),
}  # fmt: skip
"""Of each cell the gates that have a stage: its id, the gate, and its label."""


class RecurrentWalk:
    """The stages of one place of a sequence, and one layer.

    Forward: ``input``; of an LSTM ``f``, ``i``, ``candidate``, ``cell``, ``o``, ``h``, of a GRU
    ``r``, ``z``, ``n``, ``h``, of a plain cell ``z``, ``h``; ``output`` and ``loss``. Backward:
    ``delta`` (by θ), ``back_h``, of an LSTM ``back_C``, ``back_z`` (a plot ``delta_{gate}`` each),
    but at the first place ``before`` (by h and C of the place before), and ``weights``, sums over
    the places. Without a target there is no loss and no way back. The plot ``over`` has a number of
    the unit at every place, ``gates`` an LSTM's f and i or a GRU's r and z, and ``answer`` what
    would be answered here.

    Facts of every stage: those of a sequence (see ``Reading.facts``); but for the update also
    ``cell``, ``activation`` (a plain cell's), ``layer``, ``layers``, ``units``, ``unit`` (from 0;
    the row that is asked for may be one of z, which has a block for each gate), and ``gates``: by
    name W_x x_t (``x``), W_h h_{t−1} (``h``), ``b``, ``z`` and ``value`` of the unit. Also
    ``wires``, the unit's values in the cell; ``by_wire``, the derivatives by them, of the backward
    stages; and ``across``, of all units what the stage is about (see
    ``livenet.probes.steps.recurrent_wires``). Besides, of ``loss`` ``loss``, ``log_likelihood``
    and ``scored`` (their number), and of ``weights`` ``checks``.
    """

    def __init__(self, context: Context, options: StepByStepOptions) -> None:
        self.context = context
        self.options = options
        self.upcoming = context.upcoming()
        self.model: Rnn = deepcopy(recurrent(context))
        self.reading = Reading.of(context, self.upcoming, options)
        self.example = self.reading.example
        self.kept = self._forward(self.model)
        number, at = layer_number(self.model, options.layer), self.example.at
        self.cell = Cell(self.model, number, self.kept, at, self.reading.place)
        self.theta = self.kept.theta[at]  # (T, K)
        self.unit = options.row % self.cell.layer.width

    def stages(self) -> list[Stage]:
        kind = self.cell.kind
        found = [self._stage("input", "forward", "Input", "What is read here", self._input)]
        if kind == "rnn":
            found.append(
                self._stage("z", "forward", "$z$", "Weigh the input and the state", self._plain_z)
            )
        found += [self._gate(*one) for one in GATES[kind]]
        if kind == "lstm":
            title = "What the cell keeps, and what it adds"
            found.insert(-1, self._stage("cell", "forward", "$C$", title, self._cell_state))
        found += [
            self._stage("h", "forward", "$h$", "The state that goes on", self._state),
            self._stage("output", "forward", "Output", "From the state to a distribution",
                        self._output),
        ]  # fmt: skip
        if self.reading.scored:
            found += self._scored()
        update = update_stage(self.context, self.options, self.upcoming, self._gradients)
        facts = self.reading.facts()
        found.append(
            Stage(update.id, update.group, update.label, update.title,
                  lambda: _with(update.show(), facts))
        )  # fmt: skip
        return found

    def _scored(self) -> list[Stage]:
        """The stages of a sequence that has a loss."""
        kind, place = self.cell.kind, self.reading.place
        found = [
            self._stage("loss", "forward", "Loss", "How improbable the true sequence is",
                        lambda: likelihood.loss(self.reading, self.theta)),
            self._stage("delta", "backward", r"$\theta$", "How the loss depends on the output here",
                        self._by_theta),
            self._stage("back_h", "backward", r"$h_t$",
                        "How the loss depends on the state, at this place and later",
                        lambda: [*self.back.states(place, self.unit), self.back.over(self.unit)]),
        ]  # fmt: skip
        if kind == "lstm":
            found.append(
                self._stage("back_C", "backward", "$C_t$", "How it depends on the cell state",
                            lambda: self.back.cells(place, self.unit))
            )  # fmt: skip
        found.append(
            self._stage("back_z", "backward", r"$\delta$", "How it depends on each gate's z",
                        lambda: self.back.deltas(self.unit))
        )  # fmt: skip
        if place > 0:
            found.append(
                self._stage("before", "backward", "$h_{t-1}$",
                            "How it reaches the place before", self._before)
            )  # fmt: skip
        found.append(
            self._stage("weights", "backward", "$W$",
                        "The same weights at every place: the sum over places", self._weights)
        )  # fmt: skip
        return found

    def _stage(self, id: str, group: Group, label: str, title: str, show: Shows) -> Stage:
        def made() -> Shown:
            found = show()
            shown = found if isinstance(found, Shown) else Shown(tuple(found), {})
            return _with(shown, self._facts(id, self.back if group == "backward" else None))

        return Stage(id, group, label, title, made)

    def _facts(self, stage: str, back: Back | None) -> dict[str, Any]:
        return {
            **self.reading.facts(),
            "cell": self.cell.kind,
            "activation": self.cell.layer.activation,
            "layer": self.cell.number,
            "layers": len(self.model.cells),
            "units": self.cell.layer.width,
            "unit": self.unit,
            **recurrent_wires.facts(self.cell, self.unit, stage, back),
        }

    # Forward

    def _gate(self, id: str, name: str, label: str) -> Stage:
        return self._stage(
            id,
            "forward",
            label,
            f"{TITLES[name]}: weigh, add, and squash",
            lambda: cells.gate(self.cell, self.reading, name, self.unit),
        )

    def _plain_z(self) -> list[Plot]:
        return cells.summed(self.cell, "h", self.unit)

    def _input(self) -> list[Plot]:
        x = self.cell.input()
        row = entry_of(self.options, len(x.values))[0]
        before = self.cell.state_before()
        plots = [
            Plot("x", (Equation(x.symbol, (operand(x, row, 0),)),), title="The input here"),
            Plot(
                "before",
                (Equation(before.symbol, (operand(before, self.unit, 0),)),),
                title="The state from the place before",
            ),
        ]
        name = "C" if self.cell.kind == "lstm" else "h"
        return [*plots, cells.over(self.cell, self.reading, name, self.unit)]

    def _cell_state(self) -> list[Plot]:
        return cells.cell_state(self.cell, self.reading, self.unit)

    def _state(self) -> list[Plot]:
        found = cells.state(self.cell, self.reading, self.unit)
        return [*found, self.reading.answer(self.theta)]

    def _output(self) -> list[Plot]:
        t, model = self.reading.place, self.model
        theta = Named(r"\theta_{t}", array(self.theta[t]))
        w = Named(r"W_{\theta}", array(model.output.weight), matrix=True)
        b = Named(r"b_{\theta}", array(model.output.bias))
        top = Cell(model, len(model.cells), self.kept, self.example.at, t)
        h = top.output()
        row = entry_of(self.options, len(theta.values))[0]
        formula = f"{theta.symbol} = {w.symbol} {h.symbol} + {b.symbol}"
        mark = matrix_product(theta, w, h, b, formula=formula, at=(row, 0))
        plots = [Plot("theta", (mark,), title="Weigh and add")]
        predicted = self.reading.prediction(self.theta, t).predicted(row)
        if predicted is not None:
            plots.append(Plot("prediction", (predicted,), title="The distribution of y at t"))
        return [*plots, self.reading.answer(self.theta)]

    # Backward

    @cached_property
    def _backward(self) -> Backward:
        """Of each example's own loss, of which the batch's is the mean."""
        direct = self.context.likelihood.gradient(self.kept.theta, self.example.y)
        return backward(self.model, self.kept, direct * len(self.example.x))

    @cached_property
    def back(self) -> Back:
        return Back(self.cell, self.reading, self._backward)

    def _by_theta(self) -> list[Plot]:
        direct = self._backward.theta[self.example.at]
        row = entry_of(self.options, direct.shape[1])[0]
        return likelihood.by_theta(self.reading, self.theta, direct, row)

    def _before(self) -> list[Plot]:
        place = self.reading.place - 1
        found = self.back.states(place, self.unit)
        if self.cell.kind == "lstm":
            found += self.back.cells(place, self.unit)
        return found

    def _weights(self) -> Shown:
        found = pairs(self.kept, self._backward)
        plots = self.back.sums(found, self.options.row, self.options.column)
        return Shown(tuple(plots), {"checks": self._checks()})

    def _checks(self) -> list[dict[str, object]]:
        """Of the layer's three gradients, at an entry each."""
        model, example = deepcopy(self.model).double(), self.example
        kept = self._forward(model)
        y = example.y.double() if example.y.is_floating_point() else example.y
        with torch.no_grad():
            direct = self.context.likelihood.gradient(kept.theta, y) * len(y)
        written = pairs(kept, backward(model, kept, direct))
        start = f"layers.{self.cell.number - 1}."
        found = []
        for name in (f"{start}input.weight", f"{start}state.weight", f"{start}bias"):
            shape = model.get_parameter(name).shape
            at = entry_of(self.options, shape[0], shape[1] if len(shape) > 1 else 1)
            one = check(self.context, self.upcoming, example, name, at[: len(shape)], self._pattern)
            found.append(one.document(written[name].of(example.at)))
        return found

    def _forward(self, model: Rnn) -> Forward:
        """A model's pass over the batch, in its own precision."""
        x = self.example.x
        draws = self.upcoming.draws if self.example.training else None
        return forward(model, x.to(model.output.weight) if x.is_floating_point() else x, draws)

    def _pattern(self, model: Network, x: Tensor) -> Tensor | None:
        """Which units of ReLU cells are on, at every place of the example."""
        assert isinstance(model, Rnn)
        if self.cell.kind != "rnn" or self.cell.layer.activation != "relu":
            return None
        return torch.cat([(h[self.example.at] > 0).flatten() for h in self._forward(model).states])

    # Update

    def _gradients(self) -> Gradients:
        """The minibatch's as the step computes them, and the derivatives of each example's loss."""
        walk = self
        if self.example.part != "batch":
            asked = {"part": "batch", "example": 0, "text": None, "place": None}
            walk = RecurrentWalk(self.context, self.options.model_copy(update=asked))
        with torch.enable_grad():
            theta = walk.model(walk.example.x, walk.upcoming.draws())
            walk.context.likelihood.nll(theta, walk.example.y).backward()  # type: ignore[no-untyped-call]  # torch's own
        mean = {name: p.grad for name, p in walk.model.named_parameters() if p.grad is not None}
        found = pairs(walk.kept, walk._backward)
        return Gradients(mean, lambda name, index: found[name].each(index))


def _with(shown: Shown, facts: dict[str, Any]) -> Shown:
    return Shown(shown.plots, {**facts, **shown.facts})
