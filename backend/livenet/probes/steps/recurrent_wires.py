"""What flows along the wires of one recurrent cell, at one unit: the numbers of its picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from livenet.probes.finite import finite
from livenet.probes.steps.recurrent_back import Back
from livenet.probes.steps.recurrent_cell import kept, squashed, table
from livenet.probes.steps.recurrent_names import Cell
from livenet.spec.model.rnn import GATES

Wires = dict[str, float | None]

_DERIVATIVES = {"back_C": "C", "before": "h_before"}
"""Of the backward stages, by whose values of all units; of all others h."""
_VALUES = {"input": "h_before", "candidate": "C̃", "cell": "C"}
"""The values of all units at a forward stage that is not called by them."""


def values(cell: Cell, unit: int) -> Wires:
    """Of a unit, by name; null where a value is not finite.

    Of every cell ``h_before`` (h_{t−1}) and ``h``. Of an LSTM ``C_before``, the gates, ``kept``
    (f C_{t−1}), ``added`` (i C̃), ``C`` and ``tanh_C``. Of a GRU the gates, ``from_h`` (W_h h_{t−1}
    of n), ``reset`` (r times it), ``open`` (1 − z), ``added`` ((1 − z) n) and ``kept``
    (z h_{t−1}). Of a plain cell ``from_x``, ``from_h``, ``b`` and ``z``.
    """
    found = {
        "h_before": cell.state_before().at(unit, 0),
        "h": cell.gate("h").at(unit, 0),
        **_INNER[cell.kind](cell, unit),
    }
    return {name: finite(value) for name, value in found.items()}


def _lstm(cell: Cell, unit: int) -> dict[str, float]:
    f, i, new, o, c = (cell.gate(name).at(unit, 0) for name in ("f", "i", "C̃", "o", "C"))
    before = cell.cell_before().at(unit, 0)
    inner = squashed(cell).at(unit, 0)
    gates = {"f": f, "i": i, "C̃": new, "o": o}
    return {
        **gates,
        "C_before": before,
        "kept": f * before,
        "added": i * new,
        "C": c,
        "tanh_C": inner,
    }


def _gru(cell: Cell, unit: int) -> dict[str, float]:
    r, z, n = (cell.gate(name).at(unit, 0) for name in GATES["gru"])
    from_h = float(cell.part(cell.from_h, "n")[unit, 0])
    some = kept(cell).at(unit, 0)
    before = cell.state_before().at(unit, 0)
    flow = {"from_h": from_h, "reset": r * from_h}
    return {"r": r, "z": z, "n": n, **flow, "open": some, "added": some * n, "kept": z * before}


def _plain(cell: Cell, unit: int) -> dict[str, float]:
    x, h = (float(cell.part(one, "h")[unit, 0]) for one in (cell.from_x, cell.from_h))
    b = cell.bias("h").at(unit, 0)
    return {"from_x": x, "from_h": h, "b": b, "z": float(cell.part(cell.z, "h")[unit, 0])}


_INNER: dict[str, Callable[[Cell, int], dict[str, float]]] = {
    "lstm": _lstm,
    "gru": _gru,
    "rnn": _plain,
}


def derivatives(back: Back, unit: int) -> Wires:
    """Of ℓ by a unit's values, over all paths: by ``h``, of an LSTM ``C``, the z of each gate
    (``z_f``), and after the first place ``h_before`` and ``C_before``."""
    cell = back.cell
    found = {f"z_{name}": float(cell.part(back.delta, name)[unit, 0]) for name in GATES[cell.kind]}
    carried: list[tuple[str, Tensor | None]] = [("h", back.state), ("C", back.cell_state)]
    for name, by in carried:
        if by is None:
            continue
        found[name] = float(by[cell.place, unit])
        if cell.place > 0:
            found[f"{name}_before"] = float(by[cell.place - 1, unit])
    return {name: finite(value) for name, value in found.items()}


def across(cell: Cell, stage: str, back: Back | None) -> dict[str, Any]:
    """What a stage is about, of all units: its name ``of``, whether these are derivatives by it,
    and ``values``, (D,)."""
    if back is None:
        of = _VALUES.get(stage, stage if stage in (*GATES[cell.kind], "z") else "h")
        found = _of(cell, of)
    else:
        of = _DERIVATIVES.get(stage, "h")
        by = back.cell_state if of == "C" else back.state
        assert by is not None
        found = by[cell.place - 1 if of == "h_before" else cell.place].tolist()
    return {"of": of, "derivative": back is not None, "values": [finite(one) for one in found]}


def _of(cell: Cell, name: str) -> list[float]:
    if name == "h_before":
        named = cell.state_before().values
    elif cell.kind == "rnn" and name == "z":
        named = cell.part(cell.z, "h")
    else:
        named = cell.gate(name).values
    found: list[float] = named[:, 0].tolist()
    return found


def facts(cell: Cell, unit: int, stage: str, back: Back | None) -> dict[str, Any]:
    """The facts of a stage with ``back`` if it is a backward one: see ``RecurrentWalk``."""
    return {
        "gates": table(cell, unit),
        "wires": values(cell, unit),
        "by_wire": {} if back is None else derivatives(back, unit),
        "across": across(cell, stage, back),
    }
