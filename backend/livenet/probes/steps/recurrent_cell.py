"""The forward stages of a recurrent cell in equations: its gates, its cell state, its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from livenet.pictures import Matrix, Plot, grid
from livenet.probes.finite import finite
from livenet.probes.sequences.gates import TITLES
from livenet.probes.steps.equations import (
    Named,
    array,
    combined,
    matrix_product,
    pointwise,
    sum_of_products,
)
from livenet.probes.steps.recurrent_names import FUNCTIONS, Cell, latex
from livenet.probes.steps.sequences import Reading
from livenet.spec.model.rnn import GATES

SIGMOID = r"\sigma"
TANH = r"\tanh"
OVER = {"lstm": ("f", "i"), "gru": ("r", "z")}
"""The gates that are shown at every place, by cell."""


def of(function: str) -> Callable[[str], str]:
    """LaTeX of a function of something."""
    return lambda z: rf"{function}\left({z}\right)"


def activation(cell: Cell) -> str:
    """LaTeX of the plain cell's activation."""
    return r"\operatorname{ReLU}" if cell.layer.activation == "relu" else TANH


def contributions(cell: Cell, name: str, unit: int) -> tuple[list[Plot], list[Named]]:
    """W_x x_t and W_h h_{t−1} of a gate, a matrix product each."""
    plots: list[Plot] = []
    parts: list[Named] = []
    for side, values, read, title in (
        ("x", cell.from_x, cell.input(), "From the input"),
        ("h", cell.from_h, cell.state_before(), "From the state before"),
    ):
        w = cell.weight(side, name)
        part = Named(rf"({w.symbol} {read.symbol})", cell.part(values, name))
        mark = matrix_product(part, w, read, at=(unit, 0), formula=f"{w.symbol} {read.symbol}")
        plots.append(Plot(f"from_{side}", (mark,), title=title))
        parts.append(part)
    return plots, parts


def z_of(cell: Cell, name: str) -> Named:
    """The argument of a gate's function; a GRU's candidate reads the state's part times r."""
    base = "z" if cell.kind == "rnn" else f"z_{{{latex(name)}}}"
    values = cell.part(cell.z, name)
    if cell.kind == "gru" and name == "n":
        r, from_h = cell.gate("r").values, cell.part(cell.from_h, name)
        values = cell.part(cell.z - cell.from_h, name) + r * from_h
    return Named(base + cell.upper(), values)


def summed(cell: Cell, name: str, unit: int) -> list[Plot]:
    """z of a gate, from its parts."""
    plots, (from_x, from_h) = contributions(cell, name, unit)
    z, b = z_of(cell, name), cell.bias(name)
    if cell.kind == "gru" and name == "n":
        from_h, plot = _gated(cell, from_h, unit)
        plots.append(plot)
    formula = f"{z.symbol} = {from_x.symbol} + {from_h.symbol} + {b.symbol}"
    mark = combined(z, [from_x, from_h, b], "+", at=(unit, 0), formula=formula)
    return [*plots, Plot("z", (mark,), title="Add them")]


def _gated(cell: Cell, from_h: Named, unit: int) -> tuple[Named, Plot]:
    """r ⊙ W_h h_{t−1} of a GRU's candidate."""
    r = cell.gate("r")
    values = r.values * from_h.values
    part = Named(rf"s_{{t}}{cell.upper()}", values)
    formula = rf"{part.symbol} = {r.symbol} \odot {from_h.symbol}"
    mark = combined(part, [r, from_h], "×", at=(unit, 0), formula=formula)
    return part, Plot("reset", (mark,), title="The reset gate lets so much of it through")


def gate(cell: Cell, reading: Reading, name: str, unit: int) -> list[Plot]:
    """A gate or candidate: z in its parts, the function of it, and the same over all places."""
    value = cell.gate(name)
    plots = summed(cell, name, unit)
    z = z_of(cell, name)
    function = FUNCTIONS.get(name, SIGMOID)
    formula = rf"{value.symbol} = {function}({z.symbol})"
    mark = pointwise(value, z, of(function), formula=formula, at=(unit, 0))
    return [
        *plots,
        Plot("value", (mark,), title=TITLES[name]),
        over(cell, reading, name, unit),
    ]


def over(cell: Cell, reading: Reading, name: str, unit: int) -> Plot:
    """A unit's gate, candidate, C or h at every place."""
    title = f"{TITLES[name]} of unit {unit + 1}"
    return reading.over("over", name, cell.line(name, unit), title)


def gates_over(cell: Cell, reading: Reading, unit: int) -> Plot:
    """A unit's gates at every place: f and i of an LSTM, r and z of a GRU."""
    names = OVER[cell.kind]
    values = np.stack([cell.line(name, unit) for name in names])
    matrix = Matrix(
        grid(values),
        1.0,
        rows="gate",
        columns="t",
        colors="sequential",
        row_labels=names,
        column_labels=reading.labels,
        outlined=np.array([[row, reading.place] for row in range(len(names))]),
    )
    means = {"f": "keeps", "i": "writes", "r": "reads", "z": "keeps"}
    said = " and ".join(f"{means[name]} ({name})" for name in names)
    return Plot("gates", (matrix,), title=f"How much unit {unit + 1} {said}")


