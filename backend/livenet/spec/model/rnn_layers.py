"""The layers of a recurrent network in numbers, from its spec alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livenet.spec.data.sequences import Sequences
from livenet.spec.layer import LayerShape, Shape
from livenet.spec.model.rnn import GATES, LABELS, Rnn

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec

STEP_CALLS = 4  # small operations of a time step, forward and back, however narrow the state is
FORMULAS = {
    "rnn": r"h_t=\sigma(W_x x_t+W_h h_{t-1}+b)",
    "lstm": r"C_t=f_t\odot C_{t-1}+i_t\odot\tilde C_t,\quad h_t=o_t\odot\tanh C_t",
    "gru": r"h_t=(1-z_t)\odot n_t+z_t\odot h_{t-1}",
}


def rnn_layers(spec: RunSpec) -> tuple[LayerShape, ...]:
    """Each layer of cells, then the linear layer that predicts at every time step."""
    model, data = spec.model, spec.data
    assert isinstance(model, Rnn)
    assert isinstance(data, Sequences)
    steps, width, gates = data.steps_read(causal=True), model.hidden, len(GATES[model.cell])
    found = []
    d_in = data.channels
    for number in range(model.depth):
        name = f"layers.{number}"
        tensors: dict[str, Shape] = {
            f"{name}.input.weight": (gates * width, d_in),
            f"{name}.state.weight": (gates * width, width),
            f"{name}.bias": (gates * width,),
        }
        found.append(
            LayerShape(
                name=name,
                label=f"{LABELS[model.cell]} {number + 1}",
                kind=model.cell,
                output=(steps, width),
                flops=2 * steps * gates * width * (d_in + width + 1),
                tensors=tensors,
                terms=_terms(gates, width, d_in),
                activation=model.activation if model.cell == "rnn" else "tanh",
                formula=FORMULAS[model.cell],
                calls=STEP_CALLS * steps,
            )
        )
        d_in = width
    outputs = spec.outputs
    found.append(
        LayerShape(
            name="output",
            label="Output",
            kind="dense",
            output=(steps, outputs),
            flops=2 * steps * outputs * (width + 1),
            tensors={"output.weight": (outputs, width), "output.bias": (outputs,)},
            terms=f"{width}\\cdot{outputs}+{outputs}",
            formula=r"\theta_t=W h_t+b",
        )
    )
    return tuple(found)


def _terms(gates: int, width: int, d_in: int) -> str:
    one = f"{d_in}\\cdot{width}+{width}\\cdot{width}+{width}"
    return one if gates == 1 else f"{gates}({one})"
