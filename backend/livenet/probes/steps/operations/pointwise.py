"""Operations on each entry: activations, dropout, the identity of a residual block."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from livenet.models.blocks import Sigma
from livenet.pictures import Plot
from livenet.probes.steps import activations
from livenet.probes.steps.equations import Named, array, combined
from livenet.probes.steps.operations.operation import Operation, Place, Value, map_of
from livenet.spec.choice import Choice


class Activation(Operation):
    """h = σ(z), elementwise, or a softmax: of vectors over all units; of maps over the channels at
    each place. ``curve``: whether the curve of an elementwise one is drawn."""

    def __init__(
        self,
        source: Value,
        result: Value,
        chosen: Choice,
        curve: bool = True,
    ) -> None:
        super().__init__(source, result)
        self.curve = curve
        self.chosen = chosen
        self.sigma = Sigma(chosen)

    def forward(self, place: Place) -> list[Plot]:
        if self.sigma.row.elementwise:
            z, at = self.source.shown(place)
            h, _ = self.result.shown(place)
        else:
            z, at = self._column(self.source.tensor, self.source.symbol, place)
            h, _ = self._column(self.result.tensor, self.result.symbol, place)
        mark = activations.forward(self.chosen, h, z, at)
        return [
            Plot("h", (mark,), title="Apply the activation"),
            *(self._curve(z.at(*at), h.at(*at), place) if self.curve else []),
        ]

    def _curve(self, z: float, h: float, place: Place) -> list[Plot]:
        """The curve at z, and z of the unit for the batch, everywhere in its map."""
        tensor = self.source.tensor.detach()
        channel = place.out(tensor.shape[1]) if tensor.dim() == 4 else place.row_of(tensor.shape[1])
        others = tensor[:, channel].reshape(-1)
        note = f"{len(others)} values of this batch" if len(tensor) > 1 else "of this example"
        plots = activations.curve(self.chosen, z, h, others)
        return [replace(one, note=note) if one.id == "density" else one for one in plots]

    def _column(self, tensor: Tensor, symbol: str, place: Place) -> tuple[Named, tuple[int, int]]:
        """What one softmax is of, as a column (C, 1), and the entry in it."""
        own, note = tensor[place.example].detach(), ""
        at = place.row_of(len(own))
        if own.dim() == 3:
            row, column = place.pixel(*own.shape[1:])
            own, note = own[:, row, column], f"channels at pixel {row + 1}, {column + 1}"
            at = place.out(len(own))
        return Named(symbol, array(own), note=note), (at, 0)

    def backward(self, place: Place) -> list[Plot]:
        if not self.sigma.row.elementwise:
            return [self._back_over_channels(place)]
        error, at = self.result.back(place)
        delta, _ = self.source.back(place)
        channel = delta.within[0] if delta.within else None
        name = rf"\sigma'({self.source.symbol})"
        values = self._slopes()[place.example]
        bend = Named(name, array(values)) if channel is None else map_of(name, values, channel)
        mark = combined(
            delta,
            [error, bend],
            "×",
            at=at,
            formula=rf"{self.source.slope_symbol} = {self.result.slope_symbol} \odot {name},"
            rf"\quad \sigma'(z) = {self.sigma.row.derivative}",
        )
        return [Plot("delta", (mark,), title="Back through the activation")]

    def _slopes(self) -> Tensor:
        """σ'(z), as autograd has it: also in a kink, where a subgradient is chosen."""
        with torch.enable_grad():
            z = self.source.tensor.detach().requires_grad_()
            (slopes,) = torch.autograd.grad(self.sigma(z).sum(), z)
        return slopes

    def _back_over_channels(self, place: Place) -> Plot:
        """δ = Jᵀ e of a softmax, over the channels at the place's pixel."""
        delta, at = self._column(self.source.differentiated, self.source.slope_symbol, place)
        error, _ = self._column(self.result.differentiated, self.result.slope_symbol, place)
        z, _ = self._column(self.source.tensor, "z", place)
        h, _ = self._column(self.result.tensor, "h", place)
        mark = activations.back(
            self.chosen,
            delta,
            error,
            torch.from_numpy(z.values[:, 0]),
            torch.from_numpy(h.values[:, 0]),
            0,
            at[0],
        )
        return Plot("delta", (mark,), title="Back through the activation")

    def pattern(self, examples: slice) -> Tensor | None:
        if self.sigma.row.pieces is None:
            return None
        breaks, _, _ = self.sigma.row.pieces(self.chosen.knobs)
        z = self.source.tensor.detach()[examples]
        return torch.stack([z > one for one in breaks]).flatten() if breaks else None


