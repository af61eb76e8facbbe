"""What operations have in common: recorded values, the entry that is worked out, the interface.

A network's forward pass is recorded as a list of operations, each from one value to another. All
numbers are the network's own: its tensors, and their gradients by autograd. ℓ is the loss of one
example. With batch norm in training, it depends on the other examples too.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from livenet.pictures import Plot
from livenet.probes.steps.equations import Named, Numbers, array
from livenet.probes.steps.rows import StepByStepOptions

LARGE = 8  # rows or columns from which a map's cells are pixels, without numbers


@dataclass(frozen=True)
class Place:
    """The example in its batch, and the entry that is worked out: of maps (C, H, W) the channel,
    row and column, of vectors (D,) the row. ``into`` is the channel of an operation's input.
    Numbers beyond a shape stand for its last. ``spot`` is the pixel of all maps, as shares of their
    height and width, where none was asked for."""

    example: int
    channel: int
    into: int
    row: int
    column: int
    spot: tuple[float, float] | None = None

    @classmethod
    def of(cls, example: int, options: StepByStepOptions, image: Tensor) -> Place:
        """An image (1, H, W) has its spot at its brightest pixel: corners are mostly blank."""
        row, column = brightest(image)
        height, width = image.shape[1:]
        spot = None if options.placed else ((row + 0.5) / height, (column + 0.5) / width)
        return cls(example, options.channel, options.input, options.row, options.column, spot)

    def pixel(self, height: int, width: int) -> tuple[int, int]:
        if self.spot is not None:
            down, across = self.spot
            return int(down * height), int(across * width)
        return min(self.row, height - 1), min(self.column, width - 1)

    def row_of(self, count: int) -> int:
        """The row of a vector of ``count``."""
        return min(self.row, count - 1)

    def out(self, count: int) -> int:
        """The channel, of ``count``."""
        return min(self.channel, count - 1)

    def comes(self, count: int) -> int:
        """The channel of the input, of ``count``."""
        return min(self.into, count - 1)


def brightest(image: Tensor) -> tuple[int, int]:
    """The row and column of the largest pixel of an image (1, H, W), the first of several."""
    row, column = divmod(int(image[0].argmax()), image.shape[2])
    return row, column


@dataclass(frozen=True)
class Value:
    """A tensor of the batch, (B, C, H, W) or (B, D)."""

    symbol: str
    """LaTeX."""
    tensor: Tensor
    slope: str = ""
    r"""LaTeX of ∂ℓ/∂(it), such as "\delta^{(1)}"; by default the fraction."""

    def at(self, indices: str) -> str:
        """LaTeX of one entry."""
        return f"{self.symbol}_{{{indices}}}"

    def back_at(self, indices: str) -> str:
        """LaTeX of ∂ℓ/∂(one entry)."""
        if self.slope:
            return f"{self.slope}_{{{indices}}}"
        return rf"\frac{{\partial \ell}}{{\partial {self.at(indices)}}}"

    @property
    def slope_symbol(self) -> str:
        """LaTeX of ∂ℓ/∂(it)."""
        return self.slope or rf"\frac{{\partial \ell}}{{\partial {self.symbol}}}"

    @property
    def gradient(self) -> Tensor | None:
        """∂ℓ/∂(it), in the shape of the tensor; None if ℓ was not differentiated by it."""
        return self.tensor.grad

    @property
    def differentiated(self) -> Tensor:
        assert self.tensor.grad is not None
        return self.tensor.grad

    def shown(self, place: Place, channel: int | None = None) -> tuple[Named, tuple[int, int]]:
        """The vector, or one channel of the maps (by default the place's), and the entry there."""
        return _shown(self.tensor, self.symbol, "", place, channel)

    def back(self, place: Place, channel: int | None = None) -> tuple[Named, tuple[int, int]]:
        """The same of ∂ℓ/∂(it)."""
        of = "" if self.slope else self.symbol
        return _shown(self.differentiated, self.slope, of, place, channel)


def _shown(
    tensor: Tensor, symbol: str, of: str, place: Place, channel: int | None
) -> tuple[Named, tuple[int, int]]:
    own = tensor[place.example].detach()
    if own.dim() == 1:
        return Named(symbol, array(own), of=of), (min(place.row, len(own) - 1), 0)
    at = place.out(len(own)) if channel is None else channel
    return map_of(symbol, own, at, of=of), place.pixel(*own.shape[1:])


def map_of(symbol: str, maps: Tensor, channel: int, of: str = "", note: str = "") -> Named:
    """A channel of maps (C, H, W)."""
    values = numbers(maps[channel])
    large = max(values.shape) > LARGE
    return Named(symbol, values, of=of, within=(channel,), pixels=large, note=note)


def numbers(tensor: Tensor) -> Numbers:
    """A tensor's numbers, in its shape."""
    found: Numbers = tensor.detach().cpu().numpy()
    return found


@dataclass(frozen=True)
class Written:
    """The derivatives by a parameter, written out in double precision, and the worked entry."""

    parameter: str
    index: tuple[int, ...]
    gradient: Tensor


class Operation:
    """The base class of operations, from ``source`` to ``result``."""

    def __init__(self, source: Value, result: Value) -> None:
        self.source = source
        self.result = result

    def forward(self, place: Place) -> list[Plot]:
        """How the result came about."""
        raise NotImplementedError

    def backward(self, place: Place) -> list[Plot]:
        """From ∂ℓ/∂result to the derivatives by parameters and by the source."""
        raise NotImplementedError

    def written(self, place: Place) -> list[Written]:
        """∂ℓ/∂ of each parameter from ∂ℓ/∂result, to be compared with autograd's."""
        return []

    def channels(self) -> dict[str, int]:
        """Facts: how many channels there are to choose from."""
        tensor = self.result.tensor
        return {"channels": tensor.shape[1]} if tensor.dim() == 4 else {}

    def pattern(self, examples: slice) -> Tensor | None:
        """The linear pieces in which the values of some examples lie, as numbers (N,); None if it
        has no pieces."""
        return None

    @property
    def ties(self) -> bool:
        """Whether the result of an example depends on the other examples of the batch."""
        return False


def kept(symbol: str, tensor: Tensor, slope: str = "") -> Value:
    """A value whose derivative is kept, where one is computed."""
    if torch.is_grad_enabled() and tensor.requires_grad and not tensor.is_leaf:
        tensor.retain_grad()
    return Value(symbol, tensor, slope)
