"""A net with its identity connections, and the same weights without: what residual nets are for."""

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
    """The net "with" identity connections wherever they fit, and "without" any; weights are shared
    in value, and the model itself is left alone. Its "own" alone where there is no place for one.
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
    """The parts that could have one, and whether there is a place for it: the input and output of
    one shape, or a projection between them."""
    if isinstance(model, Mlp):
        hidden = model.dense[:-1]
        return [(layer, layer.weight.shape[0] == layer.weight.shape[1]) for layer in hidden]
    return [(part, part.fits) for part in model.modules() if isinstance(part, Residual)]


def _switch(place: object, on: bool) -> None:
    setattr(place, "skip" if isinstance(place, Residual) else "residual", on)


class Layer(Protocol):
    """What a layer did with a batch."""

    @property
    def h(self) -> Tensor: ...


class Traced(Protocol):
    """A model that tells what every layer gives."""

    def trace(self, inputs: Tensor) -> Sequence[Layer]: ...


def layers_of(model: Network, x: Tensor) -> list[Tensor]:
    """What every layer gives, the last being θ; in testing, without dropout."""
    return [layer.h for layer in cast(Traced, model).trace(x)]
