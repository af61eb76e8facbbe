"""Recurrent networks, as a spec names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

from livenet.spec.base import knob
from livenet.spec.choice import Choice, InitializerChoice
from livenet.spec.data.base import DataKind, Family
from livenet.spec.model.base import Defaults, Extent, ModelKind

if TYPE_CHECKING:
    from livenet.spec.layer import LayerShape
    from livenet.spec.run import RunSpec

Cell = Literal["rnn", "lstm", "gru"]
LABELS: dict[str, str] = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
GATES: dict[str, tuple[str, ...]] = {
    "rnn": ("h",),
    "lstm": ("i", "f", "C̃", "o"),
    "gru": ("r", "z", "n"),
}
"""What each block of D rows of W_x, W_h and b gives, in their order."""


class Rnn(ModelKind):
    """Cells that read step by step and carry a state; a linear layer predicts from it."""

    kind: Literal["rnn"] = "rnn"
    label: ClassVar[str] = "Recurrent network"
    explain: ClassVar[str] = "Reads a sequence step by step and carries a state along."
    formula: ClassVar[str] = r"h_t=f_\theta(x_t,\,h_{t-1})"  # of each cell: rnn_layers.FORMULAS
    families: ClassVar[tuple[Family, ...]] = ("sequences",)
    data: ClassVar[str] = "delayed_recall"

    cell: Cell = knob("lstm", label="Cell", explain="Plain, LSTM (with a cell state) or GRU.")
    hidden: int = knob(64, ge=1, le=1_000_000, shown=(4, 128), label="Units", symbol="D",
        explain="Numbers in the state h of a layer.")  # fmt: skip
    depth: int = knob(1, ge=1, le=32, shown=(1, 4), label="Layers",
        explain="Layers above one another, each reading the states below.")  # fmt: skip
    activation: Literal["tanh", "relu"] = knob("tanh", label="Activation", symbol=r"\sigma",
        when={"cell": ("rnn",)},
        explain="The activation of the plain cell; gates have their own.")  # fmt: skip
    forget_bias: float = knob(1.0, ge=-10.0, le=10.0, step=0.5, label="Forget-gate bias",
        symbol="b_f", when={"cell": ("lstm",)},
        explain="Where the LSTM's forget gate starts: 4 forgets 2% a step.",
    )  # fmt: skip

    initializer: InitializerChoice = knob(
        Choice("lecun_uniform", {"gain": 0.58}), label="State weights at the start",
        explain="How W_h is drawn, each gate's by itself; the default lies in ±1/√D.",
    )  # fmt: skip

    def optimizer(self, data: DataKind) -> Defaults:
        return {"lr": 0.003}

    @property
    def summary(self) -> str:
        return f"{LABELS[self.cell]} {'·'.join([str(self.hidden)] * self.depth)}"

    def extents(self) -> Iterable[Extent]:
        yield "model.depth", self.depth, "layers", "layers"
        yield "model.hidden", self.hidden, "width", "units in a layer"

    def layers(self, spec: RunSpec) -> tuple[LayerShape, ...]:
        from livenet.spec.model.rnn_layers import rnn_layers

        return rnn_layers(spec)