class Dropout(Operation):
    """h = s ⊙ r with the mask r, 0 or 1/(1 − ρ)."""

    def __init__(self, source: Value, result: Value, mask: Tensor, symbol: str) -> None:
        super().__init__(source, result)
        self.mask = Value(symbol, mask)

    def _mask(self, place: Place) -> Named:
        mask, _ = self.mask.shown(place)
        return replace(mask, note="0, or 1/(1 − ρ)", colors="sequential")

    def forward(self, place: Place) -> list[Plot]:
        h, at = self.result.shown(place)
        s, _ = self.source.shown(place)
        formula = rf"{self.result.symbol} = {self.source.symbol} \odot {self.mask.symbol}"
        mark = combined(h, [s, self._mask(place)], "×", at=at, formula=formula)
        return [Plot("dropout", (mark,), title="Drop units")]

    def backward(self, place: Place) -> list[Plot]:
        e, at = self.source.back(place)
        after, _ = self.result.back(place)
        formula = (
            rf"{self.source.slope_symbol} = {self.result.slope_symbol} \odot {self.mask.symbol}"
        )
        mark = combined(e, [after, self._mask(place)], "×", at=at, formula=formula)
        return [Plot("dropped", (mark,), title="Dropped units pass nothing on")]


class Sum(Operation):
    """h = identity + f(h), of a residual block; ``source`` is f's output."""

    def __init__(self, source: Value, result: Value, identity: Value) -> None:
        super().__init__(source, result)
        self.identity = identity

    def forward(self, place: Place) -> list[Plot]:
        total, at = self.result.shown(place)
        parts = [self.identity.shown(place)[0], self.source.shown(place)[0]]
        formula = f"{self.result.symbol} = {self.identity.symbol} + {self.source.symbol}"
        mark = combined(total, parts, "+", at=at, formula=formula)
        return [Plot("sum", (mark,), title="Add the identity")]

    def backward(self, place: Place) -> list[Plot]:
        after, at = self.result.back(place)
        plots = []
        for name, part in (("branch", self.source), ("identity", self.identity)):
            before, _ = part.back(place)
            formula = f"{part.slope_symbol} = {self.result.slope_symbol}"
            mark = combined(before, [after], "+", at=at, formula=formula)
            title = "To the residual branch" if name == "branch" else "To the identity"
            plots.append(Plot(name, (mark,), title=title))
        return plots


class Fork(Operation):
    """The input of a residual block goes two ways: ``result`` into f, ``identity`` past it."""

    def __init__(self, source: Value, result: Value, identity: Value) -> None:
        super().__init__(source, result)
        self.identity = identity

    def forward(self, place: Place) -> list[Plot]:
        return []

    def backward(self, place: Place) -> list[Plot]:
        if self.source.gradient is None:
            return []
        into = place.comes(self.source.tensor.shape[1])
        total, at = self.source.back(place, into)
        parts = [one.back(place, into)[0] for one in (self.identity, self.result)]
        formula = (
            f"{self.source.slope_symbol} = {self.identity.slope_symbol}"
            f" + {self.result.slope_symbol}"
        )
        mark = combined(total, parts, "+", at=at, formula=formula)
        return [Plot("meet", (mark,), title="Both ways add up")]
