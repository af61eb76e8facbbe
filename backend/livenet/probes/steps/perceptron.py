"""The walk through a multilayer perceptron: its forward pass, the δ recurrence, the update.

All numbers come from the written-out passes of livenet.models.backprop, on a copy of the model.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from livenet.models import Mlp, Network
from livenet.models.backprop import Mask, backward, forward
from livenet.models.mlp import Dense
from livenet.pictures import Equation, Operand, Plot, Sign
from livenet.probes.context import Context, payable
from livenet.probes.steps import activations
from livenet.probes.steps.check import check
from livenet.probes.steps.equations import (
    Named,
    array,
    combined,
    derivative,
    matrix_product,
    operand,
    table,
)
from livenet.probes.steps.predictions import prediction
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.units import units
from livenet.probes.steps.update import Gradients, update_stage
from livenet.probes.steps.walk import Shown, Stage, entry_of, example_of
from livenet.spec.choice import activation
from livenet.spec.cost import forward_flops
from livenet.spec.features import FEATURES

FORWARD = "Weigh, add, and apply the activation"
BACKWARD = "How the loss depends on z, W and b"


def at_layer(symbol: str, layer: int) -> str:
    return f"{symbol}^{{({layer})}}"


def _copied(model: Mlp, dtype: torch.dtype) -> Mlp:
    """A copy with room for its gradients."""
    found = deepcopy(model).to(dtype)
    for parameter in found.parameters():
        parameter.grad = torch.zeros_like(parameter)
    return found


class PerceptronWalk:
    """The stages of one example; layers count from 1, the last is the output.

    Facts of every stage: ``x`` and ``y`` of the example, ``layer``, the number of the stage's layer
    (null of the update), and ``network`` (livenet.probes.steps.units).
    """

    def __init__(self, context: Context, options: StepByStepOptions) -> None:
        self.context = context
        self.options = options
        self.upcoming = context.upcoming()
        self.example = example_of(context, self.upcoming, options)
        self.model = _copied(context.mlp, torch.float32)
        self.last = len(self.model.dense)
        with torch.no_grad():
            x, y = self.example.x, self.example.y
            self.theta, self.trace = forward(self.model, x, self._masks())
            delta = context.likelihood.gradient(self.theta, y)
            # ∂ℓ/∂z of each example's own loss, of which the batch's is the mean.
            found = backward(self.trace, delta)[::-1]
            self.deltas = [one.delta * len(x) for one in found]
            self.errors = [one.value * len(x) for one in found]
        self.prediction = prediction(
            context.spec.objective,
            context.likelihood,
            self.theta[self._at],
            self.example.y[self._at],
        )

    @property
    def _at(self) -> int:
        return self.example.at

    def stages(self) -> list[Stage]:
        layers = range(1, self.last)
        forward = [
            Stage("input", "forward", "Input", "The features of the example", self._input),
            *(
                Stage(f"layer{layer}", "forward", f"Layer {layer}", FORWARD, self._layer(layer))
                for layer in layers
            ),
            Stage("output", "forward", "Output", "From θ to a distribution", self._output),
            Stage("loss", "forward", "Loss", "How improbable the true answer is", self._loss),
        ]
        backward = [
            Stage(
                f"delta{layer}",
                "backward",
                rf"$\delta^{{({layer})}}$",
                BACKWARD,
                self._backward(layer),
            )
            for layer in (self.last, *reversed(layers))
        ]
        update = update_stage(self.context, self.options, self.upcoming, self._gradients)
        numbers = [*range(self.last + 1), self.last, self.last, *reversed(layers)]
        return [
            *(
                self._with_units(stage, layer)
                for stage, layer in zip([*forward, *backward], numbers, strict=True)
            ),
            self._with_units(update, None),
        ]

    def _with_units(self, stage: Stage, layer: int | None) -> Stage:
        """The stage with the numbers of all units, around those that the options choose."""

        def show() -> Shown:
            shown = stage.show()
            facts = {**shown.facts, **self._point(), "layer": layer}
            return Shown(shown.plots, {**facts, "network": self._network(stage, layer)})

        return replace(stage, show=show)

    def _point(self) -> dict[str, object]:
        """The example before its features are computed, and its y."""
        data = self.context.data
        x = (data.test_x if self.example.part == "test" else data.train_x)[self.example.row]
        return {"x": [float(v) for v in np.ravel(x)], "y": float(self.example.y[self._at])}

    def _network(self, stage: Stage, layer: int | None) -> dict[str, object]:
        values = [*(kept.input[self._at] for kept in self.trace), self.theta[self._at]]
        chosen: dict[int, int] = {}
        if layer is not None:
            unit = chosen[layer] = min(self.options.row, len(values[layer]) - 1)
            if layer > 0 and stage.group == "forward":
                products = self.model.dense[layer - 1].weight[unit] * values[layer - 1]
                chosen[layer - 1] = int(products.abs().argmax())
            elif layer > 0:
                chosen[layer - 1] = min(self.options.column, len(values[layer - 1]) - 1)
        deltas = [delta[self._at] for delta in self.deltas]
        p: Named | None = getattr(self.prediction, "p", None)
        return units(values, deltas, p.values if p else None, chosen)

    # Forward

    def _entry(self, rows: int) -> tuple[int, int]:
        return entry_of(self.options, rows)

    def _h(self, layer: int) -> Named:
        """h(l), as it goes into layer l + 1: after the identity, and with dropout."""
        return Named(at_layer("h", layer), array(self.trace[layer].input[self._at]))

    def _z(self, layer: int) -> Named:
        return Named(at_layer("z", layer), array(self.trace[layer - 1].z[self._at]))

    def _affine(self, layer: int, result: Named, at: tuple[int, int]) -> Equation:
        w, b, h = self._w(layer), self._b(layer), self._h(layer - 1)
        plus = f" + {b.symbol}" if b else ""
        return matrix_product(
            result, w, h, b, at=at, formula=f"{result.symbol} = {w.symbol} {h.symbol}{plus}"
        )

    def _w(self, layer: int) -> Named:
        return Named(at_layer("W", layer), array(self.model.dense[layer - 1].weight), matrix=True)

    def _b(self, layer: int) -> Named | None:
        bias = self.model.dense[layer - 1].bias
        return Named(at_layer("b", layer), array(bias)) if bias is not None else None

    def _input(self) -> Shown:
        h = self._h(0)
        row, column = self._entry(len(h.values))
        names = tuple(FEATURES[name].label for name in self.model.names)
        formulas = ", ".join(FEATURES[name].formula for name in self.model.names)
        shown = operand(h, row, column)
        items: tuple[Operand | Sign, ...] = (
            Operand(
                shown.symbol,
                shown.values,
                shown.rows,
                shown.columns,
                shown.row,
                shown.column,
                peak=shown.peak,
                row_labels=names[shown.row : shown.row + len(shown.values)],
            ),
        )
        mark = Equation(rf"h^{{(0)}} = ({formulas})^\top", items)
        return Shown((Plot("h0", (mark,), title="Features"),), {})

    def _layer(self, layer: int) -> Callable[[], Shown]:
        return lambda: self._hidden(layer)

    def _hidden(self, layer: int) -> Shown:
        dense, kept = self.model.dense[layer - 1], self.trace[layer - 1]
        assert dense.chosen is not None
        z = self._z(layer)
        at = self._entry(len(z.values))
        plots = [Plot(f"z{layer}", (self._affine(layer, z, at),), title="Weigh and add")]
        value = Named(at_layer("h", layer), array(kept.value[self._at]))
        plain = not dense.residual and kept.mask is None
        if not plain:
            value = Named(at_layer("s", layer), value.values)
        plots.append(
            Plot(
                f"h{layer}",
                (activations.forward(dense.chosen, value, z, at),),
                title="Apply the activation",
            )
        )
        output = value
        if dense.residual:
            whole = kept.value[self._at] + kept.input[self._at]
            output = Named(at_layer("h" if kept.mask is None else "u", layer), array(whole))
            mark = combined(
                output,
                [self._h(layer - 1), value],
                "+",
                at=at,
                formula=f"{output.symbol} = {self._h(layer - 1).symbol} + {value.symbol}",
            )
            plots.append(Plot(f"sum{layer}", (mark,), title="Add the identity"))
        if kept.mask is not None:
            mask = Named(
                at_layer("r", layer),
                array(kept.mask[self._at]),
                note="0, or 1/(1 − ρ)",
                colors="sequential",
            )
            mark = combined(
                self._h(layer),
                [output, mask],
                "×",
                at=at,
                formula=rf"h^{{({layer})}} = {output.symbol} \odot r^{{({layer})}}",
            )
            plots.append(Plot(f"dropout{layer}", (mark,), title="Drop units"))
        plots += activations.curve(
            dense.chosen, z.at(*at), float(kept.value[self._at, at[0]]), self._density(layer, at[0])
        )
        return Shown(tuple(plots), {})

    def _density(self, layer: int, unit: int) -> Tensor:
        """z of a unit for the training examples, without dropout."""
        x = self.context.parts["train"][0][: payable(forward_flops(self.context.spec))]
        with torch.no_grad():
            return self.model.trace(x)[layer - 1].z[:, unit]

    def _output(self) -> Shown:
        theta = Named(r"\theta", array(self.theta[self._at]))
        at = self._entry(len(theta.values))
        plots = [Plot("theta", (self._affine(self.last, theta, at),), title="Weigh and add")]
        predicted = self.prediction.predicted(at[0])
        if predicted is not None:
            plots.append(Plot("prediction", (predicted,), title="The distribution of y"))
        return Shown(tuple(plots), {})

    def _loss(self) -> Shown:
        return Shown((Plot("loss", (self.prediction.loss(),), title="The loss"),), {})

    # Backward

    def _delta(self, layer: int) -> Named:
        return Named(at_layer(r"\delta", layer), array(self.deltas[layer - 1][self._at]))

    def _backward(self, layer: int) -> Callable[[], Shown]:
        return lambda: self._back(layer)

    def _back(self, layer: int) -> Shown:
        delta = self._delta(layer)
        dense = self.model.dense[layer - 1]
        row, column = entry_of(self.options, *dense.weight.shape)
        if layer == self.last:
            mark = self.prediction.delta(delta.symbol, row)
            plots = [Plot(f"delta{layer}", (mark,), title="Where the way back begins")]
        else:
            plots = self._recurrence(layer, row)
        h = self._h(layer - 1)
        weight = derivative(at_layer("W", layer), array(self._own(layer)), matrix=True)
        mark = table(
            weight,
            delta,
            h.transpose,
            at=(row, column),
            formula=f"{weight.symbol} = {delta.symbol} {h.transpose.latex}",
        )
        plots.append(Plot(f"gW{layer}", (mark,), title="How the loss depends on each weight"))
        if dense.bias is not None:
            bias = derivative(at_layer("b", layer), delta.values)
            mark = combined(
                bias, [delta], "+", at=(row, 0), formula=f"{bias.symbol} = {delta.symbol}"
            )
            plots.append(Plot(f"gb{layer}", (mark,), title="How it depends on each bias"))
        return Shown(tuple(plots), {"checks": self._checks(layer, row, column)})

    def _own(self, layer: int) -> Tensor:
        """∂ℓ/∂W(l) of the example alone."""
        return torch.outer(self.deltas[layer - 1][self._at], self.trace[layer - 1].input[self._at])

    def _recurrence(self, layer: int, unit: int) -> list[Plot]:
        """δ(l) from δ(l + 1), at one unit."""
        kept, above = self.trace[layer - 1], layer + 1
        dense: Dense = kept.layer
        assert dense.chosen is not None
        error = Named(rf"e^{{({layer})}}", array(self.errors[layer - 1][self._at]))
        w, delta = self._w(above).transpose, self._delta(above)
        upper = self.model.dense[above - 1].residual
        inner = error
        if upper or kept.mask is not None:
            product = self.deltas[above - 1][self._at] @ self.model.dense[above - 1].weight
            inner = Named("a", array(product))
        plots = [
            Plot(
                f"e{layer}",
                (
                    matrix_product(
                        inner,
                        w,
                        delta,
                        at=(unit, 0),
                        formula=f"{inner.symbol} = {w.latex} {delta.symbol}",
                    ),
                ),
                title=f"Back through layer {above}",
            )
        ]
        if upper:
            carried = Named(rf"e^{{({above})}}", array(self.errors[above - 1][self._at]))
            total = error
            if kept.mask is not None:
                total = Named("s", inner.values + carried.values)
            mark = combined(
                total,
                [inner, carried],
                "+",
                at=(unit, 0),
                formula=f"{total.symbol} = {inner.symbol} + {carried.symbol}",
            )
            plots.append(Plot(f"identity{layer}", (mark,), title="Add what the identity brings"))
            inner = total
        if kept.mask is not None:
            mask = Named(at_layer("r", layer), array(kept.mask[self._at]), colors="sequential")
            mark = combined(
                error,
                [inner, mask],
                "×",
                at=(unit, 0),
                formula=rf"{error.symbol} = {inner.symbol} \odot {mask.symbol}",
            )
            plots.append(Plot(f"dropped{layer}", (mark,), title="Dropped units pass nothing on"))
        mark = activations.back(
            dense.chosen,
            self._delta(layer),
            error,
            kept.z[self._at],
            kept.value[self._at],
            layer,
            unit,
        )
        plots.append(Plot(f"delta{layer}", (mark,), title="Back through the activation"))
        return plots

    def _checks(self, layer: int, row: int, column: int) -> list[dict[str, object]]:
        """Of ∂ℓ/∂W(l) at an entry, and of ∂ℓ/∂b(l)."""
        at = self.example.at
        model = _copied(self.context.mlp, torch.float64)
        with torch.no_grad():
            theta, kept = forward(model, self.example.x.double(), self._masks())
            y = self.example.y.double() if self.example.y.is_floating_point() else self.example.y
            delta = self.context.likelihood.gradient(theta, y) * len(y)
            delta = backward(kept, delta)[self.last - layer].delta[at]
        written = {"weight": torch.outer(delta, kept[layer - 1].input[at]), "bias": delta}
        places = {"weight": (row, column), "bias": (row,)}
        names = ("weight", "bias") if self.model.dense[layer - 1].bias is not None else ("weight",)
        return [
            check(
                self.context,
                self.upcoming,
                self.example,
                f"layers.{layer - 1}.{name}",
                places[name],
                self._pieces,
            ).document(written[name])
            for name in names
        ]

    def _pieces(self, model: Network, x: Tensor) -> Tensor | None:
        """Which pieces of their piecewise linear activations the example's z lie in."""
        assert isinstance(model, Mlp)
        _, kept = forward(model, x.double(), self._masks())
        found = []
        for one in kept[:-1]:
            assert one.layer.chosen is not None
            row = activation(one.layer.chosen)
            if row.pieces is not None:
                breaks, _, _ = row.pieces(one.layer.chosen.knobs)
                ends = torch.tensor(breaks, dtype=torch.float64, device=x.device)
                found.append(torch.bucketize(one.z[self.example.at].contiguous(), ends))
        return torch.cat(found) if found else None

    def _masks(self) -> Mask | None:
        return self.upcoming.draws().masks if self.example.training else None

    # Update

    def _gradients(self) -> Gradients:
        """The minibatch's, in the run's precision, and the derivatives of each example's loss."""
        walk = (
            self
            if self.example.part == "batch"
            else PerceptronWalk(
                self.context, self.options.model_copy(update={"part": "batch", "example": 0})
            )
        )
        mean = {name: p.grad for name, p in walk.model.named_parameters() if p.grad is not None}

        def each(name: str, index: tuple[int, ...]) -> Tensor:
            layer = int(name.split(".")[1])
            delta = walk.deltas[layer][:, index[0]]  # (B,)
            return delta * walk.trace[layer].input[:, index[1]] if len(index) > 1 else delta

        return Gradients(mean, each)
