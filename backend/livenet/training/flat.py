"""All parameters of a module in one flat tensor φ, and all gradients in another.

Each parameter becomes a view of φ, so that optimizers, penalties and norms are a few operations on
one tensor for any number of layers. Each starts at a multiple of 64 bytes, so that kernels get the
same alignment for every parameter; the padding between them stays zero.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

ALIGN = 16  # float32 numbers in 64 bytes


class Flat:
    """φ and its gradient as flat tensors (P,), shared with the module's parameters."""

    def __init__(self, module: nn.Module, device: torch.device) -> None:
        self.places: dict[str, tuple[int, torch.Size]] = {}
        size = 0
        for name, parameter in module.named_parameters():
            self.places[name] = (size, parameter.shape)
            size += -(-parameter.numel() // ALIGN) * ALIGN
        self.phi = torch.zeros(size, device=device)
        self.gradient = torch.zeros(size, device=device)
        for name, parameter in module.named_parameters():
            view = self.view(self.phi, name)
            view.copy_(parameter.data)
            parameter.data = view
            parameter.grad = self.view(self.gradient, name)

    def view(self, flat: Tensor, name: str) -> Tensor:
        """The part of a flat tensor (P,) that belongs to a parameter, in its shape."""
        start, shape = self.places[name]
        return flat[start : start + shape.numel()].view(shape)

    def named(self) -> dict[str, Tensor]:
        """Every parameter by name, as a view."""
        return {name: self.view(self.phi, name) for name in self.places}
