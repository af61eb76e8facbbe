"""The way back through a recurrent cell in equations, over all paths from a place to the loss."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from livenet.pictures import Plot
from livenet.probes.steps.equations import (
    Named,
    array,
    combined,
    derivative,
    matrix_product,
    sum_of_products,
    transpose_of,
)
from livenet.probes.steps.pairs import Pair
from livenet.probes.steps.recurrent_cell import kept, squashed
from livenet.probes.steps.recurrent_names import Cell, latex
from livenet.probes.steps.recurrent_pass import Backward
from livenet.probes.steps.sequences import Reading
from livenet.spec.model.rnn import GATES


def by(cell: Cell, base: str, values: Tensor, below: str = "t", place: int | None = None) -> Named:
    """∂ℓ/∂(a vector of this layer), of values (T, D), at a place."""
    t = cell.place if place is None else place
    return derivative(cell.symbol(base, below), array(values[t]))


class Back:
    """The derivatives by the values of one layer for one example."""

    def __init__(self, cell: Cell, reading: Reading, back: Backward) -> None:
        self.cell = cell
        self.reading = reading
        self.back = back
        at = cell.at
        own = back.layers[cell.number - 1]
        self.state = own.state[at]  # (T, D)
        self.delta = own.delta[at]  # (T, g·D)
        self.from_state = own.from_state[at]  # (T, g·D)
        self.cell_state = None if own.cell is None else own.cell[at]  # (T, D)

    def states(self, place: int, unit: int) -> list[Plot]:
        """∂ℓ/∂h at a place: what it gives to its own place, and to the next one."""
        below, after = ("t", "t+1") if place == self.cell.place else ("t-1", "t")
        plots, direct = self._direct(place, below, unit)
        parts = [direct]
        if place + 1 < self.reading.seen.steps:
            later, found = self._carried(place + 1, after, unit)
            plots += later
            parts += found
        total = by(self.cell, "h", self.state, below, place)
        formula = f"{total.symbol} = {' + '.join(part.symbol for part in parts)}"
        mark = combined(total, parts, "+", formula=formula, at=(unit, 0))
        title = f"Over all paths from {_place(place)} to the loss"
        return [*plots, Plot("back_h", (mark,), title=title)]

    def _direct(self, place: int, below: str, unit: int) -> tuple[list[Plot], Named]:
        """By what reads h at its own place: the output, or the layer above."""
        cell, at = self.cell, self.cell.at
        if cell.last:
            w = Named(r"W_{\theta}", array(cell.model.output.weight), matrix=True)
            delta = derivative(rf"\theta_{{{below}}}", array(self.back.theta[at, place]))
        else:
            upper = cell.upper(cell.number + 1)
            weight = cell.model.cells[cell.number].input.weight
            w = Named(f"W_{{x}}{upper}", array(weight), matrix=True)
            above = self.back.layers[cell.number].delta[at, place]
            delta = Named(rf"\delta_{{{below}}}{upper}", array(above))
        values = w.values.T @ delta.values
        mask = None if cell.mask is None else cell.mask[at, place]
        direct = cell.symbol("d", below)
        result = Named(direct if mask is None else cell.symbol("a", below), values)
        formula = f"{result.symbol} = {w.transpose.latex} {delta.symbol}"
        mark = matrix_product(result, w.transpose, delta, formula=formula, at=(unit, 0))
        where = "the output" if cell.last else "the layer above"
        plots = [Plot("direct", (mark,), title=f"From {where} at {_place(place)}")]
        if mask is None:
            return plots, result
        factors = Named(cell.symbol("m", below), array(mask), colors="sequential")
        dropped = Named(direct, values * factors.values)
        formula = rf"{direct} = {result.symbol} \odot {factors.symbol}"
        mark = combined(dropped, [result, factors], "×", formula=formula, at=(unit, 0))
        return [*plots, Plot("dropped", (mark,), title="Dropped units pass nothing on")], dropped

    def _carried(self, later: int, below: str, unit: int) -> tuple[list[Plot], list[Named]]:
        """By what reads h at the next place: the cell's z and, of a GRU, its h."""
        cell = self.cell
        w = Named(f"W_{{h}}{cell.upper()}", array(cell.layer.state.weight), matrix=True)
        base = r"\tilde\delta" if cell.kind == "gru" else r"\delta"
        delta = Named(cell.symbol(base, below), array(self.from_state[later]))
        delta = replace(delta, row_labels=_units(cell))
        result = Named(cell.symbol("c", below), w.values.T @ delta.values)
        formula = f"{result.symbol} = {w.transpose.latex} {delta.symbol}"
        mark = matrix_product(result, w.transpose, delta, formula=formula, at=(unit, 0))
        plots = [Plot("later", (mark,), title=f"From the cell at {_place(later)}")]
        if cell.kind != "gru":
            return plots, [result]
        z = Named(cell.symbol("z", below), array(cell.gates["z"][later]), colors="sequential")
        total = by(cell, "h", self.state, below, later)
        held = Named(cell.symbol("k", below), z.values * total.values)
        formula = rf"{held.symbol} = {z.symbol} \odot {total.symbol}"
        mark = combined(held, [z, total], "×", formula=formula, at=(unit, 0))
        return [*plots, Plot("held", (mark,), title="From what z keeps")], [result, held]

    def cells(self, place: int, unit: int) -> list[Plot]:
        """∂ℓ/∂C at a place of an LSTM."""
        cell = self.cell
        assert self.cell_state is not None
        below, after = ("t", "t+1") if place == cell.place else ("t-1", "t")
        total = by(cell, "C", self.cell_state, below, place)
        o = Named(cell.symbol("o", below), array(cell.gates["o"][place]), colors="sequential")
        c = cell.gates["C"][place]
        bend = Named(
            rf"(1 - \tanh^2 {cell.symbol('C', below)})",
            array(1 - c.tanh().square()),
            colors="sequential",
        )
        h = by(cell, "h", self.state, below, place)
        products = [[h, o, bend]]
        formula = rf"{total.symbol} = {h.symbol} \odot {o.symbol} \odot {bend.symbol}"
        if place + 1 < self.reading.seen.steps:
            later = by(cell, "C", self.cell_state, after, place + 1)
            f = cell.gates["f"][place + 1]
            forget = Named(cell.symbol("f", after), array(f), colors="sequential")
            products.append([later, forget])
            formula += rf" + {later.symbol} \odot {forget.symbol}"
        mark = sum_of_products(total, products, formula=formula, at=(unit, 0))
        return [Plot("back_C", (mark,), title=f"The cell state at {_place(place)}")]

    def over(self, unit: int) -> Plot:
        """∂ℓ/∂h of a unit at every place."""
        values = self.state[:, unit].cpu().numpy()
        return self.reading.over(
            "over", "∂ℓ/∂h", values, f"∂ℓ/∂h of unit {unit + 1} at every place"
        )

    def deltas(self, unit: int) -> list[Plot]:
        """δ = ∂ℓ/∂z of each gate here."""
        cell = self.cell
        plots = []
        for name, factors in DELTAS[cell.kind](self):
            result = self.delta_of(name)
            together = r" \odot ".join(one.symbol for one in factors)
            formula = f"{result.symbol} = {together}"
            mark = combined(result, factors, "×", formula=formula, at=(unit, 0))
            title = "Back through the activation" if cell.kind == "rnn" else f"Gate {name}"
            plots.append(Plot(f"delta_{NAMES.get(name, name)}", (mark,), title=title))
        return plots

    def delta_of(self, name: str) -> Named:
        base = r"\delta" if self.cell.kind == "rnn" else rf"\delta_{{{latex(name)}}}"
        return Named(base + self.cell.upper(), self.cell.part(self.delta, name))

    def by_state(self) -> Named:
        return by(self.cell, "h", self.state)

    def by_cell(self) -> Named:
        assert self.cell_state is not None
        return by(self.cell, "C", self.cell_state)

    def slope(self, name: str) -> Named:
        """The derivative of a gate's function here, from its value."""
        cell = self.cell
        s, value = cell.gate(name).symbol, cell.gates[name][cell.place]
        if cell.kind == "rnn" and cell.layer.activation == "relu":
            text, found = rf"[{s} > 0]", (value > 0).to(value.dtype)
        elif name in ("C̃", "n", "h"):
            text, found = rf"(1 - {s} \odot {s})", 1 - value * value
        else:
            text, found = rf"({s} \odot (1 - {s}))", value * (1 - value)
        return Named(text, array(found), colors="sequential")

    def sums(self, pairs: dict[str, Pair], row: int, column: int) -> list[Plot]:
        """∂ℓ/∂W_x, W_h and b as sums over the places, and those of the output."""
        cell = self.cell
        name, up = f"layers.{cell.number - 1}", cell.upper()
        gated = r"\tilde\Delta" if cell.kind == "gru" else r"\Delta"
        x = rf"\sum_t \delta_t {transpose_of(cell.input().symbol)}"
        before = r"\sum_t \delta_t h_{t-1}^\top"
        asked: list[tuple[str, str, str, str, str]] = [
            (f"{name}.input.weight", f"W_{{x}}{up}", r"\Delta", "X", x),
            (f"{name}.state.weight", f"W_{{h}}{up}", gated, "P", before),
            (f"{name}.bias", f"b{up}", r"\Delta", r"\mathbf{1}", r"\sum_t \delta_t"),
        ]
        if cell.last:
            outer = r"\sum_t \frac{\partial \ell}{\partial \theta_t} h_t^\top"
            asked.append(("output.weight", r"W_{\theta}", r"\Theta", "H", outer))
        return [self._sum(*one, pairs, row, column) for one in asked]

    def _sum(
        self,
        parameter: str,
        symbol: str,
        left: str,
        right: str,
        formula: str,
        pairs: dict[str, Pair],
        row: int,
        column: int,
    ) -> Plot:
        pair, at = pairs[parameter], self.cell.at
        deltas = pair.left[at]  # (T, R)
        read = torch.ones_like(deltas[:, :1]) if pair.right is None else pair.right[at]  # (T, C)
        labels = self.reading.labels
        rows = _units(self.cell) if parameter.startswith("layers") else ()
        d = Named(left, array(deltas.T), matrix=True, row_labels=rows, column_labels=labels)
        r = Named(right, array(read.T), matrix=True, column_labels=labels)
        if pair.right is None:
            r = replace(Named(right, array(read)), row_labels=labels)
        else:
            r = r.transpose
        result = derivative(symbol, array(deltas.T @ read), matrix=pair.right is not None)
        at_entry = min(row, deltas.shape[1] - 1), min(column, read.shape[1] - 1)
        formula = f"{result.symbol} = {formula} = {left} {r.latex}"
        mark = matrix_product(result, d, r, formula=formula, at=at_entry)
        name = parameter.removeprefix(f"layers.{self.cell.number - 1}.").replace(".", "_")
        return Plot(f"g_{name}", (mark,), title="A term for every place")


