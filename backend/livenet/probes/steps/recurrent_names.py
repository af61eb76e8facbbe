"""How the values of a recurrent network are written, and what they are at one place."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from livenet.models.recurrent import Recurrent, shifted
from livenet.models.rnn import Rnn
from livenet.pictures import Array
from livenet.probes.sequences.gates import BETWEEN_0_AND_1
from livenet.probes.sequences.sequence import shown
from livenet.probes.steps.equations import Named, Numbers, array
from livenet.probes.steps.recurrent_pass import Forward, rows_of
from livenet.spec.model.rnn import GATES

LATEX = {"C̃": r"\tilde C"}
FUNCTIONS = {"C̃": r"\tanh", "n": r"\tanh"}
"""Of the gates; of all others the sigmoid."""


def latex(name: str) -> str:
    return LATEX.get(name, name)


class Cell:
    """One layer at one place of one example."""

    def __init__(self, model: Rnn, number: int, kept: Forward, at: int, place: int) -> None:
        self.model = model
        self.number = number
        """Of the layer, from 1."""
        self.kept = kept
        self.at = at
        self.place = place
        self.layer: Recurrent = model.cells[number - 1]
        x, h = kept.inputs[number - 1][at][None], kept.states[number - 1][at][None]
        self.h = h[0]  # (T, D)
        self.x = x[0]  # (T, D_in)
        self.before = shifted(h)[0]  # h_{t-1}, (T, D)
        self.gates = {name: values[0] for name, values in self.layer.gates(x, h).items()}
        with_bias, self.from_h = (one[0] for one in self.layer.contributions(x, h))  # (T, g·D)
        self.from_x = functional.linear(self.x, self.layer.input.weight)  # without b
        self.z = with_bias + self.from_h
        self.mask = kept.masks[number - 1]

    @property
    def kind(self) -> str:
        return self.layer.cell

    @property
    def last(self) -> bool:
        """Whether the output layer reads its states."""
        return self.number == len(self.model.cells)

    def upper(self, number: int | None = None) -> str:
        """The superscript of a layer, where there are several."""
        return f"^{{({number or self.number})}}" if len(self.model.cells) > 1 else ""

    def symbol(self, base: str, below: str = "t") -> str:
        return f"{base}_{{{below}}}" + self.upper()

    def named(self, base: str, values: Tensor, *, below: str = "t", colors: bool = False) -> Named:
        """A vector at the place, of values (T, D)."""
        return Named(
            self.symbol(base, below),
            array(values[self.place]),
            colors="sequential" if colors else "diverging",
            peak=1.0 if colors else None,
        )

    def gate(self, name: str) -> Named:
        """A gate, candidate, C or h at this place."""
        values = self.gates[name]
        return self.named(latex(name), values, colors=name in BETWEEN_0_AND_1)

    def state_before(self) -> Named:
        return self.named("h", self.before, below="t-1")

    def cell_before(self) -> Named:
        """C_{t-1} of an LSTM."""
        return self.named("C", shifted(self.gates["C"][None])[0], below="t-1")

    def input(self) -> Named:
        """What the layer reads here."""
        values = array(self.x[self.place])
        if self.number == 1:
            names = self.model.data.symbols_in
            return Named("x_{t}", values, row_labels=shown(names))
        dropped = self.kept.masks[self.number - 2] is not None
        base = r"\hat h" if dropped else "h"
        return Named(f"{base}_{{t}}{self.upper(self.number - 1)}", values)

    def output(self) -> Named:
        """What the layer gives to the one above: h, with dropout if there is any."""
        if self.mask is None:
            return self.gate("h")
        return self.named(r"\hat h", self.h * self.mask[self.at])

    def weight(self, side: str, name: str) -> Named:
        """A gate's block of W_x or W_h; ``side`` is "x" or "h"."""
        whole = self.layer.input.weight if side == "x" else self.layer.state.weight
        below = side if self.kind == "rnn" else side + latex(name)
        values = array(whole[rows_of(self.layer, self.block(name))])
        return Named(f"W_{{{below}}}{self.upper()}", values, matrix=True)

    def bias(self, name: str) -> Named:
        values = array(self.layer.bias[rows_of(self.layer, self.block(name))])
        base = "b" if self.kind == "rnn" else f"b_{{{latex(name)}}}"
        return Named(base + self.upper(), values)

    def block(self, name: str) -> int:
        return GATES[self.kind].index(name)

    def part(self, values: Tensor, name: str) -> Numbers:
        """A gate's block of values (T, g·D) at the place, (D, 1)."""
        return array(values[self.place][rows_of(self.layer, self.block(name))])

    def line(self, name: str, unit: int) -> Array:
        """A unit's gate, candidate, C or h over all places, (T,)."""
        found: Array = self.gates[name][:, unit].detach().cpu().numpy()
        return found
