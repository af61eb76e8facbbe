"""The walk through a network whose forward pass is a list of operations.

The forward pass is recorded on a copy of the model, and autograd differentiates the example's own
loss by every recorded value and by every parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from livenet.models import Network, StepRandom
from livenet.pictures import Array, Equation, Matrix, Plot, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of, incomplete
from livenet.probes.steps.check import check
from livenet.probes.steps.equations import Numbers, operand
from livenet.probes.steps.losses import gradients
from livenet.probes.steps.operations.convolution import Convolution
from livenet.probes.steps.operations.operation import (
    Operation,
    Place,
    Value,
    brightest,
    kept,
    map_of,
    numbers,
)
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.update import update_stage
from livenet.probes.steps.walk import Shown, Stage, example_of
from livenet.spec.data import Images

REMEDY = "Take a smaller batch, or a smaller net."


@dataclass(frozen=True)
class Layer:
    """A part of the network: a stage forward and one backward."""

    id: str
    """Of its stage forward."""
    back: str
    """Of its stage backward."""
    label: str
    does: str
    """What it does: a sentence without its full stop."""
    undoes: str
    """The same of the way back."""
    operations: list[Operation] = field(default_factory=list)
    number: int | None = None
    """The spec's layer, from 1, whose output is this part's result; None if there is none."""


@dataclass(frozen=True)
class Recorded:
    """A forward pass, and the loss of the example."""

    layers: list[Layer]
    loss: Tensor
    """A scalar, whose derivatives are those of the example's loss."""


@dataclass(frozen=True)
class Reached:
    """The receptive field of one unit in the image."""

    edge: Array
    """The pixels (N, 2) on its edge."""
    words: str
    """How many there are."""


def picture_of(
    name: str, title: str, image: Numbers, note: str = "", outlined: Array | None = None
) -> Plot:
    """The plot of one image (H, W) of values from 0."""
    peak = max(1.0, float(np.nan_to_num(image).max()))
    mark = Matrix(grid(image), peak, colors="sequential", outlined=outlined, pixels=True)
    return Plot(name, (mark,), title=title, note=note)


