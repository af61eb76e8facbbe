"""Convolutional networks, as a spec names them: a list of blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from livenet.spec.base import Kind, Listed, knob, members
from livenet.spec.choice import ActivationChoice, Choice, InitializerChoice
from livenet.spec.data.base import DataKind, Family
from livenet.spec.model.base import Defaults, Extent, ModelKind, rectifying

if TYPE_CHECKING:
    from livenet.spec.layer import LayerShape
    from livenet.spec.run import RunSpec

PaddingMode = Literal["zeros", "circular"]


class BlockKind(Kind):
    """A block of a convolutional network."""


class Conv(BlockKind):
    kind: Literal["conv"] = "conv"
    label: ClassVar[str] = "Convolution"
    explain: ClassVar[str] = "The same small kernel at every place of the image, then σ."
    formula: ClassVar[str] = r"z_{c,ij}=b_c+\sum_{c'uv}W_{c,c'uv}\,h_{c',si+du,sj+dv}"
    channels: int = knob(16, ge=1, le=1_000_000, shown=(1, 64), label="Channels",
        symbol="C", explain="Kernels, each with a feature map of its own.")  # fmt: skip
    kernel: int = knob(3, ge=1, le=15, label="Kernel", symbol="k", unit="pixels",
        explain="Side of the kernel.")  # fmt: skip
    stride: int = knob(1, ge=1, le=8, label="Stride", symbol="s", unit="pixels",
        explain="How far the kernel moves at a time.")  # fmt: skip
    padding: int | None = knob(None, ge=0, le=32, label="Padding", symbol="p", unit="pixels",
        explain="Pixels added around; none is as many as keep the size at stride 1.")  # fmt: skip
    dilation: int = knob(1, ge=1, le=8, label="Dilation", symbol="d", unit="pixels",
        explain="Distance between the pixels that the kernel looks at.")  # fmt: skip
    padding_mode: PaddingMode = knob("zeros", label="Padding with",
        explain="Zeros, or the other side of the image (circular).")  # fmt: skip

    @property
    def pad(self) -> int:
        """p: the given padding, or the one that keeps the size with an odd kernel at stride 1."""
        if self.padding is not None:
            return self.padding
        return self.dilation * (self.kernel - 1) // 2


class Pool(BlockKind):
    """The base class of pooling layers."""

    kernel: int = knob(2, ge=1, le=16, label="Window", symbol="k", unit="pixels",
        explain="Side of the window.")  # fmt: skip
    stride: int | None = knob(None, ge=1, le=16, label="Stride", symbol="s", unit="pixels",
        explain="How far the window moves at a time; none is the window's side.")  # fmt: skip

    @property
    def step(self) -> int:
        return self.stride or self.kernel


class MaxPool(Pool):
    kind: Literal["max_pool"] = "max_pool"
    label: ClassVar[str] = "Max pooling"
    explain: ClassVar[str] = "The largest value of every window."
    formula: ClassVar[str] = r"h_{c,ij}=\max_{uv}h_{c,si+u,sj+v}"


class AvgPool(Pool):
    kind: Literal["avg_pool"] = "avg_pool"
    label: ClassVar[str] = "Average pooling"
    explain: ClassVar[str] = "The mean of every window."
    formula: ClassVar[str] = r"h_{c,ij}=\tfrac1{k^2}\sum_{uv}h_{c,si+u,sj+v}"


class Upsample(BlockKind):
    kind: Literal["upsample"] = "upsample"
    label: ClassVar[str] = "Upsampling"
    explain: ClassVar[str] = "Every pixel becomes a square of equal pixels."
    formula: ClassVar[str] = r"h_{c,ij}=h_{c,\lfloor i/f\rfloor\lfloor j/f\rfloor}"
    factor: int = knob(2, ge=2, le=8, label="Factor", symbol="f", explain="Side of the square.")


class BatchNorm(BlockKind):
    kind: Literal["batch_norm"] = "batch_norm"
    label: ClassVar[str] = "Batch norm"
    explain: ClassVar[str] = (
        "Each channel to mean 0 and variance 1 over the minibatch; running means in testing. "
        "Right behind a convolution or dense layer it comes before their σ."
    )
    formula: ClassVar[str] = r"\gamma\frac{h-\mu_B}{\sqrt{\sigma_B^2+\epsilon}}+\beta"


class LayerNorm(BlockKind):
    kind: Literal["layer_norm"] = "layer_norm"
    label: ClassVar[str] = "Layer norm"
    explain: ClassVar[str] = (
        "Each example's values to mean 0 and variance 1. Right behind a convolution or dense layer "
        "it comes before their σ."
    )
    formula: ClassVar[str] = r"\gamma\frac{h-\mu}{\sqrt{\sigma^2+\epsilon}}+\beta"


class Residual(BlockKind):
    kind: Literal["residual"] = "residual"
    label: ClassVar[str] = "Residual block"
    explain: ClassVar[str] = "The input plus the output of convolutions, with σ before each."
    formula: ClassVar[str] = r"h+f(h)"
    channels: int = knob(16, ge=1, le=1_000_000, shown=(1, 64), label="Channels", symbol="C",
        explain="Channels out; a different number than the input adds a 1 × 1 projection.",
    )  # fmt: skip
    kernel: int = knob(3, ge=1, le=15, label="Kernel", symbol="k", unit="pixels",
        explain="Side of the kernels; odd, to keep the size.")  # fmt: skip
    depth: int = knob(2, ge=1, le=8, label="Convolutions", explain="Convolutions within f.")
    norm: Literal["none", "batch"] = knob("none", label="Norm",
        explain="Batch norm before each σ, or none.")  # fmt: skip
    skip: bool = knob(True, label="Identity connection",
        explain="Off: f(h) alone, for comparison.")  # fmt: skip


class Flatten(BlockKind):
    kind: Literal["flatten"] = "flatten"
    label: ClassVar[str] = "Flatten"
    explain: ClassVar[str] = "All values in one long vector."
    formula: ClassVar[str] = r"h\in\mathbb R^{C\cdot H\cdot W}"


class GlobalPool(BlockKind):
    kind: Literal["global_pool"] = "global_pool"
    label: ClassVar[str] = "Global pooling"
    explain: ClassVar[str] = "The mean of each feature map: one number a channel."
    formula: ClassVar[str] = r"h_c=\tfrac1{HW}\sum_{ij}h_{c,ij}"


class DenseBlock(BlockKind):
    kind: Literal["dense"] = "dense"
    label: ClassVar[str] = "Dense layer"
    explain: ClassVar[str] = "A fully connected layer, then σ."
    formula: ClassVar[str] = r"h=\sigma(Wh+b)"
    units: int = knob(64, ge=1, le=1_000_000, shown=(1, 256), label="Units", symbol="D",
        explain="Units of the layer.")  # fmt: skip


Block = Annotated[
    Conv | MaxPool | AvgPool | Upsample | BatchNorm | LayerNorm | Residual | Flatten | GlobalPool
    | DenseBlock,
    Field(discriminator="kind"),
]  # fmt: skip
BLOCKS: tuple[type[BlockKind], ...] = members(Block)
USUAL: tuple[Block, ...] = (Conv(channels=16), MaxPool(), Conv(channels=32), MaxPool())


class Cnn(ModelKind):
    """Blocks in a row, then a linear layer to the classes (flattened before it)."""

    kind: Literal["cnn"] = "cnn"
    label: ClassVar[str] = "Convolutional network"
    explain: ClassVar[str] = "Kernels that slide over an image, pooling, then dense layers."
    formula: ClassVar[str] = r"h^{(l)}=\sigma(W^{(l)}*h^{(l-1)}+b^{(l)})"
    families: ClassVar[tuple[Family, ...]] = ("images",)
    data: ClassVar[str] = "digits"

    blocks: Listed[Block] = knob(
        USUAL, label="Blocks", explain="What an image goes through, in order.",
    )  # fmt: skip
    activation: ActivationChoice = knob(
        Choice("relu", {}), label="Activation", symbol=r"\sigma",
        explain="The function after each convolution and dense layer.",
    )  # fmt: skip
    initializer: InitializerChoice = knob(
        Choice("he_normal", {"gain": 1.0}), label="Initialization",
        explain="How the weights are drawn at the start; biases start at 0.",
    )  # fmt: skip
    bias: bool = knob(True, label="Biases", explain="Let channels and units add a constant b.")

    @classmethod
    def defaults(cls, data: DataKind, given: Mapping[str, Any]) -> Defaults:
        written = "activation" in given and not rectifying(given)
        return {"initializer": "xavier_normal"} if written else {}

    def optimizer(self, data: DataKind) -> Defaults:
        return {"lr": 0.003}

    @property
    def summary(self) -> str:
        sizes = [
            str(block.units if isinstance(block, DenseBlock) else block.channels)
            for block in self.blocks
            if isinstance(block, Conv | Residual | DenseBlock)
        ]
        return f"CNN {'·'.join(sizes)}".strip()

    def extents(self) -> Iterable[Extent]:
        yield "model.blocks", len(self.blocks), "layers", "blocks"
        for place, block in enumerate(self.blocks):
            if isinstance(block, Conv | Residual):
                yield f"model.blocks.{place}.channels", block.channels, "width", "channels"
            if isinstance(block, DenseBlock):
                yield f"model.blocks.{place}.units", block.units, "width", "units in a layer"

    def check(self, spec: RunSpec) -> None:
        from livenet.spec.model.cnn_layers import check_norms

        check_norms(spec)

    def layers(self, spec: RunSpec) -> tuple[LayerShape, ...]:
        from livenet.spec.model.cnn_layers import cnn_layers

        return cnn_layers(spec)
