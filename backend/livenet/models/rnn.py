"""Recurrent networks: stacked layers of cells, and a prediction at every time step.

p(y | x) = Π_t p(y_t | x_{≤t}): θ_t is a linear function of the state h_t, which depends on
x_1 … x_t.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.arrange import arrange
from livenet.models.initial import draw
from livenet.models.network import Network
from livenet.models.recurrent import XAVIER, Recurrent, State
from livenet.models.step_random import StepRandom
from livenet.spec import RunSpec
from livenet.spec import model as models
from livenet.spec.data import Sequences


class Output(nn.Module):
    """The linear output layer: θ = W h + b."""

    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(d_out, d_in))
        self.bias = nn.Parameter(torch.zeros(d_out))

    def forward(self, h: Tensor) -> Tensor:
        """(B, T, D) -> (B, T, K)."""
        return functional.linear(h, self.weight, self.bias)


class Rnn(Network):
    """Parameters are ``layers.{l}.input.weight`` (W_x), ``layers.{l}.state.weight`` (W_h) and
    ``layers.{l}.bias``, in the blocks of ``livenet.models.recurrent``; ``output.weight`` and
    ``output.bias``.
    """

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        model, data = spec.model, spec.data
        assert isinstance(model, models.Rnn)
        assert isinstance(data, Sequences)
        self.data = data
        self.cell = model.cell
        self.forget_bias = model.forget_bias
        self.initializer = model.initializer
        self.symbols = len(data.symbols_in)  # 0 for real inputs
        widths = [data.channels] + [model.hidden] * model.depth
        self.layers = nn.ModuleList(
            Recurrent(model.cell, d_in, model.hidden, model.activation) for d_in in widths[:-1]
        )
        self.cells: tuple[Recurrent, ...] = tuple(self.layers)  # type: ignore[arg-type]  # all Recurrent
        self.output = Output(model.hidden, spec.outputs)

    @torch.no_grad()
    def initialize(self, generator: torch.Generator) -> None:
        for layer in self.cells:
            layer.initialize(self.initializer, self.forget_bias, generator)
        draw(self.output.weight, XAVIER, None, generator)

    def arrange(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return arrange(self.data, x, y, causal=True)

    def read(self, inputs: Tensor) -> Tensor:
        """The input of the first layer (B, T, D_in): symbols (B, T) become one-hot vectors."""
        if not self.symbols:
            return inputs
        one_hot = torch.eye(self.symbols, dtype=self.output.weight.dtype, device=inputs.device)
        return functional.embedding(inputs, one_hot)

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        """θ (B, T, K) at every time step. Dropout applies to the output of a layer to the next, not
        to the recurrent connections (Zaremba et al. 2014)."""
        h = self.read(inputs)
        for layer in self.cells:
            h = layer(h)
            h = draws.dropout(h) if draws else h
        theta: Tensor = self.output(h)
        return theta

    def states(self, inputs: Tensor) -> list[Tensor]:
        """Every layer's input, and the last one's states: x (B, T, D_in), h(1), … (B, T, D)."""
        found = [self.read(inputs)]
        for layer in self.cells:
            found.append(layer(found[-1]))
        return found

    def go_on(self, inputs: Tensor, states: list[State] | None) -> tuple[Tensor, list[State]]:
        """θ (B, T, K) of further time steps, and every layer's state after them."""
        h = self.read(inputs)
        after: list[State] = []
        for number, layer in enumerate(self.cells):
            h, state = layer.run(h, states[number] if states else None)
            after.append(state)
        theta: Tensor = self.output(h)
        return theta, after