class LayeredWalk:
    """The base class of walks along operations; x are images (B, 1, H, W).

    The options ``channel`` and ``input`` choose the channels of an operation's output and input,
    ``row`` and ``column`` the pixel of a map, or the entry of a kernel or matrix. Without them the
    pixel is the brightest of the image, and of other maps the one in its place.

    Each layer's stages have the plot ``image``, the example, unless a convolution shows it;
    forward, the pixels that the chosen entry depends on are outlined in it.

    Facts of a layer's stages: ``shape`` of its output, and, if there is a choice, ``channels`` and
    ``inputs``, their numbers; backward ``checks``, one a parameter (livenet.probes.steps.check).
    Facts of ``input``: ``y`` and ``class``, the number and the name of the class; ``pixel``, the
    chosen pixel's value; ``brightest``, the row and column of the largest.
    """

    def __init__(self, context: Context, options: StepByStepOptions) -> None:
        self.context = context
        self.options = options
        self.upcoming = context.upcoming()
        self.example = example_of(context, self.upcoming, options)
        self.place = Place.of(self.example.at, options, self.example.x[self.example.at])
        self.model, self.layers = self._passed(torch.float32)

    def _passed(self, dtype: torch.dtype) -> tuple[Network, list[Layer]]:
        """A copy of the model in a precision, its forward pass, and the way back through it."""
        model = deepcopy(self.context.model).to(dtype)
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        with torch.enable_grad():
            x = self.example.x.to(dtype, copy=True).requires_grad_()
            recorded = self.recorded(model, kept("x", x), self._draws())
            recorded.loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        return model, recorded.layers

    def _draws(self) -> StepRandom | None:
        return self.upcoming.draws() if self.example.training else None

    def recorded(self, model: Network, x: Value, draws: StepRandom | None) -> Recorded:
        """The forward pass of a copy of the model."""
        raise NotImplementedError

    def loss(self) -> Shown:
        """The stage of the loss."""
        raise NotImplementedError

    def stages(self) -> list[Stage]:
        forward = [
            Stage(one.id, "forward", one.label, one.does, self._forward(one)) for one in self.layers
        ]
        backward = [
            Stage(one.back, "backward", one.label, one.undoes, self._backward(one))
            for one in reversed(self.layers)
        ]
        update = update_stage(
            self.context,
            self.options,
            self.upcoming,
            lambda: gradients(self.context, self.upcoming),
        )
        return [
            Stage("input", "forward", "Input", "The image", self._input),
            *forward,
            *self.after(),
            *backward,
            update,
        ]

    def after(self) -> list[Stage]:
        """The stages between the forward pass and the way back."""
        return [Stage("loss", "forward", "Loss", "How improbable the true answer is", self.loss)]

    def _input(self) -> Shown:
        image = self.example.x[self.example.at]
        at = self.place.pixel(*image.shape[1:])
        shown = operand(map_of("x", image, 0), *at)
        data = self.context.spec.data
        assert isinstance(data, Images)
        label = int(self._labels()[self.example.row])
        facts = {
            "y": label,
            "class": data.names[label],
            "pixel": float(image[0][at]),
            "brightest": list(brightest(image)),
        }
        mark = Equation("x", (shown,))
        return Shown((Plot("x", (mark,), title="The image"),), facts)

    def _labels(self) -> Any:
        data = self.context.data
        return data.test_y if self.example.part == "test" else data.train_y

    def _forward(self, layer: Layer) -> Callable[[], Shown]:
        def show() -> Shown:
            plots = [plot for one in layer.operations for plot in one.forward(self.place)]
            if layer is not self.layers[0] or not isinstance(layer.operations[0], Convolution):
                plots.insert(0, self._image(self.reached(layer)))
            return Shown(tuple(plots), self._facts(layer))

        return show

    def _backward(self, layer: Layer) -> Callable[[], Shown]:
        def show() -> Shown:
            plots = [
                plot for one in reversed(layer.operations) for plot in one.backward(self.place)
            ]
            plots.append(self._image(None))
            return Shown(tuple(plots), {**self._facts(layer), **self._checks(layer)})

        return show

    def reached(self, layer: Layer) -> Reached | None:
        """The pixels of the image that the chosen entry of a layer's result depends on; None if
        they are not known, or all."""
        return None

    def _image(self, reached: Reached | None) -> Plot:
        image = numbers(self.example.x[self.example.at, 0])
        note = f"{reached.words} it depends on" if reached else ""
        edge = reached.edge if reached else None
        return picture_of("image", "The image", image, note=note, outlined=edge)

    def _facts(self, layer: Layer) -> dict[str, Any]:
        found: dict[str, int] = {}
        for operation in layer.operations:
            found.update(operation.channels())
        shape = layer.operations[-1].result.tensor.shape[1:]
        return {**found, "shape": list(shape)}

    def _checks(self, layer: Layer) -> dict[str, Any]:
        """The fact ``checks``, of every parameter of a layer, written out in double precision; of
        the first, if the budget ends."""
        found: list[dict[str, object]] = []
        if not any(one.written(self.place) for one in layer.operations):
            return {"checks": found}
        _, layers = self._passed(torch.float64)
        precise = layers[self.layers.index(layer)]
        written = [one for operation in precise.operations for one in operation.written(self.place)]
        for one in written:
            if found and self.context.budget.spent:
                break
            by_others = check(
                self.context,
                self.upcoming,
                self.example,
                one.parameter,
                one.index,
                self.pattern,
            )
            found.append(by_others.document(one.gradient))
        missing = first_of(self.context, len(found), len(written), "checks", REMEDY)
        return {"checks": found, **incomplete(missing)}

    def pattern(self, model: Network, x: Tensor) -> Tensor | None:
        """The linear pieces in which the example's values lie in a copy of the model, for inputs
        (B, …); those of all examples where a batch norm ties them together."""
        dtype = next(model.parameters()).dtype
        with torch.no_grad():
            recorded = self.recorded(model, Value("x", x.to(dtype)), self._draws())
        operations = [one for layer in recorded.layers for one in layer.operations]
        at = self.example.at
        whole = any(one.ties for one in operations)
        examples = slice(None) if whole else slice(at, at + 1)
        patterns = [one.pattern(examples) for one in operations]
        found = [pieces.long() for pieces in patterns if pieces is not None]
        return torch.cat(found) if found else None
