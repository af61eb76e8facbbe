"""A net with identity connections, and one with the same weights without them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Protocol, cast

from torch import Tensor

from livenet.models import Mlp, Network
from livenet.models.residual_block import Residual
from livenet.pictures import Role

NAMES: dict[str, tuple[Role, str]] = {
    "with": ("accent", "with identity"),
    "without": ("second", "without"),
    "own": ("accent", "this network"),
}
"""Colour and label of each line."""


def twins(model: Network) -> dict[str, Network]:
    """The net "with" identity connections wherever they fit, and "without" any, both with copies of
    the weights; the model does not change. Only "own", the net itself, if none fits.
    """
    if not any(fits for _, fits in _places(model)):
        return {"own": model}
    found: dict[str, Network] = {}
    for name, on in (("with", True), ("without", False)):
        copy = deepcopy(model)
        for place, fits in _places(copy):
            if fits:
                _switch(place, on)
        found[name] = copy
    return found


def _places(model: Network) -> list[tuple[object, bool]]:
    """The parts that could have an identity, and whether it fits: input and output have the same
    shape, or a projection between them."""
    if isinstance(model, Mlp):
        hidden = model.dense[:-1]
        return [(layer, layer.weight.shape[0] == layer.weight.shape[1]) for layer in hidden]
    return [(part, part.fits) for part in model.modules() if isinstance(part, Residual)]


def _switch(place: object, on: bool) -> None:
    setattr(place, "skip" if isinstance(place, Residual) else "residual", on)


class Layer(Protocol):
    """The trace of a layer for a batch."""

    @property
    def h(self) -> Tensor: ...


class Traced(Protocol):
    """A model that returns a trace of every layer."""

    def trace(self, inputs: Tensor) -> Sequence[Layer]: ...


def layers_of(model: Network, x: Tensor) -> list[Tensor]:
    """The outputs of all layers, the last being θ; in evaluation mode, without dropout."""
    return [layer.h for layer in cast(Traced, model).trace(x)]