def _place(place: int) -> str:
    return f"place {place + 1}"


NAMES = {"C̃": "candidate"}


def _units(cell: Cell) -> tuple[str, ...]:
    """A label for each row of z: its gate and unit."""
    if cell.kind == "rnn":
        return ()
    width = cell.layer.width
    return tuple(f"{name} {unit + 1}" for name in GATES[cell.kind] for unit in range(width))


def _lstm(back: Back) -> list[tuple[str, list[Named]]]:
    cell = back.cell
    c, h = back.by_cell(), back.by_state()
    return [
        ("f", [c, cell.cell_before(), back.slope("f")]),
        ("i", [c, cell.gate("C̃"), back.slope("i")]),
        ("C̃", [c, cell.gate("i"), back.slope("C̃")]),
        ("o", [h, squashed(cell), back.slope("o")]),
    ]


def _gru(back: Back) -> list[tuple[str, list[Named]]]:
    cell = back.cell
    h, n, before = back.by_state(), cell.gate("n"), cell.state_before()
    lost = Named(f"({before.symbol} - {n.symbol})", before.values - n.values)
    w = cell.weight("h", "n")
    share = Named(rf"({w.symbol} {before.symbol})", cell.part(cell.from_h, "n"))
    return [
        ("n", [h, kept(cell), back.slope("n")]),
        ("z", [h, lost, back.slope("z")]),
        ("r", [back.delta_of("n"), share, back.slope("r")]),
    ]


def _plain(back: Back) -> list[tuple[str, list[Named]]]:
    return [("h", [back.by_state(), back.slope("h")])]


DELTAS = {"lstm": _lstm, "gru": _gru, "rnn": _plain}
"""The factors of δ of each gate, in the order in which they are found."""