def cell_state(cell: Cell, reading: Reading, unit: int) -> list[Plot]:
    """C_t = f ⊙ C_{t−1} + i ⊙ C̃."""
    f, i, new = (cell.gate(name) for name in ("f", "i", "C̃"))
    before, c = cell.cell_before(), cell.gate("C")
    formula = rf"{c.symbol} = {f.symbol} \odot {before.symbol} + {i.symbol} \odot {new.symbol}"
    mark = sum_of_products(c, [[f, before], [i, new]], formula=formula, at=(unit, 0))
    return [
        Plot("C", (mark,), title="Keep some, and add some"),
        over(cell, reading, "C", unit),
        gates_over(cell, reading, unit),
    ]


def squashed(cell: Cell) -> Named:
    """tanh(C_t) of an LSTM at this place."""
    c = cell.gate("C")
    return Named(rf"\tanh({c.symbol})", array(cell.gates["C"][cell.place].tanh()))


def kept(cell: Cell) -> Named:
    """1 − z_t of a GRU at this place."""
    z = cell.gate("z")
    values = array(1 - cell.gates["z"][cell.place])
    return Named(f"(1 - {z.symbol})", values, colors="sequential", peak=1.0)


def state(cell: Cell, reading: Reading, unit: int) -> list[Plot]:
    """h_t from what stands before it, and what goes on to the layer above."""
    plots = [*STATES[cell.kind](cell, unit)]
    h = cell.gate("h")
    if cell.mask is not None:
        mask = cell.named("r" if cell.kind != "gru" else "m", cell.mask[reading.example.at])
        mask = replace(mask, note="0, or 1/(1 − ρ)", colors="sequential")
        out = cell.output()
        mark = combined(
            out,
            [h, mask],
            "×",
            at=(unit, 0),
            formula=rf"{out.symbol} = {h.symbol} \odot {mask.symbol}",
        )
        plots.append(Plot("dropout", (mark,), title="Drop units on the way up"))
    if cell.kind == "gru":
        plots.append(gates_over(cell, reading, unit))
    return [*plots, over(cell, reading, "h", unit)]


def _lstm(cell: Cell, unit: int) -> list[Plot]:
    c, o, h, inner = cell.gate("C"), cell.gate("o"), cell.gate("h"), squashed(cell)
    first = pointwise(inner, c, of(TANH), formula=inner.symbol, at=(unit, 0))
    formula = rf"{h.symbol} = {o.symbol} \odot {inner.symbol}"
    mark = combined(h, [o, inner], "×", at=(unit, 0), formula=formula)
    return [
        Plot("tanh", (first,), title="Squash the cell state"),
        Plot("h", (mark,), title="Give out as much as o says"),
    ]


def _gru(cell: Cell, unit: int) -> list[Plot]:
    z, n, h, before = (*(cell.gate(name) for name in ("z", "n", "h")), cell.state_before())
    some = kept(cell)
    formula = rf"{h.symbol} = {some.symbol} \odot {n.symbol} + {z.symbol} \odot {before.symbol}"
    mark = sum_of_products(h, [[some, n], [z, before]], formula=formula, at=(unit, 0))
    return [Plot("h", (mark,), title="Mix the candidate with the state before")]


def _plain(cell: Cell, unit: int) -> list[Plot]:
    h, z, function = cell.gate("h"), z_of(cell, "h"), activation(cell)
    formula = rf"{h.symbol} = {function}({z.symbol})"
    return [
        Plot(
            "h",
            (pointwise(h, z, of(function), formula=formula, at=(unit, 0)),),
            title="Apply the activation",
        )
    ]


STATES = {"lstm": _lstm, "gru": _gru, "rnn": _plain}
"""How each cell makes h_t."""


def table(cell: Cell, unit: int) -> dict[str, dict[str, float | None]]:
    """Of each gate of a unit: W_x x_t, W_h h_{t−1}, b, their sum z, and the value; of a GRU's n the
    second is gated by r."""
    found: dict[str, dict[str, Any]] = {}
    for name in GATES[cell.kind]:
        x, h = (float(cell.part(one, name)[unit, 0]) for one in (cell.from_x, cell.from_h))
        b = cell.bias(name).at(unit, 0)
        if cell.kind == "gru" and name == "n":
            h *= cell.gate("r").at(unit, 0)
        value = cell.gate(name).at(unit, 0)
        row = {"x": x, "h": h, "b": b, "z": x + h + b, "value": value}
        found[name] = {key: finite(one) for key, one in row.items()}
    return found
