"""The multilayer perceptron: h(0) = features of x, z(l) = W(l) h(l-1) + b(l), h(l) = σ(z(l))."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.initial import draw
from livenet.models.network import Network
from livenet.models.step_random import StepRandom
from livenet.spec import RunSpec
from livenet.spec import model as models
from livenet.spec.choice import Choice, activation
from livenet.spec.data import Points
from livenet.spec.features import FEATURES


class Dense(nn.Module):
    """A layer with W (D_out, D_in), b (D_out,), an activation, and possibly a residual connection.

    Parameters start at zero; ``Mlp.initialize`` draws them.
    """

    def __init__(self, d_in: int, d_out: int, chosen: Choice | None, bias: bool, residual: bool):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(d_out, d_in))
        self.bias = nn.Parameter(torch.zeros(d_out)) if bias else None
        self.chosen = chosen
        self.residual = residual
        self.row = activation(chosen) if chosen else None
        self.knobs = chosen.knobs if chosen else {}

    def sigma(self, z: Tensor) -> Tensor:
        """σ(z), elementwise except for softmax; z itself in the output layer."""
        return z if self.row is None else self.row.value(z, self.knobs)

    def z(self, h: Tensor) -> Tensor:
        """z = W h + b, (B, D_in) -> (B, D_out)."""
        return functional.linear(h, self.weight, self.bias)

    def forward(self, h: Tensor) -> Tensor:
        """h(l) of h(l-1): σ(z), or h(l-1) + σ(z) if the layer is residual."""
        return self.output(self.z(h), h)

    def output(self, z: Tensor, h: Tensor) -> Tensor:
        """The output of the layer for its z and its input h."""
        value = self.sigma(z)
        return h + value if self.residual else value


@dataclass(frozen=True)
class LayerTrace:
    """Values of a layer for a batch: z (B, D) and h (B, D)."""

    z: Tensor
    h: Tensor


class Mlp(Network):
    """A multilayer perceptron; its last layer is linear and gives the likelihood's θ.

    Parameters are named ``layers.{l-1}.weight`` for W(l) and ``layers.{l-1}.bias`` for b(l).
    """

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        model, data = spec.model, spec.data
        assert isinstance(model, models.Mlp)
        assert isinstance(data, Points)
        widths = spec.widths
        chosen: tuple[Choice | None, ...] = (*model.activations, None)
        self.names = model.features
        self.inputs = data.inputs
        self.layers = nn.ModuleList(
            Dense(
                d_in,
                d_out,
                sigma,
                model.bias,
                residual=model.residual and sigma is not None and d_in == d_out,
            )
            for d_in, d_out, sigma in zip(widths, widths[1:], chosen, strict=False)
        )
        # Cached: nn.ModuleList builds a new iterator chain at every loop over it.
        self.dense: tuple[Dense, ...] = tuple(self.layers)  # type: ignore[arg-type]  # all Dense
        self._initializer = model.initializer

    def initialize(self, generator: torch.Generator) -> None:
        """Draws every W from the generator, in the order of the layers; biases stay 0."""
        fed_by: Choice | None = None
        for layer in self.dense:
            draw(layer.weight, self._initializer, fed_by, generator)
            fed_by = layer.chosen

    def features(self, x: Tensor) -> Tensor:
        """h(0): the chosen features of points x, (N, D_in) -> (N, D(0))."""
        columns = x.unbind(1)
        return torch.stack([FEATURES[name].value(columns) for name in self.names], dim=1)

    def arrange(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return self.features(x), y

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        """θ of h(0), (B, D(0)) -> (B, K); training uses ``backprop.forward``."""
        h = inputs
        for layer in self.dense[:-1]:
            h = layer.output(layer.z(h), h)
            h = draws.dropout(h) if draws else h
        return self.dense[-1].z(h)

    def trace(self, h: Tensor) -> list[LayerTrace]:
        """Every layer's z and h for h(0), (B, D(0)); without dropout."""
        found: list[LayerTrace] = []
        for layer in self.dense:
            z = layer.z(h)
            h = layer.output(z, h)
            found.append(LayerTrace(z, h))
        return found
