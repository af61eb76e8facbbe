"""The convolutional network: a sequence of blocks, then a linear layer to the classes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from livenet.models.blocks import (
    AvgPool,
    Block,
    Conv,
    Dense,
    Flatten,
    GlobalPool,
    MaxPool,
    Norm,
    Upsample,
)
from livenet.models.network import Network
from livenet.models.norms import BatchNorm, LayerNorm
from livenet.models.residual_block import Residual
from livenet.models.step_random import StepRandom
from livenet.spec import RunSpec
from livenet.spec.choice import Choice
from livenet.spec.data import Images
from livenet.spec.layer import Shape
from livenet.spec.model import cnn as kinds
from livenet.spec.model.cnn_layers import activation_of


@dataclass(frozen=True)
class BlockTrace:
    """Values of a block for a batch: its input, z and h, each (B, C, H, W) or (B, D)."""

    input: Tensor
    z: Tensor
    h: Tensor


class Cnn(Network):
    """Block i is ``layers.{i}``; the last layer is linear and gives the logits θ (B, K)."""

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        assert isinstance(spec.model, kinds.Cnn)
        assert isinstance(spec.data, Images)
        self.chosen = spec.model.initializer
        shapes: list[Shape] = [(1, spec.data.side, spec.data.side)]
        shapes += [layer.output for layer in spec.layers]
        blocks = [
            self._block(spec.model, place, shapes[place]) for place in range(len(spec.model.blocks))
        ]
        sizes = [torch.Size(shape).numel() for shape in shapes]
        blocks.append(Dense(sizes[-2], sizes[-1], spec.model.bias, None))
        self.layers = nn.ModuleList(blocks)
        # Cached: nn.ModuleList builds a new iterator chain at every loop over it.
        self.blocks: tuple[Block, ...] = tuple(blocks)

    def _block(self, model: kinds.Cnn, place: int, shape: Shape) -> Block:
        block, sigma, name = model.blocks[place], activation_of(model, place), f"layers.{place}"
        match block:
            case kinds.Conv():
                return Conv(block, shape[0], model.bias, sigma)
            case kinds.MaxPool():
                return MaxPool(block)
            case kinds.AvgPool():
                return AvgPool(block)
            case kinds.Upsample():
                return Upsample(block)
            case kinds.BatchNorm():
                return Norm(BatchNorm(f"{name}.norm", shape[0], self.pending), sigma)
            case kinds.LayerNorm():
                return Norm(LayerNorm(shape[0]), sigma)
            case kinds.Residual():
                return Residual(name, block, shape[0], model.bias, model.activation, self.pending)
            case kinds.Flatten():
                return Flatten()
            case kinds.GlobalPool():
                return GlobalPool()
            case kinds.DenseBlock():
                return Dense(torch.Size(shape).numel(), block.units, model.bias, sigma)

    @torch.no_grad()
    def initialize(self, generator: torch.Generator) -> None:
        """Draws every kernel and matrix, in the order of the blocks; biases stay 0."""
        fed_by: Choice | None = None
        for block in self.blocks:
            block.initialize(self.chosen, fed_by, generator)
            fed_by = block.feeds(fed_by)

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        """θ (B, K) of images (B, 1, H, W)."""
        h = _by_pixel(inputs)
        for block in self.blocks:
            h = block(h, draws)
        return h

    def trace(self, inputs: Tensor) -> list[BlockTrace]:
        """Every block's input, z and h for images (B, 1, H, W), as in testing."""
        found: list[BlockTrace] = []
        h = _by_pixel(inputs)
        for block in self.blocks:
            z = block.z(h)
            found.append(BlockTrace(h, z, block.sigma(z)))
            h = found[-1].h
        return found

    @property
    def kept(self) -> frozenset[str]:
        """The running means and variances of batch norm."""
        norms = (module for module in self.modules() if isinstance(module, BatchNorm))
        return frozenset(name for norm in norms for name in norm.kept)


def _by_pixel(images: Tensor) -> Tensor:
    """The same (B, C, H, W) in channels-last memory format.

    Every block keeps the format of its input, and convolutions and pooling are faster in this
    one. Images of one channel are in both formats at once, so `contiguous` would leave their
    strides, and with them the format of every block, unchanged; `to` sets the strides.
    """
    return images.to(memory_format=torch.channels_last)
