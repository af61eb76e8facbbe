"""The interface of every model to the loop, the evaluation and the probes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from livenet.models.step_random import StepRandom


class Network(nn.Module):
    """A model: from inputs to θ, the parameters of the predicted distribution.

    Parameters are zero or arbitrary until ``initialize``. State that training changes besides the
    parameters (running means) is a buffer: ``forward`` stores its new value in ``pending`` under
    the buffer's name, and ``commit`` copies it once the step has succeeded.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pending: dict[str, Tensor] = {}

    def initialize(self, generator: torch.Generator) -> None:
        """Draws every parameter from the generator, in a fixed order."""
        raise NotImplementedError

    def arrange(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """The tensors to take minibatches from, for the data set's x (N, …) and y (N, …)."""
        return x, y

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        """θ of arranged inputs (B, …); with ``draws`` as in training, without as in testing."""
        raise NotImplementedError

    def measures(self, inputs: Tensor) -> dict[str, float]:
        """Further numbers for a row of the series, computed on a few test inputs (B, …)."""
        return {}

    def commit(self) -> None:
        """Copies the values in ``pending`` to the buffers."""
        for name, value in self.pending.items():
            self.get_buffer(name).copy_(value)
        self.pending.clear()

    def state(self) -> dict[str, Tensor]:
        """The buffers that training changes, by name."""
        return {name: value for name, value in self.named_buffers() if name in self.kept}

    @property
    def kept(self) -> frozenset[str]:
        """Names of the buffers that training changes, and that a snapshot keeps."""
        return frozenset()
